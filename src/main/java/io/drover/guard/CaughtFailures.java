package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.LeaseLostException;
import io.drover.json.Json;
import io.drover.json.Recorded;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The failures of steps that a route has caught and gone on from, by another call perhaps. They are outcomes like results:
 * a later attempt hears the same failure, and does the step no more. Else it could succeed, beside what was done in its
 * place. Where the steps after the catch fail themselves, the route has not gone on, and the step is done again.
 */
@Component
public final class CaughtFailures {

    private static final String MARK = "caught";

    private final JournalRepository journal;
    private final Map<Throwable, FailedStep> steps = Collections.synchronizedMap(new WeakHashMap<>());

    CaughtFailures(JournalRepository journal) {
        this.journal = journal;
    }

    /** This exception is the failure of this step. */
    public void put(Throwable failure, FailedStep step) {
        steps.put(failure, step);
    }

    /** The step that failed, or null where it is none that is heard again. */
    public @Nullable FailedStep step(Throwable failure) {
        return failure instanceof ToolCallException call ? call.failed() : steps.get(failure);
    }

    /**
     * A route has caught a failure; when this returns, that is on record.
     *
     * @return what the step is known by, for {@link #handled}; null where nothing is recorded of it
     */
    public @Nullable UUID caught(TaskContext context, FailedStep failed) {
        Attempt attempt = context.attempt();
        if (attempt.hasEnded()) {
            return null;
        }
        if (failed.isOpen()) { // another attempt would judge it again
            failed.close(context);
            journal.refused(context, failed);
        } else {
            CallRecord known = known(attempt, failed.address());
            if (known == null) {
                return null;
            }
            if (mark(known).isMissingNode()) {
                journal.heard(attempt, known, error(known, failed));
            }
        }
        attempt.caught(failed.address());
        return failed.address();
    }

    /** The steps that followed the catch have ended well. */
    public void handled(TaskContext context, UUID address) {
        context.attempt().handled(address);
    }

    /** The attempt's route failed: the next attempt does the steps again whose failures it has not got over. */
    public void failed(Attempt attempt, Exception cause) {
        if (cause instanceof LeaseLostException || attempt.hasEnded() || attempt.waiting() != null) {
            return;
        }
        for (UUID address : attempt.unhandled()) {
            CallRecord known = known(attempt, address);
            if (known != null && !mark(known).isMissingNode()) {
                journal.heard(attempt, known, error(known, null));
            }
        }
    }

    /** What is heard of a recorded step, or null where it may be done. */
    public static @Nullable JsonNode heard(Attempt attempt, UUID address) {
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
        return mark;
    }

    /** The error of a step that may not be done, and from which its route goes on. */
    static String error(FailedStep failed) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("message", failed.message());
        error.set(MARK, failed.heard());
        return Json.write(error);
    }

    /** A recorded error, with or without what its route has heard. */
    private static String error(CallRecord known, @Nullable FailedStep failed) {
        ObjectNode error =
                error(known) instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        error.remove(MARK);
        if (failed != null) {
            error.set(MARK, failed.heard());
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
