package io.drover.route.check;

/** Tools are called by tasks: a trigger submits one, it does not call tools itself. And only workflows wait. */
final class CallsOutsideTasks implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.isTrigger()) {
            route.uses().stream()
                    .filter(use -> use.is("tool") || use.is("agent") || use.is("wait"))
                    .forEach(use -> findings.add(
                            route,
                            use.line(),
                            "%s is called outside a task; submit a task with to: task:<workflow>, and call the tool from its route"
                                    .formatted(use)));
            route.uses().stream()
                    .filter(use -> AwaitedTasks.awaits(use, routes))
                    .forEach(use -> findings.add(
                            route,
                            use.line(),
                            "%s with await stands in a trigger; a trigger submits a task without await"
                                    .formatted(use)));
        } else if (route.isTool()) {
            route.uses().stream()
                    .filter(use -> AwaitedTasks.awaits(use, routes))
                    .forEach(use -> findings.add(
                            route,
                            use.line(),
                            "%s with await stands in a tool's route; a tool cannot wait, so let the workflow await the task"
                                    .formatted(use)));
            route.uses().stream()
                    .filter(use -> use.is("wait"))
                    .forEach(use -> findings.add(
                            route,
                            use.line(),
                            "%s stands in a tool's route; a tool cannot wait, so let the workflow wait before or after the call"
                                    .formatted(use)));
        }
    }
}
