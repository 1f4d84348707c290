package io.drover.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a task, as it is kept for people.
 *
 * @param n       its number; one that does not count has the number of the next one
 * @param worker  the name of the worker that ran it, or null if it is not known
 * @param beganAt null if it began under a release that did not keep it
 * @param endedAt null if it has not ended, or waits
 * @param ending  null if it has not ended, or waits
 * @param error   why it failed, as a JSON document, or null
 */
public record TaskAttempt(
        int n,
        @Nullable String worker,
        @Nullable Instant beganAt,
        @Nullable Instant endedAt,
        @Nullable Ending ending,
        @Nullable String error) {

    /** How many attempts of a task are kept, the newest ones; without the one that completes it. */
    public static final int MOST_KEPT = 50;

    /** How an attempt ended. */
    public enum Ending {
        /** It completed the task. */
        COMPLETED,
        /** It failed. */
        FAILED,
        /** Its worker stopped, and another one continued. */
        HANDED_OVER,
        /** Its worker died, or its lease ran out. */
        WORKER_LOST,
        /** The task was cancelled. */
        CANCELLED
    }
}
