package io.drover.camel;

import io.drover.guard.Guard;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.springframework.stereotype.Component;

/**
 * Puts the guard around the steps of every {@code from: tool:} route and the intake around every {@code from: kafka:}
 * route, whatever way the route is added.
 */
@Component
class GuardInstaller extends ModelLifecycleStrategySupport {

    private final Guard guard;
    private final IntakeFactory intakes;

    GuardInstaller(Guard guard, IntakeFactory intakes) {
        this.guard = guard;
        this.intakes = intakes;
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        CamelContext context = route.getCamelContext();
        String uri = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        boolean handled = uri.startsWith("tool:") || uri.startsWith("task:") || uri.startsWith("kafka:");
        if (handled && !route.isErrorHandlerFactorySet()) {
            // Guard, worker and intake own failures and retries; Camel's handler would only log each of them at length.
            route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
        }
        if (uri.startsWith("tool:") && !Guard.isAround(route)) {
            ToolEndpoint endpoint = context.getEndpoint(uri, ToolEndpoint.class);
            try {
                guard.buildAround(route, endpoint.spec(), context);
            } catch (IllegalArgumentException e) {
                throw new RuntimeCamelException(e.getMessage(), e);
            }
        } else if (uri.startsWith("kafka:")) {
            route.routePolicy(intakes.create(context));
        }
    }
}
