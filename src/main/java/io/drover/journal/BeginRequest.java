package io.drover.journal;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that is about to be made, and what it needs for that.
 *
 * @param call     as it is recorded when it begins
 * @param subjects what must not be held: the call does not begin after the commit of a hold on one of them
 * @param effect   what no other call may have; null where the call names no effect
 * @param grant    what must have been approved, or null: it is spent in the statement that records the begin
 * @param draws    the standing grants that may approve it, where it has not been approved
 * @param limit    whether earlier calls leave room for it; null where no rule asks that
 */
public record BeginRequest(
        CallRecord call,
        Collection<String> subjects,
        @Nullable Effect effect,
        @Nullable Grant grant,
        List<StandingGrant.Draw> draws,
        @Nullable SubjectLimit limit) {

    /** A call about which no rule asks what was done for others. */
    public BeginRequest(
            CallRecord call,
            Collection<String> subjects,
            @Nullable Effect effect,
            @Nullable Grant grant,
            List<StandingGrant.Draw> draws) {
        this(call, subjects, effect, grant, draws, null);
    }

    public BeginRequest(CallRecord call, Collection<String> subjects) {
        this(call, subjects, null, null, List.of());
    }
}
