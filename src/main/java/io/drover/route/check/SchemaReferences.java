package io.drover.route.check;

import org.jspecify.annotations.Nullable;

/** The schemas that a route names are there, and are JSON Schemas. */
final class SchemaReferences implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.isTool()) {
            check(route, "argSchema", routes, findings);
        } else if (route.isWorkflow()) {
            check(route, "inputSchema", routes, findings);
        }
        route.uses().stream()
                .filter(use -> use.is("agent"))
                .forEach(agent -> check(route, agent.option("outputSchema"), "outputSchema", routes, findings));
    }

    private static void check(RouteSource route, String name, RouteSet routes, Findings findings) {
        check(route, route.declaration().option(name), name, routes, findings);
    }

    private static void check(
            RouteSource route, EndpointUse.@Nullable Option option, String name, RouteSet routes, Findings findings) {
        if (option == null) {
            return;
        }
        String reference = routes.settings.resolve(option.value().text());
        try {
            if (!reference.startsWith("{{")) {
                routes.schemas.schema(reference);
            }
        } catch (IllegalArgumentException e) {
            findings.add(route, option.line(), "%s: %s".formatted(name, e.getMessage()));
        }
    }
}
