package io.drover.journal;

import org.jspecify.annotations.Nullable;

/** A branch of the attempt goes no further, because the result of a pending call is not there. */
public final class PendingException extends LeaseLostException {

    private static final int MOST_CAUSES = 100;

    public PendingException(Lease lease) {
        super("task %s: this branch goes on when the result of its pending call is there".formatted(lease.task()));
    }

    /** Whether it, or something that it led to, was thrown. */
    public static boolean isIn(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof PendingException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
