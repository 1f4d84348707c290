package io.drover.journal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * What is asked in the transaction that records that a call begins: whether earlier calls of all tasks leave room for it.
 * Calls that have a subject in common begin one after the other.
 */
public interface SubjectLimit {

    /** What the call has in common with others. */
    Collection<UUID> subjects();

    /** How long ago a call began that matters. */
    Duration within();

    /**
     * Decides. It is asked again where the transaction is repeated.
     *
     * @param earlier the other calls with one of the subjects that took effect, may have, or are under way
     */
    Room judge(List<Earlier> earlier);

    /** What is decided. */
    enum Room {
        /** The call may begin. */
        FREE,
        /** It may not. */
        FULL,
        /** That depends on a call that is under way. */
        OPEN,
        /** It may, if a person approves it: it has to come with a grant for that. */
        ASKS
    }

    /**
     * Another call.
     *
     * @param age       how long ago it began
     * @param arguments a JSON document
     */
    record Earlier(
            UUID subject, UUID task, UUID address, String tool, Duration age, String arguments, boolean isUnderWay) {}
}
