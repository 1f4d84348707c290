package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.json.Recorded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code tools/call}.
 * {@code _meta} names the task, so a client's log leads to the journal.
 */
final class CallResult {

    static final String TASK_ID = "io.drover/taskId";

    private CallResult() {}

    /** @param output the task's, a JSON document */
    static Map<String, Object> success(UUID task, String output) {
        JsonNode value = Recorded.tree(output, () -> "the output of task " + task);
        Map<String, Object> result = result(value.isTextual() ? value.textValue() : output, task);
        if (value.isObject()) {
            result.put("structuredContent", value);
        }
        return result;
    }

    /** The same words as an agent's model gets. */
    static Map<String, Object> problem(String type, String message, @Nullable UUID task) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", type);
        error.put("message", message);
        Map<String, Object> result = result(Json.write(Map.of("error", error)), task);
        result.put("isError", true);
        return result;
    }

    /** @param error the task's, a JSON document with type and message */
    static Map<String, Object> failure(UUID task, @Nullable String error) {
        JsonNode why = Recorded.tree(error == null ? "{}" : error, () -> "the error of task " + task);
        return problem(
                why.path("type").asText("failed"), why.path("message").asText("the task ended without a result"), task);
    }

    private static Map<String, Object> result(String text, @Nullable UUID task) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("content", List.of(Map.of("type", "text", "text", text)));
        if (task != null) {
            result.put("_meta", Map.of(TASK_ID, task.toString()));
        }
        return result;
    }
}
