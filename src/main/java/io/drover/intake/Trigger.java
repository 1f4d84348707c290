package io.drover.intake;

import org.apache.camel.Exchange;
import org.apache.camel.model.RouteDefinition;

/**
 * A kind of source that events come from, for example Kafka.
 * What acknowledges an event to its source, or holds events back, is put around the route by {@link #dress}.
 * A kind that reads ahead of its tasks pauses as a {@link io.drover.task.Backlog.Listener}.
 */
interface Trigger {

    /** Whether the events of this component are of this kind. */
    boolean isOf(String scheme);

    /** Puts around a route, which begins at this URI, what it needs before its first step. */
    default void dress(RouteDefinition route, String uri) {}

    /** The event of an exchange that has just begun. */
    TriggerEvent event(String scheme, Exchange exchange);
}
