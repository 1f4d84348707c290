package io.drover.guard;

import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One call on its way through the guard, over all its tries in this attempt. */
final class GuardedCall {

    final TaskContext context;
    final GuardedTool tool;
    final UUID address;
    final ToolRequest request;
    final String argumentsDocument;

    /** Whether an answer that was kept for other calls will not do. */
    private boolean afresh;

    private final int n;
    private final int earlierTries;

    /** Set as soon as it is known what becomes of the call. */
    @Nullable
    ToolOutcome outcome;

    /** Whether it is on record that the call may be under way, as far as it has to be. */
    boolean started;

    /** Whether a try of this or an earlier attempt may have had its effect. */
    boolean mayHaveHappened;

    /** Whether neither the same key nor a {@code reconcile} tool can tell if it happened. */
    boolean onlyAPersonKnows;

    /** The tool that answered in place of this one. */
    @Nullable
    String fallback;

    /** The rate of which this call has booked one. */
    @Nullable
    FleetRate booked;

    int tries;
    private @Nullable Try last;
    private Instant startedAt;

    GuardedCall(TaskContext context, GuardedTool tool, UUID address, ToolRequest request, String argumentsDocument) {
        this.context = context;
        this.tool = tool;
        this.address = address;
        this.request = request;
        this.argumentsDocument = argumentsDocument;
        this.n = attempt().number(address);
        CallRecord known = attempt().recorded(address);
        this.earlierTries = known == null ? 0 : known.tries();
        this.startedAt = known == null ? Instant.EPOCH : known.startedAt();
    }

    /** A call whose answer must be of now. */
    static GuardedCall afresh(TaskContext context, GuardedTool tool, UUID address, ToolRequest request) {
        GuardedCall call = new GuardedCall(context, tool, address, request, Json.canonical(request.arguments()));
        call.afresh = true;
        return call;
    }

    boolean mayBeCached() {
        return !afresh;
    }

    Attempt attempt() {
        return context.attempt();
    }

    Try nextTry(Instant now) {
        tries++;
        outcome = null;
        if (tries == 1) {
            startedAt = now;
        }
        last = new Try(this);
        return last;
    }

    /** Whether the steps of the last try have ended, or end within this time. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        return last == null || last.endsWithin(patience);
    }

    /** What the journal is to hold of the call now. */
    CallRecord record(CallState state, @Nullable String result, @Nullable String error, @Nullable Instant finishedAt) {
        return new CallRecord(
                attempt().task().id(),
                address,
                n,
                tool.spec().name(),
                state,
                earlierTries + tries,
                attempt().lease().token(),
                tool.definition(),
                fallback,
                argumentsDocument,
                result,
                error,
                startedAt,
                finishedAt);
    }
}
