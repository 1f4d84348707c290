package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.LeaseLostException;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The failures of calls that a route has caught and gone on from, by another call perhaps. They are outcomes like results:
 * a later attempt hears the same failure, and makes the call no more. Else it could succeed, beside what was done in its
 * place. Where the steps after the catch fail themselves, the route has not gone on, and the call is made again.
 */
@Component
public final class CaughtFailures {

    private static final String MARK = "caught";
    private static final String REFUSED = "refused";
    private static final String INVALID = "invalidArguments";
    private static final int LONGEST_SUMMARY = 2000;

    private final JournalRepository journal;

    CaughtFailures(JournalRepository journal) {
        this.journal = journal;
    }

    /**
     * A route has caught a failure; when this returns, that is on record.
     *
     * @return what the call is known by, for {@link #handled}; null where nothing is recorded of it
     */
    public @Nullable UUID caught(TaskContext context, ToolCallException failure) {
        Attempt attempt = context.attempt();
        UUID address = failure.address();
        if (address == null || attempt.hasEnded() || !isOutcome(failure.outcome())) {
            return null;
        }
        CallRecord known = known(attempt, address);
        if (known != null) {
            if (mark(known).isMissingNode()) {
                journal.heard(attempt, known, failure.outcome());
            }
        } else if (!wasRefused(context, address, failure)) {
            return null;
        }
        attempt.caught(address);
        return address;
    }

    private static boolean isOutcome(ToolOutcome outcome) {
        return outcome instanceof ToolOutcome.Failed
                || outcome instanceof ToolOutcome.Refused
                || outcome instanceof ToolOutcome.InvalidArguments;
    }

    /** Nothing is recorded yet of a call that may not be made: another attempt would judge it again. */
    private boolean wasRefused(TaskContext context, UUID address, ToolCallException failure) {
        String arguments = failure.arguments();
        if (arguments == null
                || failure.outcome() instanceof ToolOutcome.Failed
                || context.attempt().recorded(address) != null) {
            return false;
        }
        journal.refused(context, address, failure.tool(), arguments, failure.outcome());
        context.scope().take(address, failure.tool(), arguments); // the next equal call is another one
        return true;
    }

    /** The steps that followed the catch have ended well. */
    public void handled(TaskContext context, UUID address) {
        context.attempt().handled(address);
    }

    /** The attempt's route failed: the next attempt makes the calls again whose failures it has not got over. */
    public void failed(Attempt attempt, Exception cause) {
        if (cause instanceof LeaseLostException || attempt.hasEnded() || attempt.waiting() != null) {
            return;
        }
        for (UUID address : attempt.unhandled()) {
            CallRecord known = known(attempt, address);
            if (known != null && !mark(known).isMissingNode()) {
                journal.heard(attempt, known, null);
            }
        }
    }

    /** What the caller of a recorded call hears, or null where the call may be made. */
    static @Nullable ToolOutcome heard(Attempt attempt, UUID address) {
        CallRecord known = known(attempt, address);
        JsonNode mark = known == null ? null : mark(known);
        if (known == null || mark == null || mark.isMissingNode()) {
            return null;
        }
        boolean open = known.state() == CallState.IN_DOUBT; // so the next equal call is the same call, made again
        if (open && (known.token() == attempt.lease().token() || attempt.isCaught(address))) {
            return null;
        }
        attempt.caught(address);
        if (mark.has(REFUSED)) {
            return new ToolOutcome.Refused(mark.path(REFUSED).asText());
        }
        if (mark.has(INVALID)) {
            List<String> problems = new ArrayList<>();
            mark.path(INVALID).forEach(problem -> problems.add(problem.asText()));
            return new ToolOutcome.InvalidArguments(problems);
        }
        return new ToolOutcome.Failed(
                mark.path("message").asText(), mark.path("permanent").asBoolean(), null);
    }

    /** A call's error, with or without what its caller has heard. */
    static String marked(@Nullable CallRecord known, @Nullable ToolOutcome heard) {
        ObjectNode error = known != null && error(known) instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        error.remove(MARK);
        switch (heard) {
            case ToolOutcome.Failed failed ->
                error.putObject(MARK)
                        .put("message", Excerpt.of(failed.summary(), LONGEST_SUMMARY))
                        .put("permanent", failed.permanent());
            case ToolOutcome.Refused refused -> {
                error.put("message", "refused: " + refused.reason());
                error.putObject(MARK).put(REFUSED, refused.reason());
            }
            case ToolOutcome.InvalidArguments invalid -> {
                error.put("message", "invalid arguments: " + String.join("; ", invalid.problems()));
                ArrayNode problems = error.putObject(MARK).putArray(INVALID);
                invalid.problems().forEach(problems::add);
            }
            case null, default -> {}
        }
        return Json.write(error);
    }

    private static @Nullable CallRecord known(Attempt attempt, UUID address) {
        CallRecord known = attempt.recorded(address);
        return known != null && (known.state() == CallState.FAILED || known.state() == CallState.IN_DOUBT)
                ? known
                : null;
    }

    private static JsonNode mark(CallRecord known) {
        return error(known).path(MARK);
    }

    private static JsonNode error(CallRecord known) {
        return known.error() == null
                ? JsonNodeFactory.instance.objectNode()
                : Recorded.tree(known.error(), () -> "call %d of task %s: the recorded error"
                        .formatted(known.n(), known.taskId()));
    }
}
