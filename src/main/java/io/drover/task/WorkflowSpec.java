package io.drover.task;

import io.drover.tool.Arguments;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow's route says of its tasks.
 *
 * @param maxAttempts after so many failed attempts the task is dead
 * @param timeout     for one attempt
 * @param concurrency attempts at once in one process
 * @param backoff     before the second attempt; doubles with each, up to {@link #LONGEST_BACKOFF}
 * @param priority    of its tasks, where the submitter does not say; 0 to 9, 9 first
 * @param worker      the kind of worker that works on its tasks
 * @param inputSchema what the input must look like, or null for any JSON
 */
public record WorkflowSpec(
        String name,
        int maxAttempts,
        Duration timeout,
        int concurrency,
        Duration backoff,
        int priority,
        WorkerKind worker,
        @Nullable Arguments inputSchema) {

    static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    public WorkflowSpec {
        atLeast("maxAttempts", maxAttempts, 1);
        atLeast("concurrency", concurrency, 1);
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("priority (%d) must be between 0 and 9".formatted(priority));
        }
        if (timeout.isZero() || timeout.isNegative() || backoff.isNegative()) {
            throw new IllegalArgumentException(
                    "timeout (%s) must be positive, backoff (%s) not negative".formatted(timeout, backoff));
        }
    }

    /** Before the next attempt, without jitter. */
    Duration backoffAfter(int attempt) {
        Duration exponential = backoff.multipliedBy(1L << Math.min(attempt - 1, 20));
        return exponential.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : exponential;
    }

    private static void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s (%d) must be at least %d".formatted(option, value, least));
        }
    }
}
