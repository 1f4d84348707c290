package io.drover.route.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is written as an expression is evaluated: {@code to} sends the text of an HTTP or SQL endpoint as it is. */
final class UnevaluatedText implements Check {

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^{}]*}?");

    /** Not behind {@code :#}, where {@code sql:} evaluates it. */
    private static final Pattern IN_SQL = Pattern.compile("(?<!#)\\$\\{[^{}]*}?");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            if (!use.eip().equals("to")) {
                continue;
            }
            if (use.is("http") || use.is("https")) {
                String wayOut = "set the header CamelHttpPath or CamelHttpQuery with ${url(%s)}";
                check(route, use.uri(), EXPRESSION, wayOut, findings);
                use.options().stream()
                        .filter(option -> option.value().node() != use.uri().node())
                        .filter(option -> option.key().node() != use.uri().node()) // a part of the URI
                        .forEach(option -> check(route, option.value(), EXPRESSION, wayOut, findings));
            } else if (use.is("sql")) {
                String wayOut = "write :#%s for a parameter";
                check(route, use.uri(), IN_SQL, wayOut, findings);
                EndpointUse.Option query = use.option("query");
                if (query != null && query.value().node() != use.uri().node()) {
                    check(route, query.value(), IN_SQL, wayOut, findings);
                }
            }
        }
    }

    private static void check(RouteSource route, Yaml text, Pattern pattern, String wayOut, Findings findings) {
        Matcher expression = pattern.matcher(text.text());
        if (expression.find()) {
            findings.add(
                    route,
                    text.line(expression.start()),
                    "nothing evaluates %s in the endpoint of a 'to', so it is sent as it is; %s"
                            .formatted(expression.group(), wayOut.formatted(expression.group())));
        }
    }
}
