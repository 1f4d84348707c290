package io.drover.task;

import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Is notified about attempts, for example for metrics. It must return quickly. */
public interface TaskListener {

    /** An attempt begins, on its own thread. */
    void began(ClaimedTask task);

    /**
     * An attempt has ended, on its own thread, and the end is durable.
     *
     * @param cause    why it failed or waits, or null
     * @param duration of the attempt
     */
    void ended(ClaimedTask task, AttemptEnd end, @Nullable Throwable cause, Duration duration);
}
