package io.drover.manage;

import io.drover.security.Actors;
import io.drover.who.Actor;

/** Who calls an MBean. */
final class JmxCaller {

    /** A client within the machine, which needs no user and may do what JMX lets it. */
    private static final Actor LOCAL = Actor.service("jmx");

    private JmxCaller() {}

    /** The user of the request over HTTP, or {@code jmx} for a client within the machine. */
    static Actor get() {
        return Actors.current().orElse(LOCAL);
    }
}
