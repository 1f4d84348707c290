package io.drover.route;

import io.drover.guard.Steps;
import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteKind;
import io.drover.task.WorkflowRegistry;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a trigger's events go to: the workflows that it names, itself or in a {@code direct:} route that it calls. While
 * one is missing each of its events would be refused, and nothing is wrong with them.
 */
class Destinations {

    private final CamelContext context;
    private final WorkflowRegistry workflows;

    Destinations(CamelContext context, WorkflowRegistry workflows) {
        this.context = context;
        this.workflows = workflows;
    }

    /**
     * Why a trigger waits: it names what is not there. Null when all is there, and for any other route.
     *
     * @param gone ids of routes that are about to be removed
     */
    @Nullable
    String missing(RouteDefinition route, Set<String> gone) {
        String from = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        String missing = RouteKind.of(from) == RouteKind.TRIGGER ? missing(route, gone, new HashSet<>()) : null;
        return missing == null ? null : "the %s is not loaded; this trigger runs when it is".formatted(missing);
    }

    private @Nullable String missing(RouteDefinition route, Set<String> gone, Set<String> seen) {
        for (ProcessorDefinition<?> step : Steps.all(route.getOutputs())) {
            if (!(step instanceof ToDefinition to)) {
                continue;
            }
            EndpointUri uri = EndpointUri.of(context.resolvePropertyPlaceholders(to.getEndpointUri()));
            String missing = null;
            if (uri.is("task")) {
                missing = workflow(uri.path(), gone);
            } else if (uri.is("direct") && seen.add(uri.path())) {
                missing = direct(uri, gone, seen);
            }
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    private @Nullable String workflow(String name, Set<String> gone) {
        boolean stays = workflows.versions(name).stream()
                .anyMatch(version -> !gone.contains(RouteIds.logical(version.routeId())));
        return stays ? null : "workflow '%s'".formatted(name);
    }

    private @Nullable String direct(EndpointUri uri, Set<String> gone, Set<String> seen) {
        for (Route route : context.getRoutes()) {
            EndpointUri from = EndpointUri.of(route.getEndpoint().getEndpointUri());
            if (from.toString().equals(uri.toString())
                    && context.getRouteController()
                            .getRouteStatus(route.getRouteId())
                            .isStarted()
                    && !gone.contains(RouteIds.logical(route.getRouteId()))) {
                RouteDefinition definition = context.getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteDefinition(route.getRouteId());
                return definition == null ? null : missing(definition, gone, seen);
            }
        }
        return "route from " + uri;
    }
}
