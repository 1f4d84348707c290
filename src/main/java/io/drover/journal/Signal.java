package io.drover.journal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A named, durable message to the tasks that wait for it.
 *
 * @param source makes it the same signal when it is sent again
 * @param key    says whom it concerns, such as an order's number
 * @param body   a JSON document
 * @param sentBy the user, the trigger or the workflow, or null
 */
public record Signal(UUID source, String name, String key, String body, @Nullable String sentBy) {

    /** What became of it. */
    public sealed interface Outcome {

        /** It is stored. */
        record Accepted(long id) implements Outcome {}

        /** It was stored before. */
        record Known(long id) implements Outcome {}

        /** Another one was stored before under the same source. */
        record Conflict(long id) implements Outcome {}
    }
}
