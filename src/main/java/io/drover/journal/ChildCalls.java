package io.drover.journal;

import java.util.concurrent.CompletableFuture;

/** Calls whose results are the ends of child tasks. */
public interface ChildCalls {

    /**
     * Records that a call is pending and submits its child, both or none.
     * The result is read by a later attempt, even where the child has ended already.
     *
     * @return false when the lease was lost, and nothing was written
     */
    CompletableFuture<Boolean> begin(ChildCall call);

    /**
     * Gives calls their results whose children have ended without that: a process of an earlier release ended them,
     * which knows no children.
     *
     * @return how many children that were, at most a batch
     */
    int settleEnded();
}
