package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions that a route uses on text from outside must end in a short time.
 * A text that keeps one busy would hold a processor for ever, because nothing interrupts Java's engine.
 */
final class RegularExpressions implements Check {

    private static final Pattern OPERATOR = Pattern.compile("(?:!|\\s)regex\\s+(['\"$])");
    private static final Pattern METHOD =
            Pattern.compile("\\.(matches|replaceAll|replaceFirst|split)\\(\\s{0,9}(['\"]?)");
    private static final Set<String> REMOVERS = Set.of("removeHeaders", "removeProperties", "removeVariables");
    private static final String LOG_MASK =
            "logMask searches with regular expressions that some texts keep busy for ever; log less instead";

    private static final Set<String> FILES = Set.of("file", "ftp", "ftps", "sftp");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.route() == null) {
            return;
        }
        for (Element element : route.elements()) {
            if (isCode(element)) {
                element.value().scalars(text -> simple(route, text, routes.settings.resolve(text.text()), findings));
            }
            step(route, element, routes, findings);
        }
        List<EndpointUse> endpoints = new ArrayList<>(route.uses());
        if (route.from() != null) {
            endpoints.add(route.from());
        }
        for (EndpointUse use : endpoints) {
            EndpointUse.Option mask = use.option("logMask");
            if (mask != null && !mask.value().text().equals("false")) {
                findings.add(route, mask.line(), LOG_MASK);
            }
            if (FILES.contains(use.scheme())) {
                fileNames(route, use.option("include"), routes, findings);
                fileNames(route, use.option("exclude"), routes, findings);
            } else if (use.is("kafka") && use.value("topicIsPattern").equals("true")) {
                found(
                        route,
                        use.uri(),
                        PatternCost.problem(routes.settings.resolve(use.path()), false),
                        use.path(),
                        findings);
            }
        }
    }

    private static void fileNames(
            RouteSource route, EndpointUse.@Nullable Option option, RouteSet routes, Findings findings) {
        if (option != null) {
            String text = routes.settings.resolve(option.value().text()).replace("%2B", "+");
            found(route, option.value(), PatternCost.problem(text, false), text, findings);
        }
    }

    /** Whether a text of it may be evaluated: no words for people, and no constant. */
    private static boolean isCode(Element element) {
        boolean scalar = element.value().isScalar() || element.type().equals(CamelModel.PLAIN);
        return scalar
                && !Set.of("description", "note", "constant").contains(element.name())
                && (element.holder() == null || !element.holder().name().equals("constant"));
    }

    private static void step(RouteSource route, Element member, RouteSet routes, Findings findings) {
        Yaml value = member.value();
        if (member.type().equals(CamelModel.PLAIN)
                && !member.isStep()
                && !member.name().equals("logMask")) {
            return;
        }
        if (REMOVERS.contains(member.name())) {
            whole(route, value.isScalar() ? value : value.get("pattern"), routes, findings);
            whole(route, value.get("excludePattern"), routes, findings);
        } else if (member.name().equals("tokenize")) {
            tokenize(route, value, routes, findings);
        } else if (member.name().equals("logMask") && !value.text().equals("false")) {
            findings.add(route, member.line(), LOG_MASK);
        }
    }

    private static void tokenize(RouteSource route, Yaml value, RouteSet routes, Findings findings) {
        if (value.text("xml").equals("true")
                || !value.text("inheritNamespaceTagName").isEmpty()) {
            findings.add(
                    route,
                    value.line(),
                    "tokenize finds XML by regular expressions that some texts keep busy for ever; use token: <order>"
                            + " and endToken: </order> with includeTokens: true, without xml");
            return;
        }
        Yaml token = value.isScalar() ? value : value.get("token");
        if (token != null && value.text("endToken").isEmpty()) {
            String text = routes.settings.resolve(token.text());
            boolean dynamic = text.contains("${");
            found(route, token, dynamic ? "it comes from outside" : PatternCost.problem(text, true), text, findings);
        }
    }

    /** One that is matched with a whole name. Beside regular expressions a name may end with {@code *}. */
    private static void whole(RouteSource route, @Nullable Yaml pattern, RouteSet routes, Findings findings) {
        if (pattern != null) {
            String text = routes.settings.resolve(pattern.text());
            if (!text.equals("*")) {
                found(route, pattern, PatternCost.problem(text, false), text, findings);
            }
        }
    }

    private static void simple(RouteSource route, Yaml node, String text, Findings findings) {
        problems(text).forEach(problem -> findings.add(route, node.line(), problem));
    }

    /** What is wrong with the regular expressions of a text in the Simple language. */
    static List<String> problems(String text) {
        List<String> problems = new ArrayList<>();
        if (text.contains("java.util.regex")) {
            problems.add("java.util.regex is not bounded; use the operator regex of Simple");
        }
        if (!text.contains("${")) {
            return problems;
        }
        Matcher operator = OPERATOR.matcher(text);
        while (operator.find()) {
            argument(text, operator.start(1), operator.group(1), false, problems);
        }
        Matcher method = METHOD.matcher(text);
        while (method.find()) {
            boolean anywhere = !method.group(1).equals("matches");
            argument(text, method.start(2), method.group(2), anywhere, problems);
        }
        return problems;
    }

    private static void argument(String text, int start, String quote, boolean anywhere, List<String> problems) {
        boolean quoted = quote.equals("'") || quote.equals("\"");
        int end = quoted ? text.indexOf(quote, start + 1) : -1;
        String regex = end < 0 ? "" : text.substring(start + 1, end);
        String problem = end < 0
                ? "it is not in quotes, so it may come from outside"
                : regex.contains("${") ? "a part of it comes from outside" : PatternCost.problem(regex, anywhere);
        if (problem != null) {
            problems.add(message(regex, problem));
        }
    }

    private static void found(RouteSource route, Yaml node, @Nullable String problem, String regex, Findings findings) {
        if (problem != null) {
            findings.add(route, node.line(), message(regex, problem));
        }
    }

    private static String message(String regex, String problem) {
        return "the regular expression '%s' can take very long on some texts: %s".formatted(regex, problem);
    }
}
