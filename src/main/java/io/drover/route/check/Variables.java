package io.drover.route.check;

import io.drover.guard.CodeSteps;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every variable that a route reads may be set: by its steps, by the routes that it calls and that call it, by
 * Drover,
 * or, in a tool, as an argument.
 * A variable that is never set, or only in a branch that loses it, would be an empty text.
 * One that is changed in such a branch has its former value afterwards, which may be meant.
 */
final class Variables implements Check {

    /** Where a language reads something else than the body. */
    private static final String SOURCE = "variable:";

    /** At the beginning of a function, or an argument of one. */
    private static final Pattern READ = Pattern.compile(
            "(?:^|[(,])\\s*(?:variables?(?:\\?\\.|[.:?]|\\[)|variableAs\\()\\s*['\"]?([^\\]\\[(),'\"?\\s]+)");

    /** The variables of a query, each after its name in the query where that is another: {@code query('status,max=limit')}. */
    private static final Pattern QUERY = Pattern.compile("^\\s*query\\(\\s*['\"]?([^'\")]*)");

    private final boolean changes;

    /** @param changes whether changes that are lost are reported, too */
    Variables(boolean changes) {
        this.changes = changes;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        Set<String> known = known(route, routes);
        if (known != null) {
            new Reads(route, known, new KeptVariables(routes), changes, findings).check(routes.settings);
        }
    }

    /** The variables that a route reads. */
    private record Reads(RouteSource route, Set<String> known, KeptVariables kept, boolean changes, Findings findings) {

        void check(Settings settings) {
            for (SimpleText simple : SimpleText.of(route)) {
                Yaml place = simple.text();
                String text = settings.resolve(place.text());
                for (SimpleFunctions.Function function : SimpleFunctions.of(text)) {
                    int line = text.equals(place.text()) ? place.line(function.offset()) : place.line();
                    names(function.text()).forEach(name -> check(line, name, place));
                }
            }
            for (Element element : route.elements()) {
                if (element.isLanguage() && element.name().equals("variable")) {
                    check(element.expression());
                } else if (element.isLanguage() && element.text("source").startsWith(SOURCE)) {
                    check(element.line(), element.text("source").substring(SOURCE.length()), element.value());
                } else if (element.isStep()) {
                    check(element.get("variableSend"));
                    if (element.name().equals("convertVariableTo")) {
                        check(element.get("name"));
                    }
                }
            }
        }

        private static List<String> names(String function) {
            Matcher query = QUERY.matcher(function);
            return query.lookingAt()
                    ? Stream.of(query.group(1).split(","))
                            .map(name -> name.substring(name.indexOf('=') + 1).strip())
                            .toList()
                    : READ.matcher(function)
                            .results()
                            .map(read -> read.group(1))
                            .toList();
        }

        private void check(@Nullable Yaml name) {
            if (name != null && !name.text().isBlank()) {
                check(name.line(), name.text(), name);
            }
        }

        private void check(int line, String name, Yaml place) {
            if (name.contains(":") || name.contains("$") || name.contains("{")) {
                return; // it is elsewhere, or computed
            }
            if (!isAmong(known, name)) {
                findings.add(
                        route,
                        line,
                        "the variable '%s' is never set%s".formatted(name, hint(name.split("\\.", 2)[0], known)));
            } else if (!isAmong(kept.at(route, place), name)) {
                findings.add(route, line, lost(name, kept.loses(route, name, place), place));
            } else if (changes) {
                Element step = kept.reverts(route, name, place);
                if (step != null) {
                    findings.add(route, line, reverted(name, step));
                }
            }
        }
    }

    private static boolean isAmong(Set<String> variables, String name) {
        return variables.stream().anyMatch(one -> KeptVariables.isOf(name, one));
    }

    private static String lost(String name, @Nullable Element step, Yaml place) {
        if (step == null) {
            return "the variable '%s' is not there: the routes that call this one set it only in other branches of a split or multicast"
                    .formatted(name);
        }
        if (Branches.isWithin(step, place)) {
            return "the variable '%s' is not there: another branch of the %s in line %d sets it, and each branch has its own variables; set it before the %s"
                    .formatted(name, step.name(), step.line(), step.name());
        }
        return "the variable '%s' is not there: it is set in a branch of the %s in line %d, and lost where that branch ends; %s"
                .formatted(name, step.name(), step.line(), remedy(step));
    }

    private static String reverted(String name, Element step) {
        return "the variable '%s' has its former value here: a branch of the %s in line %d changes it, and the change is lost where that branch ends; %s, or use another name in the branch"
                .formatted(name, step.name(), step.line(), remedy(step));
    }

    private static String remedy(Element step) {
        return switch (step.name()) {
            case "loadBalance" -> "write multicast with aggregationStrategy: joinVariables, which keeps it";
            case "enrich" -> "leave out its aggregationStrategy";
            default -> "give the %s aggregationStrategy: joinVariables, which keeps it".formatted(step.name());
        };
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
        if (!SetVariables.atStart(route, routes, known)
                || !SetVariables.visit(route, (name, place) -> known.add(name))) {
            return false;
        }
        for (EndpointUse use : route.uses()) {
            if (CodeSteps.isComponent(use.scheme()) || use.is("direct") && !called(use, routes, known, seen)) {
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
}
