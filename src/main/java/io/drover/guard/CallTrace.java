package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome;
import io.drover.trace.Content;
import io.drover.trace.GenAi;
import io.drover.trace.Traced;
import org.jspecify.annotations.Nullable;

/** What the span of a call says of it. */
final class CallTrace {

    private CallTrace() {}

    static void of(
            Traced span, Content content, JsonNode arguments, @Nullable String id, ToolOutcome outcome, String label) {
        span.says(GenAi.TOOL_TYPE, "function").says(GenAi.TOOL_CALL_ID, id).says(GenAi.CALL_OUTCOME, label);
        if (content != Content.NONE) {
            span.says(GenAi.TOOL_ARGUMENTS, content, Json.canonical(arguments));
        }
        switch (outcome) {
            case ToolOutcome.Succeeded done -> {
                if (content != Content.NONE) {
                    span.says(GenAi.TOOL_RESULT, content, Json.write(done.value()));
                }
            }
            case ToolOutcome.Deferred deferred -> {} // it was not made
            case ToolOutcome.Held held -> {} // neither was it
            case ToolOutcome.Pending pending -> {}
            case ToolOutcome.Awaiting awaiting -> {} // nor this
            case ToolOutcome.AlreadyDone done -> span.failed(label, done.reason());
            case ToolOutcome.Failed failed ->
                span.failed(
                        failed.cause() == null
                                ? label
                                : failed.cause().getClass().getName(),
                        failed.summary());
            case ToolOutcome.Refused refused -> span.failed(label, refused.reason());
            case ToolOutcome.InvalidArguments invalid -> span.failed(label, String.join("; ", invalid.problems()));
            case ToolOutcome.Unapproved unapproved -> span.failed(label, unapproved.reason());
            case ToolOutcome.InDoubt doubt -> span.failed(label, doubt.summary());
        }
    }
}
