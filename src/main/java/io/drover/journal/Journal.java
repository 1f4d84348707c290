package io.drover.journal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The record of the calls that tasks made. */
public interface Journal {

    /**
     * Records a call, or its progress, under the lease of the attempt that made it.
     *
     * @return false when the lease was lost, or when the call has a result already: nothing was written
     */
    CompletableFuture<Boolean> record(CallRecord call);

    /** Records calls of one attempt, at least one. @return false when one of them was refused, see {@link #record(CallRecord)} */
    default CompletableFuture<Boolean> record(List<CallRecord> calls) {
        return calls.stream()
                .map(this::record)
                .reduce((all, one) -> all.thenCombine(one, Boolean::logicalAnd))
                .orElseGet(() -> CompletableFuture.completedFuture(true));
    }

    /** Records that a call begins whose attempt has read nothing that is not written. */
    default CompletableFuture<Begin> begin(BeginRequest request) {
        return begin(request, List.of());
    }

    /**
     * Records that a call begins with all that it needs, or writes nothing of it.
     *
     * @param reads what its attempt has read before: written in the same commit, unless the lease was lost
     */
    CompletableFuture<Begin> begin(BeginRequest request, List<CallRecord> reads);

    /** What came of the record that a call begins. */
    sealed interface Begin {

        /** It is written. */
        record Begun() implements Begin {}

        /** A hold stops the call; nothing was written. */
        record Held() implements Begin {}

        /** It was not approved as it is now, or not lately enough; nothing was written. */
        record Unapproved() implements Begin {}

        /**
         * Another call has the effect; nothing was written.
         *
         * @param first that call; null where it has given the effect back by now
         */
        record Taken(@Nullable EffectHolder first) implements Begin {}

        /**
         * Earlier calls leave no room for it; nothing was written.
         *
         * @param room any but {@link SubjectLimit.Room#FREE}
         */
        record NoRoom(SubjectLimit.Room room) implements Begin {}

        /** As where {@link #record} answers false. */
        record Refused() implements Begin {}
    }

    /**
     * Records what became of a call that may have an effect. The tasks that wait for its end are woken, and one that is
     * {@code FAILED} gives the effect back.
     */
    CompletableFuture<Boolean> recordEnd(CallRecord call);

    /**
     * Has a task woken when the call that has an effect has ended.
     *
     * @return false when it has ended, or has given the effect back: there is nothing to wait for
     */
    CompletableFuture<Boolean> awaitEnd(UUID task, EffectHolder first);

    /** Keeps a result that came too late. */
    CompletableFuture<Void> keepLate(LateResult late);

    /**
     * The calls of these tasks, in the order in which they were made, for attempts that begin now: a person's decisions
     * among them are used from now on, and cannot be replaced any more.
     */
    Map<UUID, List<CallRecord>> callsToUse(Collection<UUID> tasks);
}
