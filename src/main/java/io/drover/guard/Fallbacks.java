package io.drover.guard;

import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.json.Json;
import io.drover.start.Listeners;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Calls another tool in place of one that cannot answer.
 * That is on record before the other one is called, so a later attempt calls the same one.
 */
final class Fallbacks {

    private final Entrance entrance;
    private final JournalRepository journal;
    private final Listeners<ToolCallListener> listeners;

    Fallbacks(Entrance entrance, JournalRepository journal, Listeners<ToolCallListener> listeners) {
        this.entrance = entrance;
        this.journal = journal;
        this.listeners = listeners;
    }

    /** The tool that an attempt has decided to call in place of a recorded call, or null. */
    static @Nullable String decided(@Nullable CallRecord known) {
        return known != null && known.state() == CallState.FAILED ? known.fallback() : null;
    }

    /**
     * Whether there is a fallback, and surely no try of this call took effect: what may be done is not done by another tool
     * as well.
     */
    static boolean isAllowed(GuardedCall call, Failure failure) {
        ToolSpec spec = call.spec();
        boolean callsTools = failure.cause() instanceof ToolCallException; // one of them may have succeeded
        return spec.fallback() != null
                && (spec.readOnly() || failure.surelyDidNotHappen() && !call.isDoubtful() && !callsTools);
    }

    /** Decides to call another tool in place of this one, and calls it. */
    ToolOutcome decide(GuardedCall call, String fallback, Failure failure) {
        call.fellBackOn(fallback);
        journal.putOff(call, failure.summary());
        listeners.each(listener ->
                listener.fellBack(call.attempt().task().mode(), call.spec().name(), fallback));
        return make(call, fallback);
    }

    /** Calls the other tool, as was decided. */
    ToolOutcome make(GuardedCall call, String fallback) {
        call.fellBackOn(fallback);
        CallIdentity which = call.identity();
        call.attempt().calls().ended(which.address());
        ToolOutcome outcome = make(
                which.context(),
                which.request().of(fallback, call.effect().effect(), which.redaction()),
                which.address(),
                which.document());
        if (outcome instanceof ToolOutcome.Succeeded done) {
            journal.succeeded(call, Json.write(done.value()));
        }
        return outcome;
    }

    /** The same where nothing is left of the first tool but its record. @param request of the other tool */
    ToolOutcome make(TaskContext context, ToolRequest request, UUID address, String document) {
        return entrance.enter(context, request, RecordedCalls.fallbackAddress(address, request.tool()), document);
    }
}
