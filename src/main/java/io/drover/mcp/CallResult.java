package io.drover.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@code tools/call} answers. The task is named in {@code _meta}, so that a client's log leads to the journal. */
final class CallResult {

    static final String TASK_ID = "io.drover/taskId";

    private CallResult() {}

    /** @param output the task's, a JSON document */
    static Map<String, Object> success(UUID task, String output) {
        JsonNode value = parse(output);
        Map<String, Object> result = result(value.isTextual() ? value.textValue() : output, task);
        if (value.isObject()) {
            result.put("structuredContent", value);
        }
        return result;
    }

    /** The same words as a model hears in an agent. */
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
        JsonNode why = parse(error == null ? "{}" : error);
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

    private static JsonNode parse(String document) {
        try {
            return Json.tree(Json.recorded(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recorded document is not JSON", e);
        }
    }
}
