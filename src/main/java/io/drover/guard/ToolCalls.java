package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.CallRecord;
import io.drover.journal.ClaimedTask;
import io.drover.journal.LeaseLostException;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.start.Listeners;
import io.drover.tool.ResultSchemas;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolOutcome.Deferred;
import io.drover.tool.ToolOutcome.Succeeded;
import io.drover.tool.ToolSpec;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The only way to call a tool. It addresses the call by its content, shows it in traces and metrics, and refuses what the
 * attempt may not call any more. {@link Tries} makes the call.
 */
@Component
public class ToolCalls {

    private final Guard guard;
    private final Tries tries;
    private final MissingTool missing;
    private final Listeners<ToolCallListener> listeners;
    private final Traces traces;

    ToolCalls(
            Guard guard,
            JournalRepository journal,
            List<ToolCallListener> listeners,
            AwaitedTools awaited,
            ObjectProvider<ResultSchemas> schemas,
            Traces traces,
            Clock clock) {
        this.listeners = new Listeners<>(listeners);
        Fallbacks fallbacks = new Fallbacks(this::traced, journal, this.listeners);
        this.guard = guard;
        Previews previews = new Previews(this::traced, journal, schemas);
        this.tries = new Tries(guard, journal, fallbacks, previews, this.listeners, clock);
        this.missing = new MissingTool(journal, fallbacks, awaited);
        this.traces = traces;
    }

    /**
     * The outcome of a call, with its address.
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
        Sent sent = send(context, request);
        return demand(context, request.tool(), step, sent.outcome(), sent);
    }

    /** The same for a call that has been made, by a caller that can go on after some of its other outcomes. */
    public static Succeeded demand(TaskContext context, String tool, @Nullable String step, ToolOutcome outcome)
            throws ToolCallException {
        return demand(context, tool, step, outcome, (Sent) null);
    }

    /** @param address what the call is known by, or null */
    public static Succeeded demand(
            TaskContext context, String tool, @Nullable String step, ToolOutcome outcome, @Nullable UUID address)
            throws ToolCallException {
        return demand(context, tool, step, outcome, new Sent(address, null, null, outcome, false));
    }

    private static Succeeded demand(
            TaskContext context, String tool, @Nullable String step, ToolOutcome outcome, @Nullable Sent sent)
            throws ToolCallException {
        if (outcome instanceof Succeeded done) {
            return done;
        }
        context.parkFor(tool, outcome);
        throw new ToolCallException(tool, step, outcome, sent == null ? null : sent.failed(tool));
    }

    /** Calls a tool as {@link #call} does; says what the call is known by. */
    public Made make(TaskContext context, ToolRequest request) {
        Sent sent = send(context, request);
        return new Made(sent.isOpen() ? null : sent.address(), sent.outcome());
    }

    /** @param isOpen whether the next equal call is the same call */
    private record Sent(
            @Nullable UUID address,
            @Nullable String document,
            @Nullable String recorded,
            ToolOutcome outcome,
            boolean isOpen) {

        @Nullable
        FailedStep failed(String tool) {
            return address == null ? null : FailedStep.of(tool, address, document, recorded, outcome, isOpen);
        }
    }

    private Sent send(TaskContext context, ToolRequest request) {
        String document = Json.problem(request.arguments()) == null ? Json.canonical(request.arguments()) : null;
        UUID address = document == null ? null : context.nextAddress(request.tool(), document);
        ToolOutcome outcome = begun(context, request, address, document);
        String recorded = document == null ? null : redaction(context, request).in(document);
        if (address != null && document != null && isOpen(context, address, outcome)) {
            context.scope().giveBack(address, request.tool(), document);
            return new Sent(address, document, recorded, outcome, true);
        }
        return new Sent(address, document, recorded, outcome, false);
    }

    /** Whether the call is not finished for its caller: nothing is recorded about it, or it may have taken effect. */
    private static boolean isOpen(TaskContext context, UUID address, ToolOutcome outcome) {
        return context.attempt().recorded(address) == null || AttemptWork.mayHaveTakenEffect(context, address, outcome);
    }

    /** The same under a given address: the call is known by it, whatever its arguments. */
    public ToolOutcome call(TaskContext context, ToolRequest request, UUID address) {
        return begun(context, request, address, Json.canonical(request.arguments()));
    }

    /** The record of a finished call, even if its tool no longer exists. */
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
            CallTrace.of(
                    span,
                    context.content(),
                    redaction(context, request).in(request.arguments()),
                    request.id(),
                    outcome,
                    label(outcome));
            return outcome;
        }
    }

    private static Redaction redaction(TaskContext context, ToolRequest request) {
        GuardedTool tool = context.tools().get(request.tool());
        return tool == null
                ? request.redaction()
                : request.redaction().and(tool.spec().redaction());
    }

    private ToolOutcome measured(
            TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document) {
        long started = System.nanoTime();
        ToolOutcome outcome = dispatch(context, request, address, document);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        ClaimedTask task = context.attempt().task();
        listeners.each(listener -> listener.called(task.workflow(), task.mode(), request.tool(), label(outcome), took));
        return outcome;
    }

    /** Whether there is no tool of this name, and none is about to be loaded. */
    public boolean isRemoved(TaskContext context, String tool) {
        return context.tools().get(tool) == null && !missing.isAwaited(tool);
    }

    /** Whether policy, and the tool's flag, let the task call this tool now. */
    public boolean isAllowed(TaskContext context, ToolSpec tool) {
        return isAllowed(context.attempt().task().workflow(), tool) && guard.allows(context, tool);
    }

    /** Whether policy lets the tasks of a workflow call this tool now. */
    public boolean isAllowed(String workflow, ToolSpec tool) {
        return guard.refusal(workflow, tool) == null;
    }

    private ToolOutcome dispatch(
            TaskContext context, ToolRequest request, @Nullable UUID address, @Nullable String document) {
        context.mustGoOn(context.attempt().refusal());
        if (address == null || document == null) {
            return new ToolOutcome.InvalidArguments(List.of("the arguments hold " + Json.problem(request.arguments())));
        }
        JsonNode heard = CaughtFailures.heard(context.attempt(), address);
        if (heard != null) {
            return FailedStep.outcome(heard);
        }
        GuardedTool tool = context.tools().get(request.tool());
        return tool == null
                ? missing.outcome(context, request, address, document)
                : tries.run(new GuardedCall(new CallIdentity(context, tool, address, request, document)));
    }

    private static String label(ToolOutcome outcome) {
        return switch (outcome) {
            case Succeeded s ->
                switch (s.origin()) {
                    case CALL -> "succeeded";
                    case CACHE -> "cached";
                    case JOURNAL -> "replayed";
                    case PREVIEW -> "previewed";
                };
            case ToolOutcome.InvalidArguments i -> "invalid";
            case ToolOutcome.Refused r -> "refused";
            case ToolOutcome.Failed f -> "failed";
            case Deferred d -> d.throttled() ? "throttled" : "deferred";
            case ToolOutcome.Held h -> "held";
            case ToolOutcome.Awaiting a -> "awaiting";
            case ToolOutcome.AlreadyDone a -> "already_done";
            case ToolOutcome.InDoubt d -> "in_doubt";
            case ToolOutcome.Pending p -> "pending";
            case ToolOutcome.Unapproved u -> u.type();
        };
    }
}
