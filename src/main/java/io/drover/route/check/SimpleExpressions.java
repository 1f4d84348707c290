package io.drover.route.check;

import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;

/** Everything that is written in the Simple language parses. */
final class SimpleExpressions implements Check {

    /** What {@link CamelParts} and {@link NamedBeans} say better: which artifact is missing, and which beans a process has. */
    private static final Pattern TOLD_ELSEWHERE =
            Pattern.compile("No language could be found for: |No bean could be found in the registry for: ");

    private final Language simple;

    /** @param context knows the custom functions; it need not run */
    SimpleExpressions(CamelContext context) {
        this.simple = context.resolveLanguage("simple");
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        SimpleText.of(route).forEach(found -> parse(route, found.text(), found.predicate(), routes, findings));
    }

    private void parse(RouteSource route, Yaml text, boolean predicate, RouteSet routes, Findings findings) {
        // Only what is a placeholder loses its braces: JSON ends in }} too.
        String expression = Settings.PLACEHOLDER
                .matcher(routes.settings.resolve(text.text()))
                .replaceAll("$1");
        String problem = predicate || expression.contains("${") ? problem(expression, predicate) : null;
        if (problem != null && !TOLD_ELSEWHERE.matcher(problem).find()) {
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
