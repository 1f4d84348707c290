package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.journal.CallRecord;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.model.Answer.WantedCall;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Makes the calls of one answer, in parallel, and says what the model is to hear of each. What the model can act on it
 * is told; a call whose outcome is unknown suspends the task until a person has decided, because a model must not be
 * able to try that call again; any other failure ends the attempt, and the next one makes the same call, with the same
 * key.
 */
final class ToolTurn {

    private final TaskContext context;
    private final ToolCalls calls;
    private final Talk talk;
    private final AgentRun run;

    ToolTurn(TaskContext context, ToolCalls calls, Talk talk, AgentRun run) {
        this.context = context;
        this.calls = calls;
        this.talk = talk;
        this.run = run;
    }

    /**
     * Whether the journal holds all of these calls, so that none of them is made now.
     *
     * @param memory the key of the long memory that the agent had when it wanted them, or null
     */
    boolean isRecorded(List<WantedCall> wanted, @Nullable String memory) throws ToolCallException {
        OfferedTools offered = talk.offered();
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
     * What the model has heard of these calls, as it is recorded with its next question: a result is the call's, whatever
     * became of the tool; anything else is the text that it heard then.
     */
    List<Heard> hear(List<WantedCall> wanted, JsonNode recorded) throws ToolCallException {
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
        return heardResult(known.tool(), new ToolCalls.Made(address, outcome));
    }

    /**
     * Makes these calls; what was dispatched already is not judged again.
     *
     * @param resumed whether an earlier attempt may have made some of them
     * @param memory  the key of the long memory that the agent had when it wanted them, or null
     * @return what the model hears, in the order of the calls
     */
    List<Heard> make(List<WantedCall> wanted, boolean resumed, @Nullable String memory) throws Exception {
        OfferedTools offered = talk.offered();
        Heard[] heard = new Heard[wanted.size()];
        Lane work = lane -> {
            for (int i : lane) {
                Heard known = resumed ? dispatched(wanted.get(i), memory) : null;
                heard[i] = known == null ? make(wanted.get(i), offered) : known;
            }
        };
        Collection<List<Integer>> lanes = lanes(wanted);
        if (lanes.size() == 1) {
            work.make(lanes.iterator().next());
            return List.of(heard);
        }
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (List<Integer> lane : lanes) {
                Callable<?> calls = () -> {
                    MDC.setContextMap(logContext == null ? Map.of() : logContext);
                    work.make(lane);
                    return null;
                };
                all.add(executor.submit(calls));
            }
            await(all, executor);
        }
        return List.of(heard);
    }

    /** Calls that are made one after the other. */
    private interface Lane {
        void make(List<Integer> calls) throws ToolCallException;
    }

    /**
     * Equal calls one after the other: the journal tells them apart by their order, and each must hear its own result
     * again in a later attempt.
     */
    private static Collection<List<Integer>> lanes(List<WantedCall> wanted) {
        Map<List<String>, List<Integer>> lanes = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            WantedCall call = wanted.get(i);
            lanes.computeIfAbsent(List.of(call.tool(), canonical(call.arguments())), equal -> new ArrayList<>())
                    .add(i);
        }
        return lanes.values();
    }

    private static String canonical(String arguments) {
        try {
            return Json.canonical(Json.parse(arguments));
        } catch (JsonProcessingException e) {
            return arguments; // it is refused anyway
        }
    }

    /** Waits for all of them: what one of them may still effect belongs to this attempt. */
    private static void await(List<Future<?>> all, ExecutorService executor) throws Exception {
        Exception failure = null;
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    failure = failure == null ? cause : failure;
                } else {
                    throw e;
                }
            } catch (InterruptedException e) {
                executor.shutdownNow();
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A call as it was when the model wanted it: by the tool's own name, or that of the memory that it had then. */
    private static Function then(WantedCall wanted, @Nullable String memory) {
        return memory == null ? Function.named(wanted.tool()) : OfferedTools.then(wanted.tool(), memory);
    }

    /** What becomes of a call that an earlier attempt dispatched; null for any other. */
    private @Nullable Heard dispatched(WantedCall wanted, @Nullable String memory) throws ToolCallException {
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
        UUID address = RecordedCalls.takeDispatched(context, then.tool(), arguments);
        if (address == null) {
            return null;
        }
        run.made(address);
        ToolRequest request = new ToolRequest(then.tool(), arguments, null, wanted.id());
        return heard(then.tool(), new ToolCalls.Made(address, calls.call(context, request, address)));
    }

    private Heard make(WantedCall wanted, OfferedTools offered) throws ToolCallException {
        Function function = offered.get(wanted.tool());
        if (function == null) {
            return problem(
                    "unknown_tool",
                    "there is no tool '%s'; you have %s".formatted(Excerpt.of(wanted.tool()), offered.names()));
        }
        JsonNode arguments;
        try {
            arguments = Json.parse(wanted.arguments());
        } catch (JsonProcessingException e) {
            return problem("invalid_arguments", "the arguments are not JSON: " + Json.reason(e));
        }
        List<String> problems = function.problems(arguments);
        if (!problems.isEmpty()) {
            return problem("invalid_arguments", String.join("; ", problems));
        }
        ToolCalls.Made made =
                calls.make(context, new ToolRequest(function.tool(), function.complete(arguments), null, wanted.id()));
        if (made.address() != null) {
            run.made(made.address());
        }
        return heard(function.tool(), made);
    }

    private Heard heard(String tool, ToolCalls.Made made) throws ToolCallException {
        Heard heard =
                switch (made.outcome()) {
                    case ToolOutcome.InvalidArguments invalid ->
                        problem("invalid_arguments", String.join("; ", invalid.problems()));
                    case ToolOutcome.Refused refused -> problem("refused", refused.reason());
                    case ToolOutcome.Failed failed -> told(tool, failed, made.address());
                    default -> null;
                };
        return heard == null ? heardResult(tool, made) : heard;
    }

    /** The model hears a result; where there is none, it hears nothing, and the attempt ends. */
    private Heard heardResult(String tool, ToolCalls.Made made) throws ToolCallException {
        ToolOutcome.Succeeded done = ToolCalls.demand(context, tool, null, made.outcome());
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

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    private static Heard problem(String type, String detail) {
        return problem(type, detail, null);
    }

    private static Heard problem(String type, String detail, @Nullable UUID call) {
        String text = Json.canonical(Json.tree(Map.of("error", Map.of("type", type, "message", detail))));
        return new Heard(text, call, false);
    }
}
