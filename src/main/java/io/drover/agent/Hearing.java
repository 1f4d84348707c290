package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.journal.CallRecord;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.model.Answer.WantedCall;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a model is told about its calls: results, and failures that it can act on.
 * It hears that a person rejected a call, and that no decision about it came in time.
 * A call whose outcome is unknown suspends the task until a person has decided, because a model must not be able to
 * try that call again.
 * Any other failure ends the attempt, and the next attempt makes the same call with the same key.
 */
final class Hearing {

    private final TaskContext context;
    private final ToolCalls calls;

    Hearing(TaskContext context, ToolCalls calls) {
        this.context = context;
        this.calls = calls;
    }

    /**
     * What the model has heard of these calls, as it is recorded with its next question: a result is the call's, whatever
     * became of the tool; anything else is the text that it heard then.
     */
    List<Heard> recorded(List<WantedCall> wanted, JsonNode recorded) throws ToolCallException {
        List<Heard> heard = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            JsonNode one = recorded.path(i);
            UUID address = Heard.call(one);
            String text = Heard.text(one);
            heard.add(
                    text == null && address != null
                            ? result(wanted.get(i), address)
                            : new Heard(String.valueOf(text), address, false));
        }
        return heard;
    }

    private Heard result(WantedCall wanted, UUID address) throws ToolCallException {
        CallRecord known = RecordedCalls.finished(context, address);
        if (known == null) {
            throw new IllegalStateException(
                    "the journal holds an answer to the result of call %s of tool:%s, but not that result"
                            .formatted(address, Excerpt.of(wanted.tool())));
        }
        ToolOutcome outcome = calls.replay(context, known, wanted.id());
        return heardResult(context, known.tool(), new ToolCalls.Made(address, outcome));
    }

    /**
     * What the model is told about a call that was made, now or earlier.
     *
     * @param lane in which it was made: where it waits for an approval, only that lane stops
     */
    Heard of(TaskContext lane, String tool, ToolCalls.Made made) throws ToolCallException {
        Heard heard =
                switch (made.outcome()) {
                    case ToolOutcome.InvalidArguments invalid ->
                        problem("invalid_arguments", String.join("; ", invalid.problems()));
                    case ToolOutcome.Refused refused -> problem("refused", refused.reason());
                    case ToolOutcome.Unapproved unapproved ->
                        problem(unapproved.type(), unapproved.reason(), made.address());
                    case ToolOutcome.Failed failed -> told(tool, failed, made.address());
                    case ToolOutcome.AlreadyDone done -> alreadyDone(done);
                    default -> null;
                };
        return heard == null ? heardResult(lane, tool, made) : heard;
    }

    /** The model is told a result; without one it is told nothing, and the attempt ends. */
    private static Heard heardResult(TaskContext lane, String tool, ToolCalls.Made made) throws ToolCallException {
        ToolOutcome.Succeeded done = ToolCalls.demand(lane, tool, null, made.outcome());
        return new Heard(text(done.value()), made.address(), true);
    }

    /**
     * Null for a failure that is not the model's to act on. Of a time-out it hears only where nothing can have happened: if
     * it wanted the call again, that would be another call, with another key.
     */
    private @Nullable Heard told(String tool, ToolOutcome.Failed failed, @Nullable UUID call) {
        if (failed.permanent()) {
            return problem("failed", failed.summary(), call);
        }
        return failed.cause() instanceof TimeoutException && context.tools().changesNothing(tool)
                ? problem("timed_out", failed.summary(), call)
                : null;
    }

    /** A model hears what was done, so that it does not try to do it in another way. */
    private static Heard alreadyDone(ToolOutcome.AlreadyDone done) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", "already_done");
        error.put("message", done.reason());
        error.put("result", done.result());
        return new Heard(Json.canonical(Json.tree(Map.of("error", error))), null, false);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    /** A function is not as the model knows it, so the call was not made: it hears what the function is now. */
    static Heard changed(String name, Function now) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", "changed");
        error.put(
                "message",
                "'%s' has changed since you were told about it, and this call was not made; it is now as follows"
                        .formatted(name));
        error.put("description", now.description());
        error.put("parameters", now.parameters());
        return new Heard(Json.write(Map.of("error", error)), null, false);
    }

    /** A function of the model is gone, so the call was not made. */
    static Heard removed(String name) {
        return problem("removed", "'%s' was removed, and this call was not made; go on without it".formatted(name));
    }

    /** What the model is told about a call that was not made. */
    static Heard problem(String type, String detail) {
        return problem(type, detail, null);
    }

    private static Heard problem(String type, String detail, @Nullable UUID call) {
        String text = Json.canonical(Json.tree(Map.of("error", Map.of("type", type, "message", detail))));
        return new Heard(text, call, false);
    }
}
