package io.drover.task;

import io.drover.hold.Hold;
import io.drover.hold.Hold.Kind;
import io.drover.hold.HoldsInForce;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which tasks a hold stops before their attempt begins. */
@Component
class HeldTasks {

    private final HoldsInForce holds;

    HeldTasks(HoldsInForce holds) {
        this.holds = holds;
    }

    /** How the attempt at a held task ends before it begins; null where it may begin. */
    AttemptEnd.@Nullable Waiting waiting(ClaimedTask task) {
        if (holds.isEmpty()) {
            return null; // as nearly always
        }
        List<String> subjects = new ArrayList<>(List.of(Hold.ALL, Kind.WORKFLOW.subject(task.workflow())));
        if (task.submittedBy() != null) {
            subjects.add(Kind.USER.subject(task.submittedBy()));
        }
        Hold hold = holds.onAny(subjects);
        return hold == null ? null : AttemptEnd.Waiting.held(hold.subject(), null, hold.text());
    }
}
