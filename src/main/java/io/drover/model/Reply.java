package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it came from any provider; it is not judged yet.
 *
 * @param text    its words, or null
 * @param refusal why the model does not answer, or null
 * @param reason  the server's own word for why the model stopped, or null
 * @param extras  what the model wants back with its answer, or null
 * @param id      the provider's name of the answer, or null
 * @param model   the model that answered, or null
 */
record Reply(
        @Nullable String text,
        @Nullable String refusal,
        List<Call> calls,
        @Nullable String reason,
        ReportedUsage usage,
        @Nullable JsonNode extras,
        @Nullable String id,
        @Nullable String model) {

    /** A call as the model wrote it. */
    record Call(@Nullable String id, @Nullable String name, @Nullable String arguments, @Nullable JsonNode extras) {}

    Finish finish() {
        return Finish.of(reason);
    }

    /** The server's word, for a message. */
    String said() {
        return reason == null || reason.isBlank() ? "no finish_reason" : "finish_reason " + Excerpt.of(reason, 50);
    }
}
