package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.Settlement.Broke;
import io.drover.guard.Settlement.Returned;
import io.drover.journal.ApprovalRequest;
import io.drover.journal.ApprovalRequests;
import io.drover.journal.Attempt;
import io.drover.journal.BeginRequest;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Effect;
import io.drover.journal.EffectHolder;
import io.drover.journal.Journal;
import io.drover.journal.JournalProperties;
import io.drover.journal.KeptPreviews;
import io.drover.journal.LateResult;
import io.drover.journal.LeaseLostException;
import io.drover.journal.Preview;
import io.drover.journal.StandingGrant;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolOutcome.Origin;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The journal as the repository of Camel's idempotent consumer: a call with a result is a duplicate and is answered from
 * the journal, any other goes on, and its result is recorded before the workflow sees it; that of a read, before anything
 * that may depend on it.
 */
@Component(JournalRepository.BEAN)
class JournalRepository extends ExchangeRepository {

    static final String BEAN = "droverJournal";

    private static final int LONGEST_SUMMARY = 2000;

    private final Journal journal;
    private final ApprovalRequests approvals;
    private final LostCalls lost;
    private final KeptPreviews previews;
    private final boolean defersReads;
    private final Clock clock;

    JournalRepository(
            Journal journal,
            ApprovalRequests approvals,
            LostCalls lost,
            KeptPreviews previews,
            JournalProperties properties,
            Clock clock) {
        this.journal = journal;
        this.approvals = approvals;
        this.lost = lost;
        this.previews = previews;
        this.defersReads = properties.deferReads();
        this.clock = clock;
    }

    /** @return false when the call needs no sending: its outcome is set */
    @Override
    public boolean add(Exchange exchange, String key) {
        GuardedCall call = Try.of(exchange).call();
        CallRecord known = call.attempt().recorded(call.identity().address());
        if (known != null && !call.hasBegun()) {
            switch (known.state()) {
                case SUCCEEDED, REJECTED -> call.answered(replay(known));
                case STARTED, IN_DOUBT -> {
                    JsonNode first = SameEffect.conflict(known);
                    if (first != null) { // it has not been made, and is not until a person says so
                        call.conflictsWith(first);
                        call.answered(new ToolOutcome.InDoubt("another call had its effect, with other arguments"));
                        return false;
                    }
                    call.mayHaveTakenEffect();
                    if (!call.spec().isRepeatable()) {
                        call.answered(new ToolOutcome.InDoubt(
                                known.state() == CallState.STARTED
                                        ? "an earlier attempt was interrupted while the call was under way"
                                        : "its outcome is still unknown"));
                    }
                }
                case FAILED, AGAIN, PENDING, FORGOTTEN -> {} // the policy decides whether it is approved
            }
        }
        lost.check(call, known);
        return !call.isAnswered();
    }

    /**
     * Puts on record that a call is about to be made, where that must be known after a crash.
     *
     * @param subjects what must not be held then
     * @param keyed    false: it begins though another call has its effect
     * @param draws    the standing grants that may cover it
     * @return whether it has begun, or else what stops it
     */
    Journal.Begin begin(GuardedCall call, Collection<String> subjects, boolean keyed, List<StandingGrant.Draw> draws) {
        Journal.Begin begin = new Journal.Begin.Begun();
        boolean recorded = call.isToBeRecordedFirst();
        if (recorded) {
            CallRecord record = call.started();
            record.checkFollows(call.attempt().recorded(record.address()));
            Effect effect = keyed ? call.effect().effect() : null;
            begin = call.attempt()
                    .reads()
                    .begin(new BeginRequest(record, subjects, effect, call.grant(), draws, call.limit()), journal)
                    .join();
            if (!(begin instanceof Journal.Begin.Begun) && !(begin instanceof Journal.Begin.Refused)) {
                return begin;
            }
            written(call.attempt(), record, begin instanceof Journal.Begin.Begun);
        }
        if (!call.spec().readOnly()) {
            awaitReads(call.attempt());
        }
        call.began(recorded);
        return begin;
    }

    /**
     * Returns when the journal holds all that the attempt has read: something that may depend on it is about to leave.
     *
     * @throws LeaseLostException when the task is no longer this attempt's
     */
    void awaitReads(Attempt attempt) {
        boolean accepted;
        try {
            accepted = attempt.reads().send(journal).join();
        } catch (CompletionException e) {
            attempt.fail(Objects.requireNonNullElse(e.getCause(), e));
            throw e;
        }
        if (!accepted) {
            attempt.end("the lease is lost");
            throw new LeaseLostException(attempt.lease(), "recording what was read");
        }
    }

    /** The call waits for an approval. @return the number of the request */
    long asks(GuardedCall call, Function<CallRecord, ApprovalRequest> request) {
        awaitReads(call.attempt());
        CallRecord record = call.pending(clock.instant());
        Long id = approvals.ask(request.apply(record)).join();
        written(call.attempt(), record, id != null);
        return id;
    }

    /** The call is not to be approved any more. @return false where it was decided about in this moment, or the lease is lost */
    boolean waitsNoMore(GuardedCall call, String why) {
        CallRecord record = call.putOff(why, clock.instant());
        record.checkFollows(call.attempt().recorded(record.address()));
        boolean accepted = journal.record(record).join();
        if (accepted) {
            call.attempt().remember(record);
        }
        return accepted;
    }

    /** Has the task woken when the first call with the effect has ended. @return false when it has ended already */
    boolean awaitEnd(GuardedCall call, EffectHolder first) {
        return journal.awaitEnd(call.attempt().task().id(), first).join();
    }

    /** The call has the result of another one, and is not made. */
    ToolOutcome takeOver(GuardedCall call, String result) {
        CallRecord record = call.succeeded(result, clock.instant());
        write(call, record);
        return replay(record);
    }

    /**
     * The call of a dry run has this result, and is not made.
     *
     * @param answeredBy what the result comes from
     */
    ToolOutcome standIn(GuardedCall call, String result, String answeredBy) {
        CallRecord record = call.succeeded(result, clock.instant());
        previews.keep(new Preview(record.taskId(), record.address(), answeredBy, call.wouldAsk()));
        write(call.attempt(), record, false);
        Object value = Recorded.value(result, () -> "the result of a call that a dry run does not make");
        return new ToolOutcome.Succeeded(value, Origin.PREVIEW);
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
        Failure failure = current.read(exchange.getException());
        try {
            if (current.settle(new Broke(failure)) instanceof Returned returned) {
                succeeded(current.call(), returned.document());
                current.call().answered(new ToolOutcome.Succeeded(returned.value(), returned.origin()));
                exchange.setException(null);
            }
        } catch (RuntimeException e) {
            // the idempotent consumer does not see what its repository throws
            exchange.setException(e);
        }
    }

    /** The call has a result. Like the three below it returns when that is durable, unless nothing depends on it yet. */
    void succeeded(GuardedCall call, String result) {
        CallRecord record = call.succeeded(result, clock.instant());
        if (!defersReads || !call.mayBeDeferred() || !isDeferred(call.attempt(), record)) {
            write(call, record);
        }
    }

    private boolean isDeferred(Attempt attempt, CallRecord read) {
        read.checkFollows(attempt.recorded(read.address()));
        return !attempt.hasEnded() && attempt.defer(read, journal);
    }

    /** Records what an attempt has read without a call: it is durable before anything that may depend on it. */
    void read(Attempt attempt, CallRecord read) {
        if (!defersReads || !isDeferred(attempt, read)) {
            write(attempt, read, false);
        }
    }

    /** The call is made no further now. */
    void putOff(GuardedCall call, String summary) {
        write(call, call.putOff(summary, clock.instant()));
    }

    /** The call has turned out to have had no effect. */
    void surelyDidNot(GuardedCall call, String reason) {
        write(call, call.surelyDidNot(reason, clock.instant()));
    }

    /** The call's end is unknown, and somebody has to be asked. */
    void asks(GuardedCall call, String why) {
        write(call, call.asks(why, clock.instant()));
    }

    private void write(GuardedCall call, CallRecord record) {
        try {
            write(call.attempt(), record, call.mayHaveEffect());
        } catch (LeaseLostException e) {
            if (record.result() != null) {
                keepLate(call, "the lease is lost", record.result());
            }
            throw e;
        }
    }

    /** A call is in doubt whose tool is gone: only a person can say what became of it. */
    void doubt(Attempt attempt, CallRecord known, String why) {
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
                        error(why),
                        known.startedAt(),
                        clock.instant(),
                        known.rule(),
                        known.branch()),
                false);
    }

    /** A failed step's record says whether its task went on from the failure, and what it heard. */
    void heard(Attempt attempt, CallRecord known, String error) {
        write(attempt, known.withError(error, attempt.lease().token()), false);
    }

    /** A step that may not be done, and from which its task goes on without it, is on record as one that failed. */
    void refused(TaskContext context, FailedStep failed) {
        Attempt attempt = context.attempt();
        write(
                attempt,
                new CallRecord(
                        attempt.task().id(),
                        failed.address(),
                        attempt.number(failed.address()),
                        failed.name(),
                        CallState.FAILED,
                        0,
                        attempt.lease().token(),
                        0,
                        null,
                        failed.arguments(),
                        null,
                        CaughtFailures.error(failed),
                        clock.instant(),
                        clock.instant(),
                        null,
                        context.path()),
                false);
    }

    private void write(Attempt attempt, CallRecord record, boolean ends) {
        record.checkFollows(attempt.recorded(record.address()));
        written(attempt, record, (ends ? journal.recordEnd(record) : journal.record(record)).join());
    }

    private static void written(Attempt attempt, CallRecord record, boolean accepted) {
        if (!accepted) {
            attempt.end("the lease is lost");
            throw new LeaseLostException(attempt.lease(), "recording tool:" + record.tool() + " as " + record.state());
        }
        attempt.remember(record);
    }

    /** Keeps a result for which no caller waits any more. */
    void keepLate(GuardedCall call, String reason, String result) {
        journal.keepLate(new LateResult(
                call.attempt().task().id(),
                call.identity().address(),
                call.spec().name(),
                call.attempt().lease().token(),
                reason,
                result));
    }

    /** What the journal holds as a call's error. */
    static String error(String summary) {
        return error(summary, null);
    }

    /** The same, with the call that it conflicts with. */
    static String error(String summary, @Nullable JsonNode effect) {
        String message = Excerpt.of(summary, LONGEST_SUMMARY);
        return Json.write(effect == null ? Map.of("message", message) : Map.of("message", message, "effect", effect));
    }

    /** What a call came to that has a result, or of which a person decided that it failed. */
    static ToolOutcome replay(CallRecord known) {
        if (known.state() == CallState.REJECTED) {
            ToolOutcome unapproved = unapproved(known);
            if (unapproved != null) {
                return unapproved;
            }
            return new ToolOutcome.Failed("a person decided that it failed: " + known.error(), true, null);
        }
        String result = Objects.requireNonNull(known.result(), "a call that succeeded has a result");
        Object value = Recorded.value(
                result, () -> "call %d of task %s: the recorded result".formatted(known.n(), known.taskId()));
        return new ToolOutcome.Succeeded(value, Origin.JOURNAL);
    }

    /** That it was rejected or no decision came, or null where something else became of it. */
    private static @Nullable ToolOutcome unapproved(CallRecord known) {
        if (known.error() == null) {
            return null;
        }
        JsonNode error = Recorded.tree(
                known.error(), () -> "call %d of task %s: the recorded error".formatted(known.n(), known.taskId()));
        String message = error.path("message").asText();
        return switch (error.path("type").asText()) {
            case "rejected" -> new ToolOutcome.Unapproved(true, message);
            case "undecided" -> new ToolOutcome.Unapproved(false, message);
            default -> null;
        };
    }
}
