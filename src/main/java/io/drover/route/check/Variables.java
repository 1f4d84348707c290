package io.drover.route.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every variable that a route reads may be set: by its steps, by the routes that it calls and that call it, by
 * Drover,
 * or, in a tool, as an argument.
 * A variable that is never set would be an empty text.
 */
final class Variables implements Check {

    private static final Set<String> OF_TASK = Set.of("taskId", "taskKey", "attempt");
    private static final Set<String> OF_TOOL = Set.of("idempotencyKey");

    /** Steps and languages that run code, which may set any variable. */
    private static final Set<String> CODE = Set.of(
            "bean",
            "process",
            "script",
            "method",
            "groovy",
            "java",
            "joor",
            "js",
            "python",
            "mvel",
            "ognl",
            "spel",
            "kamelet",
            "customLoadBalancer");

    /** Where a language reads something else than the body. */
    private static final String SOURCE = "variable:";

    private static final Set<String> CODE_ENDPOINTS = Set.of("bean", "class", "language", "kamelet", "ref");

    /** At the beginning of a function, or an argument of one. */
    private static final Pattern READ = Pattern.compile(
            "(?:^|[(,])\\s*(?:variables?(?:\\?\\.|[.:?]|\\[)|variableAs\\()\\s*['\"]?([^\\]\\[(),'\"?\\s]+)");

    /** A function of Simple that sets one. */
    private static final Pattern SET = Pattern.compile("\\s*setVariable\\(\\s*['\"]?([\\w.-]+)");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        Set<String> known = known(route, routes);
        if (known == null) {
            return;
        }
        for (SimpleText simple : SimpleText.of(route)) {
            String text = routes.settings.resolve(simple.text().text());
            for (SimpleFunctions.Function function : SimpleFunctions.of(text)) {
                Matcher read = READ.matcher(function.text());
                while (read.find()) {
                    int line = text.equals(simple.text().text())
                            ? simple.text().line(function.offset())
                            : simple.text().line();
                    read(route, line, read.group(1), known, findings);
                }
            }
        }
        for (Element element : route.elements()) {
            if (element.isLanguage() && element.name().equals("variable")) {
                read(route, element.expression(), known, findings);
            } else if (element.isLanguage() && element.text("source").startsWith(SOURCE)) {
                String name = element.text("source").substring(SOURCE.length());
                read(route, element.line(), name, known, findings);
            } else if (element.isStep()) {
                read(route, element.get("variableSend"), known, findings);
                if (element.name().equals("convertVariableTo")) {
                    read(route, element.get("name"), known, findings);
                }
            }
        }
    }

    private static void read(RouteSource route, @Nullable Yaml name, Set<String> known, Findings findings) {
        if (name != null && !name.text().isBlank()) {
            read(route, name.line(), name.text(), known, findings);
        }
    }

    private static void read(RouteSource route, int line, String name, Set<String> known, Findings findings) {
        boolean isElsewhere = name.contains(":") || name.contains("$") || name.contains("{");
        if (!isElsewhere && known.stream().noneMatch(one -> name.equals(one) || name.startsWith(one + "."))) {
            findings.add(
                    route,
                    line,
                    "the variable '%s' is never set%s".formatted(name, hint(name.split("\\.", 2)[0], known)));
        }
    }

    private static String hint(String name, Set<String> known) {
        String near = Nearest.hint(name, known);
        return near.isEmpty() && known.size() <= 20 && !known.isEmpty()
                ? "; there are " + String.join(", ", new TreeSet<>(known))
                : near;
    }

    /** The variables that may be set where a route runs, or null where that is not known. */
    private static @Nullable Set<String> known(RouteSource route, RouteSet routes) {
        Set<String> known = new HashSet<>();
        Set<RouteSource> seen = new HashSet<>();
        return with(route, routes, known, seen) && byCallers(route, routes, known, seen, new HashSet<>())
                ? known
                : null;
    }

    /** Adds what is set by a route, and by the routes that it calls; false where that is not known. */
    private static boolean with(RouteSource route, RouteSet routes, Set<String> known, Set<RouteSource> seen) {
        if (!seen.add(route)) {
            return true;
        }
        if (!atStart(route, routes, known)) {
            return false;
        }
        for (Element element : route.elements()) {
            if (!element.type().equals(CamelModel.PLAIN) && !sets(element, known)) {
                return false;
            }
        }
        for (SimpleText simple : SimpleText.of(route)) {
            for (SimpleFunctions.Function function :
                    SimpleFunctions.of(simple.text().text())) {
                Matcher set = SET.matcher(function.text());
                if (set.lookingAt()) {
                    known.add(set.group(1));
                }
            }
        }
        for (EndpointUse use : route.uses()) {
            if (CODE_ENDPOINTS.contains(use.scheme()) || use.is("direct") && !called(use, routes, known, seen)) {
                return false;
            }
            if (use.scheme().isEmpty() && use.isDynamic() && use.path().startsWith("$")) {
                return false; // it may lead to any route
            }
        }
        return true;
    }

    private static boolean called(EndpointUse use, RouteSet routes, Set<String> known, Set<RouteSource> seen) {
        List<RouteSource> called = routes.routes.stream()
                .filter(other -> use.toString().equals(String.valueOf(other.from())))
                .toList();
        return !called.isEmpty() && called.stream().allMatch(other -> with(other, routes, known, seen));
    }

    private static boolean atStart(RouteSource route, RouteSet routes, Set<String> known) {
        if (route.isTool()) {
            ToolDeclaration tool = new ToolDeclaration(route, routes);
            known.addAll(OF_TOOL);
            known.addAll(tool.declared());
            return !tool.isOpen();
        }
        if (route.isWorkflow()) {
            known.addAll(OF_TASK);
        }
        return true;
    }

    /** A route within the process has the variables of those that call it. */
    private static boolean byCallers(
            RouteSource route, RouteSet routes, Set<String> known, Set<RouteSource> seen, Set<RouteSource> asked) {
        if (route.kind() != RouteKind.INNER || !asked.add(route)) {
            return true;
        }
        List<RouteSource> callers = routes.routes.stream()
                .filter(other ->
                        other.uses().stream().anyMatch(use -> use.toString().equals(String.valueOf(route.from()))))
                .toList();
        boolean anyCaller = routes.routes.stream()
                .flatMap(other -> other.uses().stream())
                .anyMatch(use ->
                        use.is("direct") && use.isDynamic() || use.scheme().isEmpty() && use.isDynamic());
        return !anyCaller
                && !callers.isEmpty()
                && callers.stream()
                        .allMatch(caller ->
                                with(caller, routes, known, seen) && byCallers(caller, routes, known, seen, asked));
    }

    /** Adds what a step sets; false where it may set anything. */
    private static boolean sets(Element element, Set<String> known) {
        if (CODE.contains(element.name())) {
            return false;
        }
        String strategy = element.text("aggregationStrategy");
        if (!strategy.isEmpty() && !strategy.matches("#?(bean:)?joinVariables|#class:org\\.apache\\.camel\\..*")) {
            return false;
        }
        String name =
                switch (element.name()) {
                    case "setVariable", "variables" -> element.text("name");
                    case "convertVariableTo" -> element.text("toName");
                    default -> element.type().endsWith(".SetVariableDefinition") ? element.text("name") : "";
                };
        for (String set : List.of(name, element.text("variableReceive"))) {
            if (set.contains("$") || set.contains("{{")) {
                return false;
            }
            if (!set.isEmpty()) {
                known.add(set);
            }
        }
        return true;
    }
}
