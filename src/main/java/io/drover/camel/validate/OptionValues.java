package io.drover.camel.validate;

import io.drover.tool.Arguments;
import io.drover.tool.Rate;
import java.util.Map;

/** The options of {@code from: tool:} and {@code from: task:} have values that hold at start. */
final class OptionValues implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.isTool()) {
            valid(route, routes, findings, "throttle", Rate::parse);
            atLeast(route, routes, findings, "retries", 0);
            atLeast(route, routes, findings, "concurrency", 0);
            atLeast(route, routes, findings, "maxResultBytes", 1);
            for (EndpointUse.Option parameter : route.from().options("parameter.")) {
                valid(
                        route,
                        routes,
                        findings,
                        "parameter." + parameter.name(),
                        type -> Arguments.ofTypes(Map.of(parameter.name(), type)));
            }
            EndpointUse.Option cache = route.from().option("cache");
            if (cache != null && !new ToolDeclaration(route, routes).isReadOnly()) {
                findings.add(
                        route,
                        cache.line(),
                        "cache: only for a tool that changes nothing; say readOnlyHint: true if that is so");
            }
            EndpointUse.Option schema = route.from().option("argSchema");
            if (schema != null && !route.from().options("parameter.").isEmpty()) {
                findings.add(
                        route,
                        schema.line(),
                        "the arguments are declared twice: use argSchema or parameter.*, not both");
            }
        } else if (route.isWorkflow()) {
            atLeast(route, routes, findings, "maxAttempts", 1);
            atLeast(route, routes, findings, "concurrency", 1);
        }
        priority(route, routes, route.from(), findings);
        route.uses().forEach(use -> priority(route, routes, use, findings));
    }

    private static void priority(RouteSource route, RouteSet routes, EndpointUse use, Findings findings) {
        if (use != null && use.is("task")) {
            EndpointUse.Option priority = use.option("priority");
            if (priority != null) {
                String value = routes.settings.resolve(priority.value().text());
                if (value.matches("-?\\d+") && !value.matches("\\d")) {
                    findings.add(route, priority.line(), "priority: '%s' must be between 0 and 9".formatted(value));
                }
            }
        }
    }

    private interface Parser {
        void parse(String text);
    }

    private static void valid(RouteSource route, RouteSet routes, Findings findings, String name, Parser parser) {
        EndpointUse.Option option = route.from().option(name);
        if (option == null) {
            return;
        }
        String value = routes.settings.resolve(option.value().text());
        if (!value.contains("{{")) {
            try {
                parser.parse(value);
            } catch (IllegalArgumentException e) {
                findings.add(route, option.line(), e.getMessage());
            }
        }
    }

    private static void atLeast(RouteSource route, RouteSet routes, Findings findings, String name, int least) {
        valid(route, routes, findings, name, value -> {
            if (value.matches("-?\\d{1,18}") && Long.parseLong(value) < least) {
                throw new IllegalArgumentException("%s: '%s' must be at least %d".formatted(name, value, least));
            }
        });
    }
}
