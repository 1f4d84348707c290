package io.drover.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.task.InvalidTaskException.Reason;
import java.util.List;

/** Reads what was sent as a task's input, or as a signal's body. */
final class TaskInput {

    private TaskInput() {}

    /** @param what for messages, such as {@code the input} */
    static JsonNode parse(String what, String input, int maxBytes) {
        if (input.length() > maxBytes) {
            throw new InvalidTaskException(
                    Reason.TOO_LARGE,
                    "%s is longer than drover.queue.max-input-bytes (%d); put large content elsewhere and send a reference"
                            .formatted(what, maxBytes),
                    List.of());
        }
        try {
            return Json.parse(input);
        } catch (JsonProcessingException e) {
            throw new InvalidTaskException(Reason.MALFORMED_INPUT, what + " is not JSON: " + where(e), List.of());
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
