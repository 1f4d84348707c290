package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.model.Answer.WantedCall;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the calls of one answer; what was dispatched already is not judged again. */
final class ToolTurn {

    private final TaskContext context;
    private final ToolCalls calls;
    private final Talk talk;
    private final Pin pin;
    private final AgentRun run;
    private final Hearing hearing;

    ToolTurn(TaskContext context, ToolCalls calls, Talk talk, Pin pin, AgentRun run) {
        this.context = context;
        this.calls = calls;
        this.talk = talk;
        this.pin = pin;
        this.run = run;
        this.hearing = new Hearing(context, calls);
    }

    /**
     * Whether the journal holds all of these calls, so that none of them is made now.
     *
     * @param memory the key of the long memory that the agent had when it wanted them, or null
     */
    boolean isRecorded(List<WantedCall> wanted, @Nullable String memory) throws ToolCallException {
        Map<String, Function> offered = pin.definition().functions();
        return wanted.stream().allMatch(call -> {
            Function function = offered.get(call.tool());
            try {
                JsonNode arguments = Json.parse(call.arguments());
                Function then = then(call, memory);
                return !arguments.isObject()
                        || RecordedCalls.isRecorded(context, then.tool(), then.complete(arguments.deepCopy()))
                        || function == null
                        || !function.problems(arguments).isEmpty()
                        || RecordedCalls.isRecorded(context, function.tool(), function.complete(arguments));
            } catch (JsonProcessingException e) {
                return true; // it is not made at all
            }
        });
    }

    /**
     * Makes these calls; what was dispatched already is not judged again.
     *
     * @param resumed whether an earlier attempt may have made some of them
     * @param memory  the key of the long memory that the agent had when it wanted them, or null
     * @return what the model hears, in the order of the calls
     */
    List<Heard> make(List<WantedCall> wanted, boolean resumed, @Nullable String memory) throws Exception {
        Map<String, Function> offered = pin.definition().functions();
        Map<String, Function> changed = new ConcurrentHashMap<>();
        Heard[] heard = new Heard[wanted.size()];
        Supplier<TaskContext> lanes = context.lanes();
        Lanes.run(wanted, i -> {
            TaskContext lane = lanes.get();
            Heard known = resumed ? dispatched(lane, wanted.get(i), memory) : null;
            heard[i] = known == null ? make(lane, wanted.get(i), offered, changed) : known;
        });
        talk.replace(changed);
        return List.of(heard);
    }

    /** A call as it was when the model wanted it: by the tool's own name, or that of the memory that it had then. */
    private static Function then(WantedCall wanted, @Nullable String memory) {
        return memory == null ? Function.named(wanted.tool()) : OfferedTools.then(wanted.tool(), memory);
    }

    /** What becomes of a call that an earlier attempt dispatched; null for any other. */
    private @Nullable Heard dispatched(TaskContext lane, WantedCall wanted, @Nullable String memory)
            throws ToolCallException {
        Function then = then(wanted, memory);
        JsonNode arguments;
        try {
            arguments = Json.parse(wanted.arguments());
        } catch (JsonProcessingException e) {
            return null;
        }
        if (!arguments.isObject()) {
            return null;
        }
        arguments = then.complete(arguments);
        UUID address = RecordedCalls.takeDispatched(lane, then.tool(), arguments);
        if (address == null) {
            return null;
        }
        run.made(address);
        ToolRequest request = new ToolRequest(then.tool(), arguments, null, wanted.id());
        return hearing.of(lane, then.tool(), new ToolCalls.Made(address, calls.call(lane, request, address)));
    }

    /**
     * What the model hears of a call whose tool is not as it knows it: that the call was not made, unless an earlier
     * attempt has dispatched it. Null where the call can be made.
     */
    private @Nullable Heard edited(
            TaskContext lane, WantedCall wanted, Function function, Map<String, Function> changed)
            throws ToolCallException {
        boolean removed = pin.isRecorded() && calls.isRemoved(lane, function.tool());
        Function now = removed ? null : pin.changed(wanted.tool(), function);
        if (!removed && now == null) {
            return null;
        }
        Heard known = dispatched(lane, wanted, function.key());
        if (known != null) {
            return known;
        }
        if (now == null) {
            return Hearing.removed(wanted.tool());
        }
        changed.put(wanted.tool(), now);
        return Hearing.changed(wanted.tool(), now);
    }

    private Heard make(
            TaskContext lane, WantedCall wanted, Map<String, Function> offered, Map<String, Function> changed)
            throws ToolCallException {
        Function function = offered.get(wanted.tool());
        if (function == null) {
            return Hearing.problem(
                    "unknown_tool",
                    "there is no tool '%s'; you have %s".formatted(Excerpt.of(wanted.tool()), offered.keySet()));
        }
        Heard edited = edited(lane, wanted, function, changed);
        if (edited != null) {
            return edited;
        }
        JsonNode arguments;
        try {
            arguments = Json.parse(wanted.arguments());
        } catch (JsonProcessingException e) {
            return Hearing.problem("invalid_arguments", "the arguments are not JSON: " + Json.reason(e));
        }
        List<String> problems = function.problems(arguments);
        if (!problems.isEmpty()) {
            return Hearing.problem("invalid_arguments", String.join("; ", problems));
        }
        ToolCalls.Made made =
                calls.make(lane, new ToolRequest(function.tool(), function.complete(arguments), null, wanted.id()));
        if (made.address() != null) {
            run.made(made.address());
        }
        return hearing.of(lane, function.tool(), made);
    }
}
