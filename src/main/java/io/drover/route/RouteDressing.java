package io.drover.route;

import io.drover.guard.Guard;
import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteKind;
import java.util.List;
import java.util.Set;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.springframework.stereotype.Component;

/** Has every route that is added wait for its work, fail as its kind does, and dressed by the {@link RouteDresser}s. */
@Component
class RouteDressing extends ModelLifecycleStrategySupport {

    /**
     * Guard and worker own failures and retries, and so do intake and hook, also those of the direct: routes that they call.
     * Camel's handler would only log each of them at length.
     */
    private static final Set<String> OWN_FAILURES = Set.of("kafka", "direct", "platform-http", "rest");

    private final List<RouteDresser> dressers;

    RouteDressing(List<RouteDresser> dressers) {
        this.dressers = dressers;
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        String uri = route.getCamelContext()
                .resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        if (!Guard.isAround(route)) {
            AwaitedRoutes.prepare(route);
        }
        RouteKind kind = RouteKind.of(uri);
        boolean ownFailures =
                kind.isShared() || OWN_FAILURES.contains(EndpointUri.of(uri).scheme());
        if (ownFailures && !route.isErrorHandlerFactorySet()) {
            route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
        }
        dressers.forEach(dresser -> dresser.dress(route, kind, uri));
    }
}
