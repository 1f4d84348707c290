package io.drover.journal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call that people are asked about.
 *
 * @param call         in the state {@link CallState#PENDING}
 * @param isPending    whether it is recorded like that already
 * @param grant        what is to be approved
 * @param summary      what an approver reads first, or null
 * @param need         the number of people who have to approve
 * @param approvers    the users who may; empty for all with the role
 * @param decideWithin how long it waits for the decision, by the database's clock, or null for ever
 * @param useWithin    how long after the decision it may begin, or null for ever
 * @param notices      the tools that are called while it waits
 */
public record ApprovalRequest(
        CallRecord call,
        boolean isPending,
        Grant grant,
        @Nullable String summary,
        int need,
        Set<String> approvers,
        @Nullable Duration decideWithin,
        @Nullable Duration useWithin,
        List<Notice> notices) {

    /**
     * A tool that is called once, when people have been asked for so long.
     *
     * @param occasion {@code reminder} or {@code escalation}
     */
    public record Notice(String occasion, String tool, Duration after) {}

    long length() {
        return call.length() + (summary == null ? 0 : summary.length());
    }

    static @Nullable String millis(@Nullable Duration duration) {
        return duration == null ? null : Long.toString(duration.toMillis());
    }
}
