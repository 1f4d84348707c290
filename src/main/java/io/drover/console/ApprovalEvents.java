package io.drover.console;

import static io.drover.console.Timeline.event;

import io.drover.api.TaskInfo;
import io.drover.console.Timeline.Event;
import io.drover.journal.Approval;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What happened to the approval of a call: asked, votes, no decision, spent. */
final class ApprovalEvents {

    /** What the audit calls votes and questions, which are among these events. */
    static final Set<String> AUDITED = Set.of("approve", "reject", "ask");

    private ApprovalEvents() {}

    static List<Event> of(TaskInfo.CallApproval approval) {
        String call = "call %d (%s)".formatted(approval.call(), approval.tool());
        if (approval.standingGrant() != null) {
            return List.of(
                    event(approval.askedAt(), call + " was approved by standing grant " + approval.standingGrant()));
        }
        String name = "approval " + approval.id();
        List<Event> events = new ArrayList<>();
        events.add(event(
                approval.askedAt(),
                "%s asked for %s%s"
                        .formatted(call, name, approval.summary() == null ? "" : ": " + approval.summary())));
        for (Approval.Vote vote : approval.votes()) {
            String said = vote.approves() ? "approved" : "rejected";
            String why = vote.reason() == null ? "" : ": " + vote.reason();
            events.add(event(vote.at(), "%s: %s by %s%s".formatted(name, said, vote.who(), why)));
        }
        if (approval.state() == Approval.State.UNDECIDED && approval.decidedAt() != null) {
            events.add(event(approval.decidedAt(), name + ": no decision came in time"));
        }
        if (approval.spentAt() != null) {
            events.add(event(approval.spentAt(), name + " was spent: " + call + " began"));
        }
        return events;
    }
}
