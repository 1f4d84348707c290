package io.drover.journal;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows about a call. What may become of it is said here and nowhere else: the journal's statement,
 * its writers and the table in {@code docs/architecture.md} follow it.
 */
public enum CallState {
    /**
     * It may be under way, or it was when its worker died: until there is a result, it is not known whether it took
     * effect.
     */
    STARTED,
    /** It succeeded and its result is recorded: it is never made again. */
    SUCCEEDED,
    /** It surely had no effect, or only reads; the next attempt makes it again, unless the route went on from the failure. */
    FAILED,
    /** Whether it took effect is unknown. A person is asked, unless the call may be repeated. */
    IN_DOUBT,
    /** A person decided: call again. */
    AGAIN,
    /** It failed, and no attempt makes it again: a person decided so, or the child task that it awaits did not complete. */
    REJECTED,
    /**
     * It waits for something from outside. The result of a wait for a signal, a time or a child task comes from there, and
     * no attempt makes it. A call that waits for an approval is made when it is approved, and ends when it is not.
     */
    PENDING,
    /**
     * A person had the task redone from this call or an earlier one. It is kept for people only: no attempt finds it, and
     * an equal call is another one.
     */
    FORGOTTEN;

    /** Whether nothing becomes of it any more, unless the task is redone. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == REJECTED || this == FORGOTTEN;
    }

    /**
     * What an attempt may record of a call.
     *
     * @param before what is recorded of it, or null for a new call
     */
    public static Set<CallState> byAttempt(@Nullable CallState before) {
        return switch (before) {
            case null -> EnumSet.of(STARTED, SUCCEEDED, FAILED, IN_DOUBT, PENDING);
            case FAILED, AGAIN -> EnumSet.of(STARTED, SUCCEEDED, FAILED, IN_DOUBT, PENDING);
            case PENDING -> EnumSet.of(STARTED, FAILED); // approved; or another call has its effect by now
            case STARTED, IN_DOUBT -> EnumSet.of(SUCCEEDED, FAILED, IN_DOUBT); // it is never begun beside itself
            case SUCCEEDED, REJECTED, FORGOTTEN -> EnumSet.noneOf(CallState.class);
        };
    }

    /** What a result from outside makes of it. */
    public Set<CallState> byResult() {
        return this == PENDING ? EnumSet.of(SUCCEEDED, REJECTED) : EnumSet.noneOf(CallState.class);
    }

    /** What a person may decide of a call that is recorded like this, while no attempt runs. */
    public Set<CallState> byPerson() {
        return switch (this) {
            case STARTED, IN_DOUBT -> EnumSet.of(SUCCEEDED, AGAIN, REJECTED);
            case SUCCEEDED, FAILED, AGAIN, REJECTED, PENDING, FORGOTTEN -> EnumSet.noneOf(CallState.class);
        };
    }
}
