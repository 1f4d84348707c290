package io.drover.guard;

import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.tool.ToolSpec;

/**
 * A task that was redone asks about its effects: its models are asked again, and may want for a second time, with other
 * arguments, what is done already. Only an effect key tells that the two are the same.
 */
final class RedoneTask {

    static final String WHY = "the task was redone, and this call has effects and no effect key";

    private RedoneTask() {}

    /** Whether a person has to approve the call though its tool does not say so. */
    static boolean asks(GuardedCall call) {
        if (!call.attempt().task().redone()
                || call.spec().readOnly()
                || call.spec().name().startsWith(ToolSpec.MODEL)
                || call.isDoubtful() // it is repeated under its key, or a person is asked anyway
                || call.effect().effect() != null) {
            return false;
        }
        CallRecord known = call.attempt().recorded(call.identity().address());
        return known == null || known.state() != CallState.AGAIN; // a person has been asked about this very call
    }
}
