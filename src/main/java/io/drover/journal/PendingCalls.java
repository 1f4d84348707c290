package io.drover.journal;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls whose results come from outside. */
public interface PendingCalls {

    /**
     * Records that a call is pending, and asks whether its result is there already.
     *
     * @return the call with its result, or as it was given while there is none; null when the lease was lost, and nothing
     *     was written
     */
    CompletableFuture<@Nullable CallRecord> begin(PendingCall call);
}
