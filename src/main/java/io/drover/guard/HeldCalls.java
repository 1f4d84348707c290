package io.drover.guard;

import io.drover.hold.Hold;
import io.drover.hold.Hold.Kind;
import io.drover.hold.HoldsInForce;
import io.drover.journal.ClaimedTask;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which calls a hold stops. */
@Component
class HeldCalls {

    private final HoldsInForce holds;

    HeldCalls(HoldsInForce holds) {
        this.holds = holds;
    }

    /** The hold that stops a call, or null. */
    ToolOutcome.@Nullable Held on(CallIdentity call) {
        if (holds.isEmpty()) {
            return null; // as nearly always
        }
        Hold hold = holds.onAny(subjects(call));
        return hold == null ? null : new ToolOutcome.Held(hold.subject(), hold.text());
    }

    /** The hold that the database knew of when the call was to begin, and this process did not. */
    ToolOutcome.Held sinceBegin(CallIdentity call) {
        holds.refresh();
        ToolOutcome.Held held = on(call);
        String tool = Kind.TOOL.subject(call.tool().spec().name());
        return held == null ? new ToolOutcome.Held(tool, "a hold stopped the call, and is released by now") : held;
    }

    /**
     * What must not be held when a call is made. A question about another call only reads, so it is asked also where that
     * call, or its task, is held.
     */
    static List<String> subjects(CallIdentity call) {
        String tool = call.tool().spec().name();
        List<String> subjects = new ArrayList<>();
        subjects.add(Hold.ALL);
        subjects.add(Kind.TOOL.subject(tool));
        if (call.afresh()) {
            return subjects;
        }
        if (tool.startsWith(ToolSpec.MODEL)) {
            subjects.add(Kind.MODEL.subject(tool.substring(ToolSpec.MODEL.length())));
        }
        call.context().agents().forEach(agent -> subjects.add(Kind.AGENT.subject(agent)));
        ClaimedTask task = call.context().attempt().task();
        subjects.add(Kind.WORKFLOW.subject(task.workflow()));
        if (task.submittedBy() != null) {
            subjects.add(Kind.USER.subject(task.submittedBy()));
        }
        return subjects;
    }
}
