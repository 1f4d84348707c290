package io.drover.api;

import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.task.Outcomes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * Waits for the end of a task on the request's virtual thread. A task that ends in this process wakes it; for one that
 * ends elsewhere it looks into the database, ever less often.
 */
@Component
class OutcomeWait {

    private static final long FIRST_LOOK_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final Outcomes outcomes;
    private final TaskStore store;

    OutcomeWait(Outcomes outcomes, TaskStore store) {
        this.outcomes = outcomes;
        this.store = store;
    }

    /** The outcome, when the task has ended in time. */
    Optional<TaskAnswer> await(UUID id, String workflow, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_LOOK_MS;
        try {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return Optional.empty();
                }
                try {
                    return Optional.ofNullable(TaskAnswer.of(
                            id, workflow, outcomes.of(id).get(Math.min(left, pause), TimeUnit.MILLISECONDS)));
                } catch (TimeoutException e) {
                    Optional<TaskView> ended =
                            store.find(id).filter(task -> task.status().isTerminal());
                    if (ended.isPresent()) {
                        return ended.map(TaskAnswer::of);
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
}
