package io.drover.mcp;

import io.drover.guard.RecordedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Calls the tool that a client named, for the task; the result is the task's output. */
@Component
class CallStep implements Processor {

    static final String TOOL = "tool";
    static final String ARGUMENTS = "arguments";

    private final ToolCalls calls;

    CallStep(ToolCalls calls) {
        this.calls = calls;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TaskContext context = TaskContext.of(exchange);
        if (context == null
                || !(exchange.getMessage().getBody() instanceof Map<?, ?> input)
                || !(input.get(TOOL) instanceof String tool)
                || !(input.get(ARGUMENTS) instanceof Map<?, ?> arguments)) {
            throw new CallFailedException(
                    "invalid_arguments",
                    "the input of task:mcp must be {\"tool\": <name>, \"arguments\": {...}}",
                    null,
                    true);
        }
        ToolRequest request = new ToolRequest(tool, Json.tree(arguments));
        if (!ServedTools.isServed(context.tools().get(tool))
                && !RecordedCalls.isRecorded(context, tool, request.arguments())) {
            throw new CallFailedException(
                    "refused",
                    "there is no tool '%s' with the tag %s".formatted(Excerpt.of(tool), ServedTools.TAG),
                    null,
                    true);
        }
        ToolOutcome outcome;
        try (var toolField = MDC.putCloseable("tool_name", tool)) {
            outcome = calls.call(context, request);
        }
        exchange.getMessage().setBody(value(context, tool, outcome));
    }

    private static @Nullable Object value(TaskContext context, String tool, ToolOutcome outcome)
            throws CallFailedException, ToolCallException {
        return switch (outcome) {
            case ToolOutcome.InvalidArguments invalid ->
                throw new CallFailedException("invalid_arguments", String.join("; ", invalid.problems()), null, true);
            case ToolOutcome.Refused refused -> throw new CallFailedException("refused", refused.reason(), null, true);
            case ToolOutcome.Failed failed ->
                throw failed(failed, context.tools().changesNothing(tool));
            default -> ToolCalls.demand(context, tool, null, outcome).value();
        };
    }

    /**
     * The task's next attempt repeats a call that may have taken effect, under the same key.
     * The client must not repeat it: that would be another call.
     */
    private static CallFailedException failed(ToolOutcome.Failed failed, boolean changesNothing) {
        if (!failed.permanent() && !changesNothing) {
            return new CallFailedException(
                    "in_doubt",
                    "%s; it may have taken effect, so do not call again; ask an operator to retry this task"
                            .formatted(failed.summary()),
                    failed.cause(),
                    false);
        }
        String type = failed.cause() instanceof TimeoutException ? "timed_out" : "failed";
        return new CallFailedException(type, failed.summary(), failed.cause(), true);
    }
}
