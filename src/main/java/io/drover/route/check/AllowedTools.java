package io.drover.route.check;

import io.drover.guard.GuardProperties;
import io.drover.memory.MemoryTool;
import java.util.Set;

/** The tools that a workflow calls are among those that configuration allows it. */
final class AllowedTools implements Check {

    private final GuardProperties settings;

    AllowedTools(GuardProperties settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isWorkflow()) {
            return;
        }
        String workflow = route.declaration().path();
        GuardProperties.WorkflowSettings allowed = settings.workflows().get(workflow);
        if (allowed == null || allowed.allowedTools() == null) {
            return;
        }
        Set<String> names = allowed.allowedTools();
        for (String name : names) {
            if (!routes.hasTool(name) && !routes.settings.isOfMcpServer(name)) {
                findings.add(
                        route,
                        route.declaration().line(),
                        "drover.workflows.%s.allowed-tools names '%s', which is not a tool%s"
                                .formatted(workflow, name, Nearest.hint(name, routes.tools())));
            }
        }
        for (EndpointUse use : route.uses()) {
            if (use.is("tool") && !names.contains(use.path())) {
                findings.add(
                        route,
                        use.line(),
                        "drover.workflows.%s.allowed-tools does not name %s".formatted(workflow, use.path()));
            }
            EndpointUse.Option memory = use.is("agent") ? use.option("memory") : null;
            if (memory != null && !names.contains(MemoryTool.RECALL.toolName())) {
                findings.add(
                        route,
                        memory.line(),
                        "memory: drover.workflows.%s.allowed-tools does not name %s"
                                .formatted(workflow, MemoryTool.RECALL.toolName()));
            }
        }
    }
}
