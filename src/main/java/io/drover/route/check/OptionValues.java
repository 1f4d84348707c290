package io.drover.route.check;

import io.drover.agent.AgentSpec;
import io.drover.guard.GuardProperties;
import io.drover.json.Schema;
import io.drover.start.Bounds;
import io.drover.task.WorkflowSpec;
import io.drover.tool.ToolRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of {@code from: tool:} and {@code from: task:} have values that hold at start. */
final class OptionValues implements Check {

    private static final Map<String, Bounds<?>> SUBMISSION =
            Map.of("priority", WorkflowSpec.PRIORITY, "delay", WorkflowSpec.DELAY, "version", WorkflowSpec.VERSION);

    private final GuardProperties settings;

    OptionValues(GuardProperties settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.isTool()) {
            tool(route, routes, findings);
            for (EndpointUse.Option parameter : route.declaration().options("parameter.")) {
                valid(
                        route,
                        routes,
                        findings,
                        "parameter." + parameter.name(),
                        type -> Schema.ofTypes(Map.of(parameter.name(), type)));
            }
            EndpointUse.Option schema = route.declaration().option("argSchema");
            if (schema != null && !route.declaration().options("parameter.").isEmpty()) {
                findings.add(
                        route,
                        schema.line(),
                        "the arguments are declared twice: use argSchema or parameter.*, not both");
            }
        } else if (route.isWorkflow()) {
            within(WorkflowSpec.BY_OPTION, route, routes, route.declaration(), findings);
        }
        for (EndpointUse use : route.uses()) {
            if (use.is("agent")) {
                within(AgentSpec.BY_OPTION, route, routes, use, findings);
            } else if (use.is("task")) {
                within(SUBMISSION, route, routes, use, findings);
            }
        }
    }

    private void tool(RouteSource route, RouteSet routes, Findings findings) {
        String tool = route.declaration().path();
        ToolRules.ofAll(option -> option, option -> settings.option(tool, option, said(route, routes, option)))
                .forEach((option, problem) -> {
                    EndpointUse.Option said = route.declaration().option(option);
                    findings.add(route, said == null ? route.declaration().line() : said.line(), problem);
                });
    }

    private static @Nullable String said(RouteSource route, RouteSet routes, String option) {
        EndpointUse.Option said = route.declaration().option(option);
        String text = said == null ? "{{" : routes.settings.resolve(said.value().text());
        return text.contains("{{") ? null : text;
    }

    private static void within(
            Map<String, Bounds<?>> bounds, RouteSource route, RouteSet routes, EndpointUse use, Findings findings) {
        bounds.forEach((name, range) -> {
            EndpointUse.Option option = use.option(name);
            if (option != null) {
                try {
                    range.checkText(name, routes.settings.resolve(option.value().text()));
                } catch (IllegalArgumentException e) {
                    findings.add(route, option.line(), String.valueOf(e.getMessage()));
                }
            }
        });
    }

    private interface Parser {
        void parse(String text);
    }

    private static void valid(RouteSource route, RouteSet routes, Findings findings, String name, Parser parser) {
        EndpointUse.Option option = route.declaration().option(name);
        if (option == null) {
            return;
        }
        String value = routes.settings.resolve(option.value().text());
        if (!value.contains("{{")) {
            try {
                parser.parse(value);
            } catch (IllegalArgumentException e) {
                findings.add(route, option.line(), String.valueOf(e.getMessage()));
            }
        }
    }
}
