package io.drover.route.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** No workflow awaits itself, be it by others: its tasks would wait for each other without an end. */
final class ChildLoops implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isWorkflow()) {
            return;
        }
        String workflow = route.declaration().path();
        for (EndpointUse use : awaiting(route, routes)) {
            List<String> chain = way(use.path(), workflow, routes);
            if (chain != null) {
                findings.add(
                        route,
                        use.line(),
                        "%s awaits itself: %s -> %s; let a workflow await only workflows that do not await it"
                                .formatted(use, workflow, String.join(" -> ", chain)));
            }
        }
    }

    /** The steps that await tasks in a workflow, and in the routes that it reaches within the process. */
    private static List<EndpointUse> awaiting(RouteSource workflow, RouteSet routes) {
        List<EndpointUse> found = new ArrayList<>();
        for (RouteSource route : SideEffects.reached(List.of(workflow), routes)) {
            route.uses().stream()
                    .filter(use -> AwaitedTasks.awaits(use, routes) && !use.isDynamic())
                    .forEach(found::add);
        }
        return found;
    }

    /** The shortest way from one workflow to another, both included; null if there is none. */
    private static @Nullable List<String> way(String from, String to, RouteSet routes) {
        Deque<List<String>> open = new ArrayDeque<>(List.of(List.of(from)));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            List<String> way = open.poll();
            String last = way.getLast();
            if (last.equals(to)) {
                return way;
            }
            RouteSource route = routes.workflow(last);
            if (seen.add(last) && route != null) {
                for (EndpointUse use : awaiting(route, routes)) {
                    List<String> longer = new ArrayList<>(way);
                    longer.add(use.path());
                    open.add(longer);
                }
            }
        }
        return null;
    }
}
