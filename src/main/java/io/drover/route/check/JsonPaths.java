package io.drover.route.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.jsonpath.JsonPathLanguage;
import org.jspecify.annotations.Nullable;

/** A JSONPath is one, no part of it comes from the message, and it has no regular expression, which would not be bounded. */
final class JsonPaths implements Check {

    /** A function of Simple, which may name what is read. */
    private static final Pattern FUNCTION =
            Pattern.compile("\\$(?:simple)?\\{\\s*jsonpath\\(\\s*(?:[\\w.:-]+\\s*,\\s*)?");

    private final JsonPathLanguage language = new JsonPathLanguage();

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (Element element : route.elements()) {
            Yaml path = element.isLanguage() && element.name().equals("jsonpath") ? element.expression() : null;
            if (path != null) {
                check(route, path.line(), routes.settings.resolve(path.text()), findings);
            }
        }
        for (SimpleText simple : SimpleText.of(route)) {
            Yaml text = simple.text();
            Matcher function = FUNCTION.matcher(text.text());
            while (function.find()) {
                String path = argument(text.text(), function.end());
                check(route, text.line(function.start()), routes.settings.resolve(path), findings);
            }
        }
    }

    /** What stands from here to the end of the function; functions of Simple may be nested in it. */
    private static String argument(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (open == 0) {
                return text.substring(from, i).strip().replaceFirst("\\)$", "");
            }
        }
        return text.substring(from); // which does not parse
    }

    private void check(RouteSource route, int line, String path, Findings findings) {
        String problem = path.contains("${") || path.contains("$simple{")
                ? "a part of it comes from the message, and would be executed; write a fixed path, and compare by a Simple predicate"
                : path.contains("=~")
                        ? "=~ of jsonpath is not bounded; compare by a Simple predicate instead"
                        : malformed(path);
        if (problem != null) {
            findings.add(route, line, "jsonpath: '%s': %s".formatted(path.strip(), problem));
        }
    }

    private @Nullable String malformed(String path) {
        try {
            language.validateExpression(path);
            return null;
        } catch (RuntimeException e) {
            return isPredicate(path) ? null : "it is no JSONPath: " + e.getMessage();
        }
    }

    /** Whether it is a comparison that Camel makes a path of, such as {@code $.amount > 10}. */
    private boolean isPredicate(String path) {
        try {
            return language.validatePredicate(path);
        } catch (RuntimeException e) {
            return false;
        }
    }
}
