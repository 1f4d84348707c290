package io.drover.component;

import io.drover.guard.Guard;
import io.drover.route.RouteDresser;
import io.drover.route.check.RouteKind;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/** Builds the guard around the steps of every {@code from: tool:} route; has every route tell what it catches. */
@Component
class ToolDresser implements RouteDresser {

    private final Guard guard;
    private final CatchDresser catches;

    ToolDresser(Guard guard, CatchDresser catches) {
        this.guard = guard;
        this.catches = catches;
    }

    @Override
    public void dress(RouteDefinition route, RouteKind kind, String uri) {
        if (kind == RouteKind.TOOL && !Guard.isAround(route)) {
            guard(route, uri);
        }
        catches.dress(route, kind); // the guard looks for steps that are code, and these are none of an author
    }

    private void guard(RouteDefinition route, String uri) {
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
