package io.drover.route.check;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A header that says how an HTTP request is made names a method of HTTP. */
final class HttpMethods implements Check {

    private static final String HEADER = "CamelHttpMethod";

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (Element element : route.elements()) {
            boolean header = element.type().endsWith(".SetHeaderDefinition")
                    || element.isStep() && element.name().equals("setHeader");
            if (header && element.text("name").equalsIgnoreCase(HEADER)) {
                element.languages().forEach(language -> check(route, language, routes, findings));
            }
        }
    }

    private static void check(RouteSource route, Element language, RouteSet routes, Findings findings) {
        Yaml text = language.expression();
        String said = text == null ? "" : routes.settings.resolve(text.text());
        boolean fixed = language.name().equals("constant") || language.name().equals("simple") && !said.contains("$");
        String problem = !fixed || said.contains("{{") ? null : problem(HEADER, said);
        if (problem != null) {
            findings.add(route, language.line(), problem);
        }
    }

    /** What is wrong with the name of a method, or null. */
    static @Nullable String problem(String where, String written) {
        String method = written.strip().toUpperCase(Locale.ROOT);
        return METHODS.contains(method)
                ? null
                : "%s: '%s' is no method of HTTP%s".formatted(where, method, Nearest.hint(method, METHODS));
    }
}
