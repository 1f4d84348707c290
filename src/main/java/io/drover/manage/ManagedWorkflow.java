package io.drover.manage;

import io.drover.task.WorkflowRegistry;
import io.drover.task.WorkflowSpec;
import java.util.Optional;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedResource;

/** A workflow as this process has loaded it. */
@ManagedResource(description = "A workflow.")
public class ManagedWorkflow {

    private final String name;
    private final WorkflowRegistry workflows;

    ManagedWorkflow(String name, WorkflowRegistry workflows) {
        this.name = name;
        this.workflows = workflows;
    }

    @ManagedAttribute(description = "Attempts that this process runs.")
    public int getRunning() {
        return workflows.running(name);
    }

    @ManagedAttribute(description = "Attempts that this process runs at most.")
    public int getConcurrency() {
        return spec().map(WorkflowSpec::concurrency).orElse(0);
    }

    @ManagedAttribute(description = "Attempts before a task is dead.")
    public int getMaxAttempts() {
        return spec().map(WorkflowSpec::maxAttempts).orElse(0);
    }

    @ManagedAttribute(description = "Whether this process claims none of its tasks.")
    public boolean isPaused() {
        return workflows.isPaused(name);
    }

    @ManagedOperation(description = "Makes this process claim no more of its tasks; attempts under way continue.")
    public void pause() {
        workflows.pause(name);
    }

    @ManagedOperation(description = "Makes this process claim its tasks again.")
    public void resume() {
        workflows.resume(name);
    }

    private Optional<WorkflowSpec> spec() {
        return Optional.ofNullable(workflows.get(name)).map(workflow -> workflow.spec());
    }
}
