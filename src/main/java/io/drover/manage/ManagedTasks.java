package io.drover.manage;

import io.drover.guard.ToolRegistry;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskDecisions.Verdict;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskRedo.Plan;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.WaitReason;
import java.util.UUID;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedOperationParameter;
import org.springframework.jmx.export.annotation.ManagedResource;
import org.springframework.stereotype.Component;

/** The tasks of the whole fleet, as the database holds them. */
@Component
@ManagedResource(objectName = "io.drover:type=Tasks", description = "The tasks of the whole fleet.")
public class ManagedTasks {

    private final TaskStore store;
    private final TaskDecisions decisions;
    private final TaskRedo redo;
    private final ToolRegistry tools;

    ManagedTasks(TaskStore store, TaskDecisions decisions, TaskRedo redo, ToolRegistry tools) {
        this.redo = redo;
        this.tools = tools;
        this.store = store;
        this.decisions = decisions;
    }

    @ManagedAttribute(description = "Tasks that are due, counted up to 100,000 a workflow.")
    public long getQueued() {
        return count(TaskStatus.QUEUED);
    }

    @ManagedAttribute(description = "Tasks that a worker runs.")
    public long getRunning() {
        return count(TaskStatus.RUNNING);
    }

    @ManagedAttribute(description = "Tasks that wait for their time, a breaker, a rate or a person.")
    public long getWaiting() {
        return count(TaskStatus.WAITING);
    }

    @ManagedAttribute(description = "Tasks that wait for a person, because the outcome of a call is unknown.")
    public long getInDoubt() {
        return store.waits().stream()
                .filter(waits -> waits.reason() == WaitReason.IN_DOUBT)
                .mapToLong(TaskStore.Waits::count)
                .sum();
    }

    @ManagedOperation(description = "Queues a dead task again. Finished calls are not made again.")
    @ManagedOperationParameter(name = "task", description = "Its id.")
    public String retry(String task) {
        return said(decisions.redrive(UUID.fromString(task), JmxCaller.get()));
    }

    @ManagedOperation(
            description = "Queues a dead task again; what models answered and tools read from a call on is forgotten.")
    @ManagedOperationParameter(name = "task", description = "Its id.")
    @ManagedOperationParameter(name = "from", description = "The number of the first call to forget.")
    public String redo(String task, int from) {
        return switch (redo.redo(UUID.fromString(task), from, tools.reading(), JmxCaller.get())) {
            case Plan.Calls calls -> "done";
            case Plan.Unknown unknown -> unknown.what();
            case Plan.WrongState wrong -> "refused: " + wrong.why();
            case Plan.Kept kept -> "refused: " + kept.why();
        };
    }

    @ManagedOperation(description = "Ends a task that is not completed.")
    @ManagedOperationParameter(name = "task", description = "Its id.")
    public String cancel(String task) {
        return said(decisions.cancel(UUID.fromString(task), JmxCaller.get()));
    }

    private long count(TaskStatus status) {
        return store.depths().stream()
                .filter(depth -> depth.status() == status)
                .mapToLong(TaskStore.Depth::count)
                .sum();
    }

    private static String said(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Done done -> "done";
            case Verdict.Unknown unknown -> "there is no " + unknown.what();
            case Verdict.Refused refused -> "refused: " + refused.why();
        };
    }
}
