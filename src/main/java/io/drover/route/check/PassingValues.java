package io.drover.route.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells a call, a task or a signal from others is the same in each attempt, and whenever its event comes.
 * Otherwise a later attempt would not find what an earlier one has done, and would do it again.
 */
final class PassingValues implements Check {

    private static final Pattern PASSING = Pattern.compile("(?:date(?:-with-timezone)?:(?:now|millis|exchangeCreated)"
            + "|(?:uuid|random|exchangeId|id|messageTimestamp|hostname|threadId|threadName|variable\\.attempt"
            + "|exchangeProperty\\.CamelCreatedTimestamp)(?![\\w.]))");

    /** They choose by chance, by turn, or by what the process remembers. */
    private static final Set<String> BALANCERS =
            Set.of("roundRobinLoadBalancer", "randomLoadBalancer", "weightedLoadBalancer", "stickyLoadBalancer");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        Set<String> variables = variables(route, routes);
        for (EndpointUse use : route.uses()) {
            for (EndpointUse.Option option : telling(use, routes)) {
                String passing = passing(routes.settings.resolve(option.value().text()), variables);
                if (passing != null) {
                    findings.add(
                            route,
                            option.line(),
                            "%s: ${%s} in %s is another value each time, so a later attempt does again what was done; use a value of the input, ${variable.taskId}, or the result of a tool that only reads"
                                    .formatted(use, passing, option.key().text()));
                }
            }
        }
        if (route.isWorkflow() || route.isTrigger()) {
            route.elements().stream()
                    .filter(element -> element.name().equals("loadBalance"))
                    .forEach(element -> balancer(route, element, findings));
        }
    }

    private static void balancer(RouteSource route, Element element, Findings findings) {
        BALANCERS.stream()
                .filter(name -> element.get(name) != null)
                .forEach(name -> findings.add(
                        route,
                        element.line(),
                        "loadBalance with %s may go another way in a later attempt, or when the event comes again; write choice with a condition on the body"
                                .formatted(name)));
    }

    /** The options of which another value makes another call, task or signal. */
    private static List<EndpointUse.Option> telling(EndpointUse use, RouteSet routes) {
        if (use.isConsumer()) {
            return List.of();
        }
        return switch (use.scheme()) {
            case "tool" -> {
                ToolDeclaration tool = routes.tool(use.path());
                yield tool == null || tool.isReadOnly()
                        ? List.of()
                        : use.options().stream()
                                .filter(option -> option.name().startsWith("arg."))
                                .toList();
            }
            case "task", "signal" ->
                use.options().stream()
                        .filter(option -> Set.of("key", "id").contains(option.name()))
                        .toList();
            default -> List.of();
        };
    }

    /** The variables that a step of the route sets to such a value. */
    private static Set<String> variables(RouteSource route, RouteSet routes) {
        Set<String> variables = new HashSet<>();
        for (Element step : route.elements()) {
            if (step.isStep() && step.name().equals("setVariable")) {
                for (Element language : step.languages()) {
                    Yaml text = language.expression();
                    if (text != null
                            && language.name().equals("simple")
                            && passing(routes.settings.resolve(text.text()), variables) != null) {
                        variables.add(step.text("name"));
                    }
                }
            }
        }
        return variables;
    }

    /** The first function of a text that has another value each time, or null. */
    private static @Nullable String passing(String text, Set<String> variables) {
        return SimpleFunctions.of(text).stream()
                .map(SimpleFunctions.Function::text)
                .filter(function -> PASSING.matcher(function).lookingAt()
                        || function.startsWith("variable.")
                                && variables.contains(function.substring("variable.".length())))
                .findFirst()
                .orElse(null);
    }
}
