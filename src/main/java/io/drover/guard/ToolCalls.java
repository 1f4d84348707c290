package io.drover.guard;

import io.drover.guard.Failure.Kind;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.LeaseLostException;
import io.drover.json.Digest;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.start.Listeners;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolOutcome.Deferred;
import io.drover.tool.ToolOutcome.Origin;
import io.drover.tool.ToolOutcome.Succeeded;
import io.drover.tool.ToolSpec;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The only way to call a tool. It addresses the call by its content, sends it through the guard, tries again what may be
 * tried again, falls back, and asks the tool's {@code reconcile} tool, or a person, about a call whose end is unknown.
 */
@Component
public class ToolCalls {

    private static final int LONGEST_SUMMARY = 2000;
    private static final Duration UNTIL_THE_TOOL_IS_HERE = Duration.ofSeconds(10);

    private final Guard guard;
    private final JournalRepository journal;
    private final Listeners<ToolCallListener> listeners;
    private final AwaitedTools awaited;
    private final Traces traces;
    private final Clock clock;

    ToolCalls(
            Guard guard,
            JournalRepository journal,
            List<ToolCallListener> listeners,
            AwaitedTools awaited,
            Traces traces,
            Clock clock) {
        this.guard = guard;
        this.journal = journal;
        this.listeners = new Listeners<>(listeners);
        this.awaited = awaited;
        this.traces = traces;
        this.clock = clock;
    }

    /**
     * What a call came to.
     *
     * @param address what it is known by; null where the next equal call is the same call
     */
    public record Made(@Nullable UUID address, ToolOutcome outcome) {}

    /**
     * Calls a tool in the name of a task.
     *
     * @throws LeaseLostException when the task is no longer this attempt's
     */
    public ToolOutcome call(TaskContext context, ToolRequest request) {
        return make(context, request).outcome();
    }

    /**
     * Calls a tool for a caller that cannot go on without its result.
     *
     * @param step the id of the workflow's step that makes the call, or null
     * @throws ToolCallException when there is no result; the task waits where the call can only be made later, or a
     *                           person must decide
     */
    public Succeeded demand(TaskContext context, ToolRequest request, @Nullable String step) throws ToolCallException {
        return demand(context, request.tool(), step, call(context, request));
    }

    /** The same for a call that has been made, by a caller that can go on after some of its other outcomes. */
    public static Succeeded demand(TaskContext context, String tool, @Nullable String step, ToolOutcome outcome)
            throws ToolCallException {
        if (outcome instanceof Succeeded done) {
            return done;
        }
        context.parkFor(tool, outcome);
        throw new ToolCallException(tool, step, outcome);
    }

    /** Calls a tool as {@link #call} does; says what the call is known by. */
    public Made make(TaskContext context, ToolRequest request) {
        String document = Json.problem(request.arguments()) == null ? Json.canonical(request.arguments()) : null;
        UUID address = document == null ? null : context.scope().nextAddress(request.tool(), document);
        ToolOutcome outcome = begun(context, request, address, document);
        if (address != null && document != null && isOpen(context, address, outcome)) {
            context.scope().giveBack(address, request.tool(), document);
            address = null;
        }
        return new Made(address, outcome);
    }

    /** Whether the call is not done with for whoever made it: nothing is recorded of it, or it may have taken effect. */
    private static boolean isOpen(TaskContext context, UUID address, ToolOutcome outcome) {
        return context.attempt().recorded(address) == null || AttemptWork.mayHaveTakenEffect(context, address, outcome);
    }

    /** The same under a given address: the call is known by it, whatever its arguments. */
    public ToolOutcome call(TaskContext context, ToolRequest request, UUID address) {
        return begun(context, request, address, Json.canonical(request.arguments()));
    }

    /** What is recorded of a finished call, whatever became of its tool. */
    public ToolOutcome replay(TaskContext context, CallRecord known, @Nullable String id) {
        ToolRequest request = new ToolRequest(known.tool(), RecordedCalls.arguments(known), null, id);
        return begun(context, request, known.address(), known.arguments());
    }

    private ToolOutcome begun(
            TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document) {
        AttemptWork.begin(context, "tool:" + request.tool());
        try {
            return traced(context, request, address, document);
        } finally {
            context.attempt().done();
        }
    }

    private ToolOutcome traced(
            TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document) {
        if (request.tool().startsWith(ToolSpec.MODEL)) {
            return measured(context, request, address, document); // each question to a model is a span of its own
        }
        try (Traced span = traces.tool(context.trace(), request.tool())) {
            if (!span.isSeen()) {
                return measured(context, request, address, document);
            }
            ToolOutcome outcome = measured(context.within(span, context.content()), request, address, document);
            CallTrace.of(span, context.content(), request, outcome, label(outcome));
            return outcome;
        }
    }

    private ToolOutcome measured(
            TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document) {
        long started = System.nanoTime();
        ToolOutcome outcome = dispatch(context, request, address, document);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        String workflow = context.attempt().task().workflow();
        listeners.each(listener -> listener.called(workflow, request.tool(), label(outcome), took));
        return outcome;
    }

    /** Whether policy lets the task call this tool now. */
    public boolean isAllowed(TaskContext context, ToolSpec tool) {
        return isAllowed(context.attempt().task().workflow(), tool);
    }

    /** Whether policy lets the tasks of a workflow call this tool now. */
    public boolean isAllowed(String workflow, ToolSpec tool) {
        return guard.refusal(workflow, tool) == null;
    }

    private ToolOutcome dispatch(
            TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document) {
        Attempt attempt = context.attempt();
        String refusal = attempt.refusal();
        if (refusal != null) {
            throw new AttemptOverException(attempt.lease(), refusal);
        }
        if (address == null || document == null) {
            return new ToolOutcome.InvalidArguments(List.of("the arguments hold " + Json.problem(request.arguments())));
        }
        GuardedTool tool = context.tools().get(request.tool());
        return tool == null
                ? withoutTool(context, request, address, document)
                : run(new GuardedCall(context, tool, address, request, document));
    }

    /** What is recorded of a call stands, whether or not its tool is still there. */
    private ToolOutcome withoutTool(TaskContext context, ToolRequest request, UUID address, String document) {
        CallRecord known = context.attempt().recorded(address);
        CallState state = known == null ? CallState.AGAIN : known.state();
        if (known != null && (state == CallState.SUCCEEDED || state == CallState.REJECTED)) {
            return JournalRepository.replay(known);
        }
        if (known != null && state == CallState.FAILED && known.fallback() != null) {
            return traced(
                    context,
                    request.of(known.fallback()),
                    RecordedCalls.fallbackAddress(address, known.fallback()),
                    document);
        }
        String reason = awaited.awaited(request.tool());
        if (reason != null) {
            return new Deferred(false, reason, UNTIL_THE_TOOL_IS_HERE);
        }
        if (known != null && (state == CallState.STARTED || state == CallState.IN_DOUBT)) {
            String why = "it may have taken effect, and there is no tool of this name any more";
            journal.doubt(context.attempt(), known, error(why));
            return new ToolOutcome.InDoubt(why);
        }
        return new ToolOutcome.Refused("there is no tool of this name; there are "
                + context.tools().all().keySet());
    }

    private ToolOutcome run(GuardedCall call) {
        CallRecord known = call.attempt().recorded(call.address);
        if (known != null
                && known.fallback() != null
                && known.state() == CallState.FAILED
                && known.tool().equals(call.tool.spec().name())) {
            return fallBack(call, known.fallback()); // that was decided before the crash
        }
        ToolSpec spec = call.tool.spec();
        while (true) {
            Failure failure = sendAsBooked(call);
            if (failure == null) {
                ToolOutcome outcome = Objects.requireNonNull(call.outcome, "a try without a failure has an outcome");
                return outcome instanceof ToolOutcome.InDoubt doubt ? reconcile(call, doubt.summary()) : outcome;
            }
            if (failure.kind() == Kind.LEASE_LOST) {
                throw new AttemptOverException(call.attempt().lease(), failure.summary());
            }
            if (!failure.surelyDidNotHappen()) {
                if (!spec.isRepeatable()) {
                    return reconcile(call, failure.summary());
                }
                call.mayHaveHappened = true;
            }
            if (failure.kind() == Kind.THROTTLED) {
                listeners.each(listener -> listener.throttled(spec.name()));
            }
            boolean spent = call.tries > spec.retries();
            ToolOutcome end =
                    switch (failure.kind()) {
                        case REJECTED -> giveUp(call, failure);
                        case BREAKER_OPEN ->
                            mayFallBack(call, failure)
                                    ? giveUp(call, failure)
                                    : defer(call, failure, Backoff.forBreaker(call.tool.breaker()));
                        case THROTTLED -> waitForRate(call, failure);
                        default ->
                            spent
                                    ? giveUp(call, failure)
                                    : waitOrDefer(
                                            call,
                                            failure,
                                            Backoff.beforeRetry(spec, call.tries, failure),
                                            Backoff.LONGEST_BACKOFF);
                    };
            if (end != null) {
                return end;
            }
            if (failure.kind() != Kind.THROTTLED) {
                listeners.each(listener -> listener.retried(spec.name()));
            }
        }
    }

    private @Nullable Failure sendAsBooked(GuardedCall call) {
        try {
            return send(call);
        } finally {
            unbook(call);
        }
    }

    /** @return null when the call's outcome is known */
    private @Nullable Failure send(GuardedCall call) {
        if (!guard.leasesHold()) {
            throw new AttemptOverException(call.attempt().lease(), "its worker's last heartbeat is too old");
        }
        if (call.attempt().hasEnded()) {
            throw new AttemptOverException(
                    call.attempt().lease(), String.valueOf(call.attempt().over()));
        }
        Try next = call.nextTry(clock.instant());
        call.tool.dispatcher().accept(next);
        return next.failure();
    }

    /** Waits for a call of this worker's share, if one is free soon; if not, until it may find one, here or on another worker. */
    private @Nullable ToolOutcome waitForRate(GuardedCall call, Failure failure) {
        FleetRate rate = guard.rate(call.tool.spec());
        boolean spent =
                failure.cause() instanceof ThrottlerRejectedExecutionException; // else there are too many at once
        Duration wait = spent ? rate.book(Backoff.SHORT) : null;
        if (wait == null) {
            return waitOrDefer(call, failure, rate.nextSlot(), Backoff.SHORT);
        }
        call.booked = rate;
        return waitOrDefer(call, failure, wait, Backoff.SHORT);
    }

    private static void unbook(GuardedCall call) {
        if (call.booked != null) {
            call.booked.unbook();
            call.booked = null;
        }
    }

    /** Waits and returns null, so that the caller tries again, or puts the task away for a longer wait. */
    private @Nullable ToolOutcome waitOrDefer(GuardedCall call, Failure failure, Duration delay, Duration longest) {
        if (delay.compareTo(longest) > 0) {
            return defer(call, failure, delay);
        }
        String refusal = call.attempt().refusal();
        if (refusal == null) {
            refusal = pause(call, delay);
        }
        if (refusal != null) {
            unbook(call);
            writeNotDone(call, failure.summary()); // what is known now is not to be in doubt later
            throw new AttemptOverException(call.attempt().lease(), refusal);
        }
        if (failure.kind() == Kind.THROTTLED) {
            call.tries--; // nothing was sent
        }
        return null;
    }

    /** @return why there is no more to wait for, or null */
    private static @Nullable String pause(GuardedCall call, Duration delay) {
        try {
            call.attempt().pause(delay);
            return call.attempt().refusal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "its attempt has ended";
        }
    }

    private ToolOutcome defer(GuardedCall call, Failure failure, Duration delay) {
        writeNotDone(call, failure.summary());
        return new Deferred(failure.kind() == Kind.THROTTLED, failure.summary(), delay);
    }

    private ToolOutcome giveUp(GuardedCall call, Failure failure) {
        ToolSpec spec = call.tool.spec();
        String fallback = spec.fallback();
        if (fallback != null && mayFallBack(call, failure)) {
            call.fallback = fallback;
            writeNotDone(call, failure.summary());
            listeners.each(listener -> listener.fellBack(spec.name(), fallback));
            return fallBack(call, fallback);
        }
        writeNotDone(call, failure.summary());
        // Whoever hears that it failed for good may make another call, under another key, beside one that may have
        // happened.
        boolean permanent = failure.kind() == Kind.REJECTED && (spec.readOnly() || !call.mayHaveHappened);
        return new ToolOutcome.Failed(failure.summary(), permanent, failure.cause());
    }

    /** Whether there is a fallback, and this call, any try of it, surely did not happen: what may be done is not done by another tool as well. */
    private static boolean mayFallBack(GuardedCall call, Failure failure) {
        ToolSpec spec = call.tool.spec();
        boolean callsTools = failure.cause() instanceof ToolCallException; // one of them may have succeeded
        return spec.fallback() != null
                && (spec.readOnly() || failure.surelyDidNotHappen() && !call.mayHaveHappened && !callsTools);
    }

    private ToolOutcome fallBack(GuardedCall call, String fallback) {
        call.fallback = fallback;
        ToolOutcome outcome = traced(
                call.context,
                call.request.of(fallback),
                RecordedCalls.fallbackAddress(call.address, fallback),
                call.argumentsDocument);
        if (outcome instanceof Succeeded done) {
            journal.write(call, CallState.SUCCEEDED, Json.write(done.value()), null);
        }
        return outcome;
    }

    /**
     * The call's end is unknown and it must not be repeated blindly. Where the tool names a {@code reconcile} tool, that
     * one is asked, afresh each time; it answers {@code {"happened": true, "result": ...}} or {@code {"happened": false}}. It is asked
     * when the steps of the call have ended, because a request that is still under way may happen after the answer; and again later,
     * when it could not be asked.
     */
    private ToolOutcome reconcile(GuardedCall call, String why) {
        ToolSpec spec = call.tool.spec();
        journal.write(call, CallState.IN_DOUBT, null, error(why));
        String reconcile = spec.reconcile();
        GuardedTool asked = reconcile == null || call.onlyAPersonKnows
                ? null
                : call.context.tools().get(reconcile);
        if (reconcile == null || asked == null) {
            return new ToolOutcome.InDoubt(why);
        }
        awaitEnd(call);
        UUID address = Digest.uuid(
                call.address.toString(),
                "reconcile",
                Long.toString(call.attempt().lease().token()),
                Integer.toString(call.tries));
        ToolRequest question = new ToolRequest(reconcile, ReconcileQuestion.of(call, asked.spec()));
        ToolOutcome answer = run(GuardedCall.afresh(call.context, asked, address, question));
        String noVerdict = "%s; and tool:%s did not say whether it happened: %s".formatted(why, reconcile, answer);
        if (answer instanceof Deferred later) {
            return new Deferred(later.throttled(), noVerdict, later.delay());
        }
        if (answer instanceof ToolOutcome.Failed failed && !failed.permanent()) {
            return new Deferred(false, noVerdict, Backoff.beforeAskingAgain());
        }
        if (!(answer instanceof Succeeded said)
                || !(said.value() instanceof Map<?, ?> verdict)
                || !(verdict.get("happened") instanceof Boolean happened)) {
            return new ToolOutcome.InDoubt(noVerdict);
        }
        if (happened) {
            Object result = verdict.get("result");
            journal.write(call, CallState.SUCCEEDED, Json.write(result), null);
            return new Succeeded(result, Origin.CALL);
        }
        call.mayHaveHappened = false;
        writeNotDone(call, why + "; tool:" + reconcile + " says that it did not happen");
        return call.tries > spec.retries()
                ? new ToolOutcome.Failed(why + "; it did not happen", false, null)
                : run(call);
    }

    private static void awaitEnd(GuardedCall call) {
        try {
            while (!call.endsWithin(Backoff.SHORT)) {
                String refusal = call.attempt().refusal();
                if (refusal != null) {
                    throw new AttemptOverException(call.attempt().lease(), refusal);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AttemptOverException(call.attempt().lease(), "its attempt has ended");
        }
    }

    /** The call has no result: it surely did not happen or only reads, or may have happened and may be repeated. */
    private void writeNotDone(GuardedCall call, String summary) {
        boolean mayHaveHappened = call.mayHaveHappened && !call.tool.spec().readOnly();
        journal.write(call, mayHaveHappened ? CallState.IN_DOUBT : CallState.FAILED, null, error(summary));
        call.started = false;
    }

    private static String error(String summary) {
        return Json.write(Map.of("message", Excerpt.of(summary, LONGEST_SUMMARY)));
    }

    private static String label(ToolOutcome outcome) {
        return switch (outcome) {
            case Succeeded s ->
                switch (s.origin()) {
                    case CALL -> "succeeded";
                    case CACHE -> "cached";
                    case JOURNAL -> "replayed";
                };
            case ToolOutcome.InvalidArguments i -> "invalid";
            case ToolOutcome.Refused r -> "refused";
            case ToolOutcome.Failed f -> "failed";
            case Deferred d -> d.throttled() ? "throttled" : "deferred";
            case ToolOutcome.InDoubt d -> "in_doubt";
        };
    }
}
