package io.drover.route.check;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A tool's fallback takes the tool's arguments, and its reconcile tool and its preview change nothing. */
final class StandIns implements Check {

    private static final Map<String, String> READ_ONLY = Map.of(
            "reconcile", "Drover repeats the question at will", "preview", "a dry run calls it, and changes nothing");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isTool()) {
            return;
        }
        EndpointUse.Option fallback = route.declaration().option("fallback");
        if (fallback != null) {
            String name = routes.settings.resolve(fallback.value().text());
            ToolDeclaration other = routes.tool(name);
            ToolDeclaration self = new ToolDeclaration(route, routes);
            if (other != null && other.arguments() != null && self.arguments() != null) {
                accepts(route, fallback.line(), name, self, other, findings);
            }
        }
        READ_ONLY.forEach((option, why) -> reads(option, why, route, routes, findings));
    }

    private static void reads(String option, String why, RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse.Option said = route.declaration().option(option);
        if (said == null) {
            return;
        }
        String name = routes.settings.resolve(said.value().text());
        ToolDeclaration other = routes.tool(name);
        if (other != null && !other.isReadOnly()) {
            findings.add(
                    route,
                    said.line(),
                    "%s: tool:%s must be read-only (readOnlyHint: true), because %s".formatted(option, name, why));
        }
    }

    private static void accepts(
            RouteSource route, int line, String name, ToolDeclaration self, ToolDeclaration other, Findings findings) {
        for (String argument : self.declared()) {
            if (!other.declared().contains(argument) && !other.isOpen()) {
                findings.add(
                        route,
                        line,
                        "fallback: tool:%s does not take the argument '%s' of %s"
                                .formatted(name, argument, route.declaration()));
            } else if (other.declared().contains(argument)
                    && !self.type(argument).equals(other.type(argument))) {
                findings.add(
                        route,
                        line,
                        "fallback: tool:%s takes '%s' as %s, but %s declares %s"
                                .formatted(
                                        name,
                                        argument,
                                        other.type(argument).asText(),
                                        route.declaration(),
                                        self.type(argument).asText()));
            }
        }
        Set<String> more = new TreeSet<>(other.required());
        more.removeAll(self.required());
        for (String argument : more) {
            findings.add(
                    route,
                    line,
                    "fallback: tool:%s requires the argument '%s', which %s does not"
                            .formatted(name, argument, route.declaration()));
        }
    }
}
