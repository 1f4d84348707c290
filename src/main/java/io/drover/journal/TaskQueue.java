package io.drover.journal;

import io.drover.encryption.SealedValueException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The hot path of a task: submit, claim, end. */
public interface TaskQueue {

    /**
     * Stores a task. When the future completes, the task is durable; a task that is already known is not stored again.
     */
    CompletableFuture<Submission> submit(NewTask task);

    /** Gives due tasks to the worker while it has room, in order of priority and due time within each workflow. */
    List<ClaimedTask> claim(UUID worker, List<ClaimRequest> requests, Room room);

    /**
     * Gives a task back that this process cannot read.
     * The attempt does not count; the task is due again in half a minute, here or where its key is known.
     */
    default void giveBack(Lease lease, SealedValueException why) {
        end(lease, AttemptEnd.Waiting.sealed(String.valueOf(why.getMessage())));
    }

    /** Ends an attempt that leaves no reads to be written. */
    default CompletableFuture<Boolean> end(Lease lease, AttemptEnd end) {
        return end(lease, end, List.of());
    }

    /**
     * Ends an attempt.
     *
     * @param reads the results of its reads that the journal does not hold yet; they are durable when the end is
     * @return false when the lease was lost: nothing was written
     */
    CompletableFuture<Boolean> end(Lease lease, AttemptEnd end, List<CallRecord> reads);
}
