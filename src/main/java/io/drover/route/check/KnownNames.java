package io.drover.route.check;

import io.drover.tool.ToolName;
import io.drover.tool.ToolSpec;
import java.util.Set;

/** Every tool, workflow and route that a file calls exists. */
final class KnownNames implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            if (use.uri().text().contains("{{") || use.uri().text().contains("${")) {
                continue;
            }
            switch (use.scheme()) {
                case "tool" -> tool(route, routes, findings, use.line(), use.path());
                case "task" -> {
                    known(route, findings, use.line(), "workflow", use.path(), routes.workflows());
                    version(route, routes, findings, use);
                }
                case "direct" ->
                    known(route, findings, use.line(), "route from direct:", use.path(), routes.consumers("direct"));
                default -> {}
            }
        }
        if (route.isTool() || route.isWorkflow()) {
            wellFormed(route, route.declaration(), findings);
        }
        route.uses().stream().filter(use -> use.is("agent")).forEach(use -> wellFormed(route, use, findings));
        if (route.isWorkflow()) {
            named("onEnd", route, routes, findings);
        }
        if (route.isTool()) {
            named("remind", route, routes, findings);
            named("escalate", route, routes, findings);
            for (String option : Set.of("fallback", "reconcile", "preview")) {
                EndpointUse.Option named = route.declaration().option(option);
                if (named != null) {
                    String tool = routes.settings.resolve(named.value().text());
                    if (tool.equals(route.declaration().path())) {
                        findings.add(route, named.line(), "%s: a tool cannot be its own %s".formatted(option, option));
                    } else {
                        tool(route, routes, findings, named.line(), tool);
                    }
                }
            }
        }
    }

    private static void version(RouteSource route, RouteSet routes, Findings findings, EndpointUse use) {
        EndpointUse.Option option = use.option("version");
        String version = option == null ? "" : option.value().text().strip();
        boolean exists = routes.routes.stream()
                .anyMatch(other -> other.declares().equals(RouteSource.ofVersion(use.toString(), version)));
        if (option != null
                && version.chars().allMatch(Character::isDigit)
                && routes.workflows().contains(use.path())
                && !exists) {
            findings.add(
                    route,
                    option.line(),
                    "version: no file defines version %s of task:%s; write one, or leave the option out for the current version"
                            .formatted(version, use.path()));
        }
    }

    private static void named(String option, RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse.Option named = route.declaration().option(option);
        if (named == null) {
            return;
        }
        String uri = routes.settings.resolve(named.value().text());
        if (uri.startsWith("tool:")) {
            tool(route, routes, findings, named.line(), uri.substring("tool:".length()));
        } else if (route.isWorkflow()) { // that of a tool is a rule of its options
            findings.add(route, named.line(), "%s: '%s' is not a tool; write tool:<name>".formatted(option, uri));
        }
    }

    private static void wellFormed(RouteSource route, EndpointUse use, Findings findings) {
        if (!use.uri().text().contains("{{") && !use.isDynamic()) {
            try {
                ToolName.check(use.toString(), use.path());
            } catch (IllegalArgumentException e) {
                findings.add(route, use.line(), String.valueOf(e.getMessage()));
            }
        }
    }

    private static void tool(RouteSource route, RouteSet routes, Findings findings, int line, String name) {
        if (!routes.hasTool(name) && !routes.settings.isOfMcpServer(name)) {
            Set<String> names = name.startsWith(ToolSpec.MEMORY) ? RouteSet.BUILT_IN.keySet() : routes.tools();
            known(route, findings, line, "tool", name, names);
        }
    }

    private static void known(
            RouteSource route, Findings findings, int line, String what, String name, Set<String> names) {
        if (!names.contains(name)) {
            findings.add(
                    route,
                    line,
                    "there is no %s%s%s"
                            .formatted(what, what.endsWith(":") ? name : " '" + name + "'", hint(name, names)));
        }
    }

    private static String hint(String name, Set<String> names) {
        String near = Nearest.hint(name, names);
        return near.isEmpty() && names.size() <= 20 && !names.isEmpty()
                ? "; there are " + String.join(", ", names)
                : near;
    }
}
