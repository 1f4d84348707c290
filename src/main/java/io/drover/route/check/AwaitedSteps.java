package io.drover.route.check;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The work of a message ends before the message counts as done, and nothing repeats or hides what failed. */
final class AwaitedSteps implements Check {

    /** They read. */
    private static final Set<String> POLLS = Set.of("poll", "pollEnrich");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() != null) {
            besideRoutes(route, route.root(), routes, findings);
        }
        if (route.route() == null) {
            return;
        }
        route.elements().stream().filter(Element::isStep).forEach(step -> step(route, step, routes, findings));
        for (EndpointUse use : route.uses()) {
            String problem =
                    UnawaitedComponents.problem(use.scheme(), name -> routes.settings.resolve(use.value(name)));
            if (problem == null && POLLS.contains(use.eip())) {
                problem = UnawaitedComponents.polled(use.scheme());
            }
            if (problem != null) {
                findings.add(route, use.line(), use.eip() + ": " + problem);
            }
        }
        Yaml handler = route.route().get("errorHandler");
        Yaml reference = route.route().get("errorHandlerRef");
        if (handler != null && handler.get("noErrorHandler") == null) {
            findings.add(route, handler.line(), Unawaited.ERROR_HANDLER);
        } else if (reference != null) {
            findings.add(route, reference.line(), Unawaited.ERROR_HANDLER);
        }
    }

    /** What a file says beside its route holds for the route, and some of it for those of other files. */
    private static void besideRoutes(RouteSource route, Yaml root, RouteSet routes, Findings findings) {
        for (Element entry : Element.entries(root)) {
            switch (entry.name()) {
                case "route" -> {}
                case "errorHandler" -> {
                    if (entry.get("noErrorHandler") == null) {
                        findings.add(route, entry.line(), Unawaited.ERROR_HANDLER);
                    }
                }
                case "routeConfiguration" -> findings.add(route, entry.line(), Unawaited.ROUTE_CONFIGURATION);
                default -> {
                    step(route, entry, routes, findings);
                    entry.walk(element -> {
                        if (element.isStep()) {
                            step(route, element, routes, findings);
                        }
                    });
                }
            }
        }
    }

    private static void step(RouteSource route, Element step, RouteSet routes, Findings findings) {
        String problem = Unawaited.problem(step.name(), name -> routes.settings.resolve(option(step.value(), name)));
        if (problem != null) {
            findings.add(route, step.line(), problem);
        }
    }

    private static String option(Yaml step, String path) {
        Yaml node = step;
        for (String name : path.split("\\.")) {
            node = node == null ? null : node.get(name);
        }
        return text(node);
    }

    private static String text(@Nullable Yaml node) {
        if (node == null) {
            return "";
        }
        return node.isScalar()
                ? node.text()
                : node.items().stream().map(Yaml::text).collect(Collectors.joining(","));
    }
}
