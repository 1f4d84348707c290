package io.drover.manage;

import io.drover.security.Actors;
import io.drover.who.Actor;

/** The caller of an MBean. */
final class JmxCaller {

    /** A client on this machine. It has no user; JMX itself decides what it may do. */
    private static final Actor LOCAL = Actor.service("jmx");

    private JmxCaller() {}

    /** The user of the request over HTTP, or {@code jmx} for a client on this machine. */
    static Actor get() {
        return Actors.current().orElse(LOCAL);
    }
}
