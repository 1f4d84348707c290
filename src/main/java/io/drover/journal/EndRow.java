package io.drover.journal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the end of an attempt makes of its task's row.
 *
 * @param givenBack attempts that do not count
 * @param delayMs   from now until the task is due again; below zero, only a decision or a result wakes it
 * @param pending   whether it waits for results of pending calls, or the end of another call, which may have come already
 * @param ending    what is kept of the attempt in a row of its own, or null for nothing
 */
record EndRow(
        String status,
        @Nullable String output,
        @Nullable String error,
        @Nullable String waitReason,
        int givenBack,
        long delayMs,
        boolean pending,
        @Nullable String ending) {

    private static final String FAILED = TaskAttempt.Ending.FAILED.name();

    static EndRow of(AttemptEnd end) {
        return switch (end) {
            case AttemptEnd.Completed c -> new EndRow("COMPLETED", c.output(), null, null, 0, 0, false, null);
            case AttemptEnd.Dead d -> new EndRow("DEAD", null, d.error(), null, 0, 0, false, FAILED);
            case AttemptEnd.Retry r ->
                new EndRow("WAITING", null, r.error(), WaitReason.RETRY.name(), 0, millis(r.backoff()), false, FAILED);
            case AttemptEnd.Waiting w ->
                new EndRow(
                        "WAITING",
                        null,
                        w.error(),
                        w.reason().name(),
                        1,
                        w.delay() == null ? -1 : millis(w.delay()),
                        w.mayBeWoken(),
                        null);
            case AttemptEnd.Released r ->
                new EndRow("QUEUED", null, null, null, 1, 0, false, TaskAttempt.Ending.HANDED_OVER.name());
        };
    }

    /** Whether the task waits for nothing any more. */
    boolean isFinal() {
        return TaskStatus.valueOf(status).isTerminal();
    }

    private static long millis(Duration duration) {
        return Math.max(0, duration.toMillis());
    }
}
