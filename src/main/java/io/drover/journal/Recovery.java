package io.drover.journal;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Knows of a database that went back in time, and so has forgotten calls.
 * Tasks that it holds, and tasks of events that come again, may have made calls that are not in its journal.
 * The mark that says so stays in the database, and applies to every process that starts on it.
 */
public interface Recovery {

    /** When the last recovery began, or null if the database never went back. */
    @Nullable
    Instant began();

    /** The message about a call that may have been made. */
    String reason();

    /** Whether the task may have made calls that the journal does not hold. */
    boolean doubts(ClaimedTask task);

    /** The same of a task that another one tells of, which is not at hand. */
    boolean doubts(UUID task);

    /**
     * Whether a task of an event may have run before the database went back.
     *
     * @param event when it occurred; null where it bears no time, so that it may come again for a while
     */
    boolean mayHaveSeen(@Nullable Instant event);

    /** Records that this task, which is about to be submitted, may have run before. */
    void doubt(UUID task);

    /** What sets the offsets of a consumer group back. */
    public interface Rewind {

        /** @param to records that are older need not be read again */
        void rewind(Instant to) throws Exception;
    }

    /**
     * Sets a consumer group back, once for each recovery, whatever the number of processes; other processes wait
     * meanwhile.
     *
     * @throws IllegalStateException when it was not set back; the next caller then tries again
     */
    void once(String brokers, String group, Rewind rewind);
}
