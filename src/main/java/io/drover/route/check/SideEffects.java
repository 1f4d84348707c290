package io.drover.route.check;

import io.drover.guard.InProcess;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A workflow has effects outside of the process through tools only.
 * Otherwise nothing would record, replay or guard them.
 */
final class SideEffects implements Check {

    /** Of the process, too, though what they lead to is not known here. */
    private static final Set<String> BEYOND = Set.of("seda", "stub", "bean", "class");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!partOfWorkflow(routes).contains(route)) {
            return;
        }
        for (EndpointUse use : route.uses()) {
            if (!InProcess.COMPONENTS.contains(use.scheme()) && !BEYOND.contains(use.scheme())) {
                findings.add(
                        route,
                        use.line(),
                        "side effect outside a tool: %s %s; put it into a route from: tool:<name> and call that"
                                .formatted(
                                        use.eip(),
                                        use.scheme().isEmpty() ? use.uri().text() : use.scheme() + ":"));
            }
        }
    }

    /** The workflows, and the routes that they reach within the process. */
    private static Set<RouteSource> partOfWorkflow(RouteSet routes) {
        return reached(routes.routes.stream().filter(RouteSource::isWorkflow).toList(), routes);
    }

    /** These routes, and those that they reach within the process. */
    static Set<RouteSource> reached(List<RouteSource> from, RouteSet routes) {
        Set<RouteSource> found = new HashSet<>();
        Deque<RouteSource> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            RouteSource route = open.pop();
            if (found.add(route)) {
                for (EndpointUse use : route.uses()) {
                    routes.routes.stream()
                            .filter(other -> use.is("direct") || use.is("seda"))
                            .filter(other -> use.toString().equals(String.valueOf(other.from())))
                            .forEach(open::push);
                }
            }
        }
        return found;
    }
}
