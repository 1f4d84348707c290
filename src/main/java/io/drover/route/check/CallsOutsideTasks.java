package io.drover.route.check;

import io.drover.task.Signals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tools are called by tasks: a trigger submits one, it does not call tools itself. And only workflows wait.
 * What the steps of a route do counts, and what the routes do that it reaches within the process.
 */
final class CallsOutsideTasks implements Check {

    private final boolean alone;

    /** @param alone whether to look at the route's own steps, or at those of the other routes that it reaches */
    CallsOutsideTasks(boolean alone) {
        this.alone = alone;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isTrigger() && !route.isTool()) {
            return;
        }
        if (alone) {
            steps(route, route, routes, findings);
        } else {
            SideEffects.reached(List.of(route), routes).stream()
                    .filter(inner -> inner.kind() == RouteKind.INNER)
                    .forEach(inner -> steps(route, inner, routes, findings));
        }
    }

    private static void steps(RouteSource caller, RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            String problem = caller.isTool() ? inTool(use, routes) : inTrigger(use, routes);
            if (problem != null) {
                findings.add(route, use.line(), problem.formatted(use, place(caller, route)));
            }
        }
    }

    private static String place(RouteSource caller, RouteSource route) {
        String kind = caller.isTool() ? "a tool's route" : "a trigger";
        return caller == route ? kind : "steps of %s, by way of %s".formatted(caller.id(), route.from());
    }

    private static @Nullable String inTool(EndpointUse use, RouteSet routes) {
        if (AwaitedTasks.awaits(use, routes)) {
            return "%s with await stands in %s; a tool cannot wait, so let the workflow await the task, and give its output to the tool or the agent";
        }
        return use.is("wait")
                ? "%s stands in %s; a tool cannot wait, so let the workflow wait before or after the step that calls the tool or the agent"
                : null;
    }

    private static @Nullable String inTrigger(EndpointUse use, RouteSet routes) {
        if (AwaitedTasks.awaits(use, routes)) {
            return "%s with await stands in %s; a trigger submits a task without await";
        }
        if (use.is("signal") && use.path().equals(Signals.PROGRESS)) {
            return "%s stands in %s; only a task has progress, so publish it in the workflow's route";
        }
        return use.is("tool") || use.is("agent") || use.is("wait")
                ? "%s stands in %s, and is called outside a task; submit a task with to: task:<workflow>, and call it from the route of that workflow"
                : null;
    }
}
