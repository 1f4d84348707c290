package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.model.Answer.WantedCall;
import io.drover.tool.Json;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
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
 * try such a call again; any other failure ends the attempt.
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

    /** The texts for the model, in the order of the calls. */
    List<String> make(List<WantedCall> wanted) throws Exception {
        if (wanted.size() == 1) {
            return List.of(make(wanted.getFirst()));
        }
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (WantedCall call : wanted) {
                Callable<String> one = () -> {
                    MDC.setContextMap(logContext == null ? Map.of() : logContext);
                    return make(call);
                };
                all.add(executor.submit(one));
            }
            return results(all, executor);
        }
    }

    /** Waits for all of them: what one of them may still effect belongs to this attempt. */
    private static List<String> results(List<Future<String>> all, ExecutorService executor) throws Exception {
        List<String> texts = new ArrayList<>();
        Exception failure = null;
        for (Future<String> one : all) {
            try {
                texts.add(one.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause && failure == null) {
                    failure = cause;
                } else if (e.getCause() instanceof Error error) {
                    throw error;
                }
            } catch (InterruptedException e) {
                executor.shutdownNow();
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return texts;
    }

    private String make(WantedCall wanted) throws ToolCallException {
        if (!offered.names().contains(wanted.tool())) {
            return problem(
                    "unknown_tool", "there is no tool '%s'; you have %s".formatted(wanted.tool(), offered.names()));
        }
        JsonNode arguments;
        try {
            arguments = Json.parse(wanted.arguments());
        } catch (JsonProcessingException e) {
            return problem("invalid_arguments", "the arguments are not JSON: " + e.getOriginalMessage());
        }
        ToolOutcome outcome = calls.call(context, wanted.tool(), arguments);
        String told =
                switch (outcome) {
                    case ToolOutcome.Succeeded done -> text(done.value());
                    case ToolOutcome.InvalidArguments invalid ->
                        problem("invalid_arguments", String.join("; ", invalid.problems()));
                    case ToolOutcome.Refused refused -> problem("refused", refused.reason());
                    case ToolOutcome.Failed failed -> told(failed);
                    default -> null;
                };
        if (told == null) {
            context.parkFor(wanted.tool(), outcome);
            throw new ToolCallException(wanted.tool(), null, outcome);
        }
        return told;
    }

    /** Null for a failure that is not the model's to act on. */
    private static @Nullable String told(ToolOutcome.Failed failed) {
        if (failed.cause() instanceof TimeoutException) {
            return problem("timed_out", failed.summary());
        }
        return failed.permanent() ? problem("failed", failed.summary()) : null;
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    private static String problem(String type, String detail) {
        return Json.write(Json.tree(Map.of("error", Map.of("type", type, "message", detail))));
    }
}
