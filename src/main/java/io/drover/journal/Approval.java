package io.drover.journal;

import io.drover.who.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request for an approval, as people see it.
 *
 * @param n           the call's number in its task
 * @param arguments   of the call, as a JSON document
 * @param submittedBy who submitted the task, or null
 * @param approvers   who may vote; empty for all with the role
 * @param decideBy    until when it waits, or null for ever
 * @param useBy       until when an approved call may begin, or null for ever, or while it is not approved
 * @param spentAt     when the call began, or null
 * @param standing    the standing grant that approved it, or null
 */
public record Approval(
        long id,
        UUID task,
        int n,
        String workflow,
        @Nullable String submittedBy,
        String tool,
        String arguments,
        long definition,
        @Nullable String summary,
        int need,
        Set<String> approvers,
        Instant askedAt,
        @Nullable Instant decideBy,
        State state,
        @Nullable Instant decidedAt,
        @Nullable Instant useBy,
        @Nullable Instant spentAt,
        @Nullable Long standing,
        List<Vote> votes) {

    /** What became of it. */
    public enum State {
        /** People may vote. */
        OPEN,
        /** The call may begin. */
        APPROVED,
        /** It was approved, and the call has begun. */
        SPENT,
        /** A person said no. */
        REJECTED,
        /** No decision came in time. */
        UNDECIDED,
        /** It waits for nothing any more: the task has ended, or is asked about something else. */
        CLOSED
    }

    /** What a person said. */
    public record Vote(String who, boolean approves, @Payload @Nullable String reason, Instant at) {}

    Approval with(List<Vote> all) {
        return new Approval(
                id,
                task,
                n,
                workflow,
                submittedBy,
                tool,
                arguments,
                definition,
                summary,
                need,
                approvers,
                askedAt,
                decideBy,
                state,
                decidedAt,
                useBy,
                spentAt,
                standing,
                all);
    }
}
