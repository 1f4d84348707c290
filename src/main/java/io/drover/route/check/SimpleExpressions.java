package io.drover.route.check;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;

/** Everything that is written in the Simple language parses. */
final class SimpleExpressions implements Check {

    private static final Set<String> PREDICATES =
            Set.of("when", "filter", "validate", "onWhen", "completionPredicate", "continued", "handled", "retryWhile");

    private final Language simple;

    /** @param context knows the custom functions; it need not run */
    SimpleExpressions(CamelContext context) {
        this.simple = context.resolveLanguage("simple");
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.route() == null) {
            return;
        }
        walk(route, "", "", route.route(), routes, findings);
        EndpointUse.Option approval = route.isTool() ? route.declaration().option("approval") : null;
        if (approval != null && approval.value().text().contains("${")) {
            parse(route, approval.value(), true, routes, findings);
        }
        for (EndpointUse use : route.uses()) {
            if (use.eip().equals("toD")) {
                parse(route, use.uri(), false, routes, findings);
            }
            if (use.is("tool")) {
                use.options("arg.").forEach(argument -> parse(route, argument.value(), false, routes, findings));
            }
            EndpointUse.Option key = use.is("task") ? use.option("key") : use.is("agent") ? use.option("memory") : null;
            if (key != null) {
                parse(route, key.value(), false, routes, findings);
            }
        }
    }

    private void walk(RouteSource route, String outer, String holder, Yaml node, RouteSet routes, Findings findings) {
        for (Yaml.Member member : node.members()) {
            Yaml value = member.value();
            if (member.name().equals("simple")) {
                Yaml text = value.isScalar() ? value : value.get("expression");
                if (text != null) {
                    boolean predicate = PREDICATES.contains(holder.equals("expression") ? outer : holder);
                    parse(route, text, predicate, routes, findings);
                }
            } else if (member.name().equals("log") || member.name().equals("throwException")) {
                Yaml message = value.get("message");
                if (message != null && value.text("logLanguage").isEmpty()) {
                    parse(route, message, false, routes, findings);
                }
            }
            if (!member.name().equals("parameters")) {
                walk(route, holder, member.name(), value, routes, findings);
            }
        }
        node.items().forEach(item -> walk(route, outer, holder, item, routes, findings));
    }

    private void parse(RouteSource route, Yaml text, boolean predicate, RouteSet routes, Findings findings) {
        // Only what is a placeholder loses its braces: JSON ends in }} too.
        String expression = Settings.PLACEHOLDER
                .matcher(routes.settings.resolve(text.text()))
                .replaceAll("$1");
        String problem = predicate || expression.contains("${") ? problem(expression, predicate) : null;
        if (problem != null) {
            findings.add(route, text.line(), problem);
        }
    }

    /** Why a text does not parse, or null. */
    @Nullable
    String problem(String expression, boolean predicate) {
        try {
            if (predicate) {
                simple.createPredicate(expression);
            } else {
                simple.createExpression(expression);
            }
            return null;
        } catch (RuntimeException e) {
            return "'%s' does not parse: %s".formatted(oneLine(expression), cause(e));
        }
    }

    private static String cause(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            message = t.getMessage() == null ? message : t.getMessage();
        }
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" at location \\d+$", "")
                .strip();
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > 80 ? line.substring(0, 77) + "..." : line;
    }
}
