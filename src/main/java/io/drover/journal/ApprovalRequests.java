package io.drover.journal;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks people about calls. */
public interface ApprovalRequests {

    /** The request of a call about which was decided in this moment. */
    long DECIDED = 0;

    /**
     * Records that a call waits for an approval. A request that is open, or approved, and asks about the same stays.
     *
     * @return the number of the request, or {@link #DECIDED}; null when the lease was lost, and nothing was written
     */
    CompletableFuture<@Nullable Long> ask(ApprovalRequest request);
}
