package io.drover.journal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The record of the calls that tasks made. */
public interface Journal {

    /**
     * Records a call, or its progress, under the lease of the attempt that made it.
     *
     * @return false when the lease was lost, or when the call has a result already: nothing was written
     */
    CompletableFuture<Boolean> record(CallRecord call);

    /** Keeps a result that came too late. */
    CompletableFuture<Void> keepLate(LateResult late);

    /** The calls of these tasks, in the order in which they were made. */
    Map<UUID, List<CallRecord>> calls(Collection<UUID> tasks);
}
