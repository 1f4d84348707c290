package io.drover.manage;

import io.drover.hold.Hold.Kind;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
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
    private final HoldsInForce holds;

    ManagedWorkflow(String name, WorkflowRegistry workflows, HoldsInForce holds) {
        this.name = name;
        this.workflows = workflows;
        this.holds = holds;
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

    @ManagedAttribute(description = "Whether it is held, for the whole fleet.")
    public boolean isPaused() {
        return holds.on(subject()) != null;
    }

    @ManagedOperation(
            description = "Holds it, for the whole fleet: its tasks wait, and attempts stop before their next call.")
    public void pause() {
        holds.set(new Holds.Request(Kind.WORKFLOW, name, "paused in Hawtio", null), JmxCaller.get());
    }

    @ManagedOperation(description = "Releases all holds on it.")
    public void resume() {
        holds.all().stream()
                .filter(hold -> hold.subject().equals(subject()))
                .forEach(hold -> holds.release(hold.id(), JmxCaller.get()));
    }

    private String subject() {
        return Kind.WORKFLOW.subject(name);
    }

    private Optional<WorkflowSpec> spec() {
        return Optional.ofNullable(workflows.get(name)).map(workflow -> workflow.spec());
    }
}
