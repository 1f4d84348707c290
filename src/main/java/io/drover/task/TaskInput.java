package io.drover.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.task.InvalidTaskException.Reason;
import java.util.List;

/** Reads what was sent as a task's input. */
final class TaskInput {

    private TaskInput() {}

    static JsonNode parse(String input, int maxBytes) {
        if (input.length() > maxBytes) {
            throw new InvalidTaskException(
                    Reason.TOO_LARGE,
                    "the input is longer than drover.queue.max-input-bytes (%d); put large content elsewhere and send a reference"
                            .formatted(maxBytes),
                    List.of());
        }
        try {
            return Json.parse(input);
        } catch (JsonProcessingException e) {
            throw new InvalidTaskException(Reason.MALFORMED_INPUT, "the input is not JSON: " + where(e), List.of());
        }
    }

    private static String where(JsonProcessingException e) {
        String message = Json.reason(e);
        return e.getLocation() == null
                ? message
                : "line %d, column %d: %s"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), message);
    }
}
