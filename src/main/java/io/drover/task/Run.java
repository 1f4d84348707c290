package io.drover.task;

import io.drover.journal.Attempt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An attempt that this worker is running. */
final class Run {

    final Workflow workflow;
    final Attempt attempt;
    final long startedNanos;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile boolean isFinal;

    Run(Workflow workflow, Attempt attempt, long startedNanos) {
        this.workflow = workflow;
        this.attempt = attempt;
        this.startedNanos = startedNanos;
    }

    void onThisThread() {
        thread = Thread.currentThread();
    }

    /** The caller that gets true decides how the attempt ends. */
    boolean tryEnd() {
        return over.compareAndSet(false, true);
    }

    /** The attempt has ended its task. */
    void endedTask() {
        isFinal = true;
    }

    /** Whether it has, so that the task is not in the queue again. */
    boolean isFinal() {
        return isFinal;
    }

    /** Refuses further calls and wakes the thread out of what it waits for. */
    void abandon(String reason) {
        attempt.end(reason);
        Thread runs = thread;
        if (runs != null) {
            runs.interrupt();
        }
    }
}
