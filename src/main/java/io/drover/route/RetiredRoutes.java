package io.drover.route;

import io.drover.guard.ToolRegistry;
import io.drover.task.WorkflowRegistry;
import java.util.HashSet;
import java.util.Set;

/** Routes out of force, which stay until the last attempt that began with them has ended. */
final class RetiredRoutes {

    private final CamelRoutes routes;
    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final Set<String> retired = new HashSet<>();

    RetiredRoutes(CamelRoutes routes, ToolRegistry tools, WorkflowRegistry workflows) {
        this.routes = routes;
        this.tools = tools;
        this.workflows = workflows;
    }

    /** New attempts do not find it any more. */
    void withdraw(String routeId) {
        tools.remove(routeId);
        workflows.remove(routeId);
    }

    /** It is removed when it is no longer used. */
    void add(String routeId) {
        retired.add(routeId);
    }

    /** Removes those that no attempt uses any more. */
    void sweep() {
        if (retired.isEmpty()) {
            return;
        }
        Set<String> reachable = tools.reachableRoutes();
        reachable.addAll(workflows.reachableRoutes());
        for (String routeId : Set.copyOf(retired)) {
            // A call that timed out may still be under way; stopping its route now would wait for it.
            boolean idle = routes.isIdle(routeId) || !routes.isShared(routes.definition(routeId));
            if (!reachable.contains(routeId) && idle) {
                routes.discard(routeId);
                retired.remove(routeId);
            }
        }
    }
}
