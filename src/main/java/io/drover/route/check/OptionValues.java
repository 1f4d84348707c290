package io.drover.route.check;

import io.drover.agent.AgentSpec;
import io.drover.json.Schema;
import io.drover.start.Bounds;
import io.drover.task.WorkflowSpec;
import io.drover.tool.Rate;
import io.drover.tool.ToolLimits;
import java.util.Map;

/** The options of {@code from: tool:} and {@code from: task:} have values that hold at start. */
final class OptionValues implements Check {

    private static final Map<String, Bounds<?>> SUBMISSION =
            Map.of("priority", WorkflowSpec.PRIORITY, "delay", WorkflowSpec.DELAY);

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.isTool()) {
            valid(route, routes, findings, "throttle", Rate::parse);
            within(ToolLimits.BY_OPTION, route, routes, route.from(), findings);
            for (EndpointUse.Option parameter : route.from().options("parameter.")) {
                valid(
                        route,
                        routes,
                        findings,
                        "parameter." + parameter.name(),
                        type -> Schema.ofTypes(Map.of(parameter.name(), type)));
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
            within(WorkflowSpec.BY_OPTION, route, routes, route.from(), findings);
        }
        for (EndpointUse use : route.uses()) {
            if (use.is("agent")) {
                within(AgentSpec.BY_OPTION, route, routes, use, findings);
            } else if (use.is("task")) {
                within(SUBMISSION, route, routes, use, findings);
            }
        }
    }

    private static void within(
            Map<String, Bounds<?>> bounds, RouteSource route, RouteSet routes, EndpointUse use, Findings findings) {
        bounds.forEach((name, range) -> {
            EndpointUse.Option option = use.option(name);
            if (option != null) {
                try {
                    range.checkText(name, routes.settings.resolve(option.value().text()));
                } catch (IllegalArgumentException e) {
                    findings.add(route, option.line(), e.getMessage());
                }
            }
        });
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
}
