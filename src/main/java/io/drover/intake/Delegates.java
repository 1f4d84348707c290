package io.drover.intake;

import org.apache.camel.DelegateEndpoint;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/** Endpoints behind {@code master:}, whose consumers come and go with a lease and belong to no route. */
final class Delegates {

    private Delegates() {}

    /** The endpoint that a route reads from in the end. */
    static Endpoint innermost(Endpoint endpoint) {
        Endpoint inner = endpoint;
        while (inner instanceof DelegateEndpoint outer) {
            inner = outer.getEndpoint();
        }
        return inner;
    }

    /** The id of the route that reads from an endpoint through another, or null. */
    static @Nullable String routeOf(Endpoint endpoint) {
        return endpoint.getCamelContext().getRoutes().stream()
                .filter(route -> route.getEndpoint() != endpoint && innermost(route.getEndpoint()) == endpoint)
                .map(Route::getRouteId)
                .findFirst()
                .orElse(null);
    }
}
