package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a model is told about a call that it wanted.
 *
 * @param call   the address of the call; null where it was not made
 * @param result whether the text is the result of that call
 */
record Heard(String text, @Nullable UUID call, boolean result) {

    private static final String CALL = "call";
    private static final String TEXT = "text";

    /**
     * For the record of the next question.
     * A result is recorded with its call, so the address is enough for it.
     */
    JsonNode recorded() {
        ObjectNode heard = JsonNodeFactory.instance.objectNode();
        if (call != null) {
            heard.put(CALL, call.toString());
        }
        return result ? heard : heard.put(TEXT, text);
    }

    /** The address in the value of {@link #recorded()}, or null. */
    static @Nullable UUID call(JsonNode recorded) {
        return recorded.hasNonNull(CALL) ? UUID.fromString(recorded.path(CALL).asText()) : null;
    }

    /** The text in the value of {@link #recorded()}; null for a result. */
    static @Nullable String text(JsonNode recorded) {
        return recorded.path(TEXT).textValue();
    }
}
