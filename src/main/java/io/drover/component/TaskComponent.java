package io.drover.component;

import io.drover.guard.CaughtFailures;
import io.drover.guard.PlannedCalls;
import io.drover.guard.ToolRegistry;
import io.drover.journal.Recovery;
import io.drover.route.Names;
import io.drover.route.PlainText;
import io.drover.route.RouteResources;
import io.drover.task.TaskService;
import io.drover.task.WorkflowRegistry;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.stereotype.Component;

/** {@code from: task:<workflow>} defines a workflow, {@code to: task:<workflow>} submits a task. */
@Component("task-component")
class TaskComponent extends DefaultComponent {

    final TaskService tasks;
    final ChildTasks children;
    final AwaitedChildren awaited;
    final WorkflowRegistry registry;
    final ToolRegistry tools;
    final RouteResources files;
    final Recovery recovery;
    final CaughtFailures caught;
    final PlannedCalls plans;

    TaskComponent(
            TaskService tasks,
            ChildTasks children,
            AwaitedChildren awaited,
            WorkflowRegistry registry,
            ToolRegistry tools,
            RouteResources files,
            Recovery recovery,
            CaughtFailures caught,
            PlannedCalls plans) {
        this.tasks = tasks;
        this.children = children;
        this.awaited = awaited;
        this.registry = registry;
        this.tools = tools;
        this.files = files;
        this.recovery = recovery;
        this.caught = caught;
        this.plans = plans;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String workflow, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        return new TaskEndpoint(uri, this, Names.check("task", workflow));
    }
}
