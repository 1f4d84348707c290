package io.drover.component;

import io.drover.guard.Guard;
import io.drover.route.RouteDresser;
import io.drover.route.check.RouteKind;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.RouteDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Builds the guard around the steps of every {@code from: tool:} route. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // it looks for steps that are code, before others add theirs
class ToolDresser implements RouteDresser {

    private final Guard guard;

    ToolDresser(Guard guard) {
        this.guard = guard;
    }

    @Override
    public void dress(RouteDefinition route, RouteKind kind, String uri) {
        if (kind != RouteKind.TOOL || Guard.isAround(route)) {
            return;
        }
        CamelContext context = route.getCamelContext();
        ToolEndpoint endpoint = route.getInput().getEndpoint() instanceof ToolEndpoint builtIn
                ? builtIn
                : context.getEndpoint(uri, ToolEndpoint.class);
        try {
            guard.buildAround(route, endpoint.spec(), context);
        } catch (IllegalArgumentException e) {
            throw new RuntimeCamelException(e.getMessage(), e);
        }
    }
}
