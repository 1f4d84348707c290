package io.drover.task;

import io.drover.journal.AttemptEnd;
import io.drover.journal.QueueState.Progress;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/**
 * Waits for the end of a task on the caller's virtual thread. A task that ends in this process wakes it; for a task
 * that ends elsewhere it reads the database, at growing intervals.
 */
@Component
public class OutcomeWait {

    private static final long FIRST_LOOK_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final OutcomeSignals outcomes;
    private final TaskStore store;

    OutcomeWait(OutcomeSignals outcomes, TaskStore store) {
        this.outcomes = outcomes;
        this.store = store;
    }

    /** The outcome, if the task ended in time. */
    public Optional<Progress> await(UUID id, Duration patience) throws InterruptedException {
        return await(id, patience, task -> task.status().isTerminal());
    }

    /**
     * The same, but also ends when the database shows the task in the state that the caller wants.
     *
     * @param enough whether there is nothing more to wait for; asked at least once a second
     */
    public Optional<Progress> await(UUID id, Duration patience, Predicate<TaskView> enough)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_LOOK_MS;
        try {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return Optional.empty();
                }
                try {
                    return Optional.of(progress(outcomes.of(id).get(Math.min(left, pause), TimeUnit.MILLISECONDS)));
                } catch (TimeoutException e) {
                    Optional<TaskView> found = store.find(id).filter(enough);
                    if (found.isPresent()) {
                        return found.map(task -> new Progress(task.status(), task.output(), task.error()));
                    }
                }
                pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never exceptional", e);
        } finally {
            outcomes.forget(id);
        }
    }

    private static Progress progress(AttemptEnd end) {
        return switch (end) {
            case AttemptEnd.Completed completed -> new Progress(TaskStatus.COMPLETED, completed.output(), null);
            case AttemptEnd.Dead dead -> new Progress(TaskStatus.DEAD, null, dead.error());
            default -> throw new IllegalStateException("a task does not end by " + end);
        };
    }
}
