package io.drover.manage;

import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskDecisions.Verdict;
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

    ManagedTasks(TaskStore store, TaskDecisions decisions) {
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
