package io.drover.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.tool.Json;
import java.util.List;

/** Reads what was sent as a task's input. */
final class TaskInput {

    /** As in IEEE 754 binary64, about. */
    private static final int MAX_EXPONENT = 400;

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
            JsonNode node = Json.parse(input);
            checkNumbers(node);
            if (input.indexOf("\\u") >= 0 || hasSurrogate(input)) {
                checkText(node);
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new InvalidTaskException(Reason.MALFORMED_INPUT, "the input is not JSON: " + where(e), List.of());
        }
    }

    /** A few characters can name a number that fills the memory of whoever writes it out: {@code 1e999999999}. */
    private static void checkNumbers(JsonNode node) {
        if (node.isBigDecimal() && Math.abs((long) node.decimalValue().scale()) > MAX_EXPONENT) {
            throw new InvalidTaskException(
                    Reason.MALFORMED_INPUT,
                    "the input holds a number with an exponent beyond %d".formatted(MAX_EXPONENT),
                    List.of());
        }
        node.forEach(TaskInput::checkNumbers);
    }

    /** U+0000 and unpaired surrogates are legal in JSON text but cannot be stored or sent on as they are. */
    private static void checkText(JsonNode node) {
        if (node.isTextual()) {
            checkText(node.textValue());
        }
        node.properties().forEach(member -> checkText(member.getKey()));
        node.forEach(TaskInput::checkText);
    }

    private static void checkText(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidTaskException(
                    Reason.MALFORMED_INPUT, "the input holds the character U+0000, which cannot be stored", List.of());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new InvalidTaskException(
                        Reason.MALFORMED_INPUT,
                        "the input holds an unpaired surrogate, which is not Unicode text",
                        List.of());
            }
        }
    }

    private static boolean hasSurrogate(String text) {
        return text.chars().anyMatch(c -> Character.isSurrogate((char) c));
    }

    private static String where(JsonProcessingException e) {
        String message = e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
        return e.getLocation() == null
                ? message
                : "line %d, column %d: %s"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), message);
    }
}
