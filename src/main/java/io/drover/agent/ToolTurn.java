package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.model.Answer.WantedCall;
import io.drover.tool.Excerpt;
import io.drover.tool.Json;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Makes the calls of one answer, in parallel, and says what the model is to hear of each. What the model can act on it is
 * told; a call whose end nobody knows puts the task away until a person has decided, because a model must not be able to
 * try such a call again; any other failure ends the attempt, and the next one makes the same call, with the same key.
 */
final class ToolTurn {

    private final TaskContext context;
    private final ToolCalls calls;
    private final OfferedTools offered;

    ToolTurn(TaskContext context, ToolCalls calls, OfferedTools offered) {
        this.context = context;
        this.calls = calls;
        this.offered = offered;
    }

    /** Whether the journal holds all of these calls, so that none of them is made now. */
    boolean isRecorded(List<WantedCall> wanted) {
        return wanted.stream().allMatch(call -> {
            Function function = offered.get(call.tool());
            try {
                JsonNode arguments = Json.parse(call.arguments());
                return function == null
                        || !function.problems(arguments).isEmpty()
                        || calls.isRecorded(context, function.tool(), function.complete(arguments));
            } catch (JsonProcessingException e) {
                return true; // it is not made at all
            }
        });
    }

    /** The texts for the model, in the order of the calls. */
    List<String> make(List<WantedCall> wanted) throws Exception {
        String[] texts = new String[wanted.size()];
        Collection<List<Integer>> lanes = lanes(wanted);
        if (lanes.size() == 1) {
            make(wanted, lanes.iterator().next(), texts);
            return List.of(texts);
        }
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (List<Integer> lane : lanes) {
                Callable<?> calls = () -> {
                    MDC.setContextMap(logContext == null ? Map.of() : logContext);
                    make(wanted, lane, texts);
                    return null;
                };
                all.add(executor.submit(calls));
            }
            await(all, executor);
        }
        return List.of(texts);
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

    private void make(List<WantedCall> wanted, List<Integer> lane, String[] texts) throws ToolCallException {
        for (int i : lane) {
            texts[i] = make(wanted.get(i));
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

    private String make(WantedCall wanted) throws ToolCallException {
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
        ToolOutcome outcome =
                calls.call(context, new ToolRequest(function.tool(), function.complete(arguments), null, wanted.id()));
        String told =
                switch (outcome) {
                    case ToolOutcome.Succeeded done -> text(done.value());
                    case ToolOutcome.InvalidArguments invalid ->
                        problem("invalid_arguments", String.join("; ", invalid.problems()));
                    case ToolOutcome.Refused refused -> problem("refused", refused.reason());
                    case ToolOutcome.Failed failed -> told(function.tool(), failed);
                    default -> null;
                };
        if (told == null) {
            context.parkFor(function.tool(), outcome);
            throw new ToolCallException(function.tool(), null, outcome);
        }
        return told;
    }

    /**
     * Null for a failure that is not the model's to act on. Of a time-out it hears only where nothing can have happened: if
     * it wanted the call again, that would be another call, with another key.
     */
    private @Nullable String told(String tool, ToolOutcome.Failed failed) {
        if (failed.permanent()) {
            return problem("failed", failed.summary());
        }
        return failed.cause() instanceof TimeoutException && context.tools().changesNothing(tool)
                ? problem("timed_out", failed.summary())
                : null;
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    private static String problem(String type, String detail) {
        // In one order: what the model hears belongs to the address of the next question.
        return Json.canonical(Json.tree(Map.of("error", Map.of("type", type, "message", detail))));
    }
}
