package io.drover.route;

import io.drover.route.check.RouteKind;
import org.apache.camel.model.RouteDefinition;

/** Adds Drover's guarantees to the routes of one kind, whichever way a route is added. */
public interface RouteDresser {

    /**
     * Changes a route before it is built.
     *
     * @param kind what it is
     * @param uri  of its {@code from}, with its placeholders resolved
     */
    void dress(RouteDefinition route, RouteKind kind, String uri);
}
