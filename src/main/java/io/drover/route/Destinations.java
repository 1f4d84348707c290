package io.drover.route;

import io.drover.task.Workflow;
import io.drover.task.WorkflowRegistry;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a trigger's events go to: the workflows that it names, itself or in a {@code direct:} route that it calls. While
 * one is missing each of its events would be refused, and nothing is wrong with them.
 */
class Destinations {

    private static final String TASK = "task:";
    private static final String DIRECT = "direct:";
    private static final Set<String> INNER = Set.of("tool:", TASK, DIRECT, "seda:");

    private final CamelContext context;
    private final WorkflowRegistry workflows;

    Destinations(CamelContext context, WorkflowRegistry workflows) {
        this.context = context;
        this.workflows = workflows;
    }

    /**
     * What a trigger names and is not there, in words, or null; null for any other route, too.
     *
     * @param gone ids of routes that are about to be removed
     */
    @Nullable
    String missing(RouteDefinition route, Set<String> gone) {
        String from = route.getInput().getEndpointUri();
        return INNER.stream().anyMatch(from::startsWith) ? null : missing(route, gone, new HashSet<>());
    }

    private @Nullable String missing(RouteDefinition route, Set<String> gone, Set<String> seen) {
        for (ToDefinition to : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            String uri = context.resolvePropertyPlaceholders(to.getEndpointUri());
            String missing = null;
            if (uri.startsWith(TASK)) {
                missing = workflow(name(uri), gone);
            } else if (uri.startsWith(DIRECT) && seen.add(name(uri))) {
                missing = direct(name(uri), gone, seen);
            }
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    private @Nullable String workflow(String name, Set<String> gone) {
        Workflow workflow = workflows.get(name);
        return workflow == null || gone.contains(RouteIds.logical(workflow.routeId()))
                ? "workflow '%s'".formatted(name)
                : null;
    }

    private @Nullable String direct(String name, Set<String> gone, Set<String> seen) {
        for (Route route : context.getRoutes()) {
            if (route.getEndpoint().getEndpointUri().equals("direct://" + name)
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
        return "route from direct:" + name;
    }

    private static String name(String uri) {
        return uri.substring(uri.indexOf(':') + 1).replaceFirst("^//", "").replaceFirst("\\?.*", "");
    }
}
