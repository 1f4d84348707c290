package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.Failure.Kind;
import io.drover.guard.Try.Settlement.Broke;
import io.drover.guard.Try.Settlement.Returned;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Journal;
import io.drover.journal.LateResult;
import io.drover.journal.LeaseLostException;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolOutcome.Origin;
import java.time.Clock;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The journal as the repository of Camel's idempotent consumer: a call with a result is a duplicate and is answered from
 * the journal, any other goes on, and its result is recorded before the workflow sees it.
 */
@Component(JournalRepository.BEAN)
class JournalRepository extends ExchangeRepository {

    static final String BEAN = "droverJournal";

    private final Journal journal;
    private final LostCalls lost;
    private final Clock clock;

    JournalRepository(Journal journal, LostCalls lost, Clock clock) {
        this.journal = journal;
        this.lost = lost;
        this.clock = clock;
    }

    /** @return false when the call needs no sending: its outcome is set */
    @Override
    public boolean add(Exchange exchange, String key) {
        GuardedCall call = Try.of(exchange).call;
        CallRecord known = call.attempt().recorded(call.address);
        if (known != null && !call.started) {
            switch (known.state()) {
                case SUCCEEDED, REJECTED -> call.outcome = replay(known);
                case STARTED, IN_DOUBT -> {
                    call.mayHaveHappened = true;
                    if (!call.tool.spec().isRepeatable()) {
                        call.outcome = new ToolOutcome.InDoubt(
                                known.state() == CallState.STARTED
                                        ? "an earlier attempt was interrupted while it was under way"
                                        : "its end is still unknown");
                    }
                }
                case FAILED, AGAIN -> {}
            }
        }
        lost.check(call, known);
        return call.outcome == null;
    }

    /** Puts on record that a call is about to be made, where that must be known after a crash. */
    void begin(GuardedCall call) {
        if (!call.started && call.tool.spec().isRecordedFirst()) {
            if (!call.mayHaveHappened) { // else it is on record
                write(call, CallState.STARTED, null, null);
            }
            call.started = true;
        }
    }

    @Override
    public boolean confirm(Exchange exchange, String key) {
        settle(exchange);
        return true;
    }

    @Override
    public boolean remove(Exchange exchange, String key) {
        settle(exchange);
        return true;
    }

    /** Called when the guarded block has ended, well or not; a result that was captured in time counts whatever came after. */
    private void settle(Exchange exchange) {
        Try current = Try.of(exchange);
        Exception thrown = exchange.getException();
        Failure failure = thrown == null
                ? new Failure(Kind.UNKNOWN, "the tool's steps ended without a result", null, null)
                : current.read(thrown);
        try {
            if (current.settle(new Broke(failure)) instanceof Returned returned) {
                write(current.call, CallState.SUCCEEDED, returned.document(), null);
                current.call.outcome = new ToolOutcome.Succeeded(returned.value(), returned.origin());
                exchange.setException(null);
            }
        } catch (RuntimeException e) {
            // the idempotent consumer does not see what its repository throws
            exchange.setException(e);
        }
    }

    /** Writes what is known of the call, and returns when it is durable. */
    void write(GuardedCall call, CallState state, @Nullable String result, @Nullable String error) {
        CallRecord record = call.record(state, result, error, state == CallState.STARTED ? null : clock.instant());
        try {
            write(call.attempt(), record);
        } catch (LeaseLostException e) {
            if (result != null) {
                keepLate(call, "the lease is lost", result);
            }
            throw e;
        }
    }

    /** A call is in doubt whose tool is gone: only a person can say what became of it. */
    void doubt(Attempt attempt, CallRecord known, String error) {
        if (known.state() == CallState.IN_DOUBT) {
            return;
        }
        write(
                attempt,
                new CallRecord(
                        known.taskId(),
                        known.address(),
                        known.n(),
                        known.tool(),
                        CallState.IN_DOUBT,
                        known.tries(),
                        attempt.lease().token(),
                        known.definition(),
                        known.fallback(),
                        known.arguments(),
                        null,
                        error,
                        known.startedAt(),
                        clock.instant()));
    }

    private void write(Attempt attempt, CallRecord record) {
        if (!journal.record(record).join()) {
            attempt.end("the lease is lost");
            throw new LeaseLostException(attempt.lease(), "recording tool:" + record.tool() + " as " + record.state());
        }
        attempt.remember(record);
    }

    /** Keeps a result that nobody waits for any more. */
    void keepLate(GuardedCall call, String reason, String result) {
        journal.keepLate(new LateResult(
                call.attempt().task().id(),
                call.address,
                call.tool.spec().name(),
                call.attempt().lease().token(),
                reason,
                result));
    }

    /** What a call came to that has a result, or of which a person decided that it failed. */
    static ToolOutcome replay(CallRecord known) {
        if (known.state() == CallState.REJECTED) {
            return new ToolOutcome.Failed("a person decided that it failed: " + known.error(), true, null);
        }
        String result = Objects.requireNonNull(known.result(), "a call that succeeded has a result");
        try {
            return new ToolOutcome.Succeeded(Json.recorded(result), Origin.JOURNAL);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "call %d of task %s: the recorded result is not JSON".formatted(known.n(), known.taskId()), e);
        }
    }
}
