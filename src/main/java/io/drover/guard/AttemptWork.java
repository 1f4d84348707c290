package io.drover.guard;

import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.tool.ToolOutcome;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in the name of an attempt: the attempt does not end before this work does, and no work begins after its end. */
public final class AttemptWork {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptWork.class);

    private AttemptWork() {}

    /**
     * Work begins; the caller says {@code context.attempt().done()} when it has ended.
     *
     * @param what what is called, for messages
     * @throws io.drover.journal.LeaseLostException when the attempt is over
     */
    public static void begin(TaskContext context, String what) {
        if (context.attempt().begin()) {
            return;
        }
        String over = String.valueOf(context.attempt().over());
        LOG.error(
                "task {}: {} is called after its attempt has ended, and is refused ({}). "
                        + "A step of workflow {} continues in another thread, and nothing waits for it",
                context.attempt().task().id(),
                what,
                over,
                context.attempt().task().workflow());
        throw new AttemptOverException(context.attempt().lease(), over);
    }

    /** @throws io.drover.journal.LeaseLostException when the attempt has ended, or it or this branch is about to wait */
    public static void mustGoOn(TaskContext context) {
        context.mustGoOn(context.attempt().over());
    }

    /** Whether a call that failed for its caller may have taken effect, or was decided by a person. */
    static boolean mayHaveTakenEffect(TaskContext context, UUID address, ToolOutcome outcome) {
        CallRecord known = context.attempt().recorded(address);
        return outcome instanceof ToolOutcome.Failed
                && known != null
                && (known.state() == CallState.IN_DOUBT || known.state() == CallState.REJECTED);
    }
}
