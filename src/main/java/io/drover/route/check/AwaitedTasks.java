package io.drover.route.check;

import java.util.stream.Stream;

/** The options of a step that awaits a task, or that would if it said so. */
final class AwaitedTasks implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            if (!use.is("task") || use.isConsumer()) {
                continue;
            }
            String join = routes.settings.resolve(use.value("joinWhen"));
            if (!awaits(use, routes)) {
                Stream.of("orphan", "shared", "joinWhen")
                        .filter(name -> use.option(name) != null)
                        .forEach(name -> findings.add(
                                route,
                                use.line(),
                                "%s: %s is for a task that is awaited; add await: \"true\"".formatted(use, name)));
            } else if (!join.isEmpty() && !join.equals("all")) {
                findings.add(
                        route,
                        use.line(),
                        "%s: joinWhen (%s) must be all: the task goes on when all of its children have ended"
                                .formatted(use, join));
            } else if (routes.settings.resolve(use.value("shared")).equals("true") && use.option("key") == null) {
                findings.add(route, use.line(), "%s: shared needs a key, by which the task is found".formatted(use));
            }
        }
    }

    static boolean awaits(EndpointUse use, RouteSet routes) {
        return use.is("task")
                && !use.isConsumer()
                && routes.settings.resolve(use.value("await")).equals("true");
    }
}
