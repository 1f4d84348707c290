package io.drover.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.jspecify.annotations.Nullable;

/** Finds steps that may have an effect outside a tool: messages that they send, and code. No guard stands before these. */
public final class EffectsOutside {

    private EffectsOutside() {}

    /** Such a step of a workflow, or of a route that it reaches within the process, in words; null if there is none. */
    public static @Nullable String first(CamelContext context, String workflow) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        Deque<RouteDefinition> open = new ArrayDeque<>();
        RouteDefinition start = model.getRouteDefinition(workflow);
        if (start != null) {
            open.add(start);
        }
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            RouteDefinition route = open.pop();
            if (!seen.add(route.getRouteId())) {
                continue;
            }
            for (ProcessorDefinition<?> step : Steps.all(route.getOutputs())) {
                if (mayHave(context, step)) {
                    return "%s in the route %s".formatted(step.getLabel(), route.getRouteId());
                }
                String uri = uri(context, step);
                model.getRouteDefinitions().stream()
                        .filter(other -> uri != null && uri.startsWith("direct:") && uri.equals(from(context, other)))
                        .forEach(open::push);
            }
        }
        return null;
    }

    /** Whether a step may have an effect of its own. */
    static boolean mayHave(CamelContext context, NamedNode step) {
        if (CodeSteps.isOne(step) || CodeSteps.isIn(step)) {
            return true;
        }
        if (step instanceof LogDefinition log && CodeSteps.isInSimple(log.getMessage())) {
            return true;
        }
        if (!SendGate.sends(step)) {
            return false;
        }
        if (step instanceof EndpointRequiredDefinition send && CodeSteps.isInSimple(send.getEndpointUri())) {
            return true;
        }
        String uri = uri(context, step);
        String scheme = uri == null ? "" : uri.substring(0, Math.max(0, uri.indexOf(':')));
        return !InProcess.COMPONENTS.contains(scheme) || CodeSteps.isComponent(scheme);
    }

    /** To what a step sends, without options; null where that is not known before. */
    private static @Nullable String uri(CamelContext context, NamedNode step) {
        String uri =
                switch (step) {
                    case ToDynamicDefinition dynamic -> dynamic.getUri();
                    case SendDefinition<?> send -> send.getEndpointUri();
                    default -> null;
                };
        return uri == null ? null : path(context.resolvePropertyPlaceholders(uri));
    }

    private static @Nullable String from(CamelContext context, RouteDefinition route) {
        return route.getInput() == null
                ? null
                : path(context.resolvePropertyPlaceholders(
                        Objects.requireNonNull(route.getInput().getEndpointUri())));
    }

    private static String path(String uri) {
        int options = uri.indexOf('?');
        return (options < 0 ? uri : uri.substring(0, options)).replaceFirst("^([a-z0-9-]+):/*", "$1:");
    }
}
