package io.drover.journal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The signals that were sent. */
public interface Signals {

    /** Stores a signal. When the future completes it is durable, and the tasks that wait for it are woken soon. */
    CompletableFuture<Signal.Outcome> send(Signal signal);

    /**
     * Deletes signals that are older.
     *
     * @param most in one statement
     * @return how many
     */
    int forget(Duration age, int most);
}
