package io.drover.journal;

import io.drover.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, which decides the state of its task. */
public sealed interface AttemptEnd {

    /** The task is {@link TaskStatus#COMPLETED}; {@code output} is a JSON document. */
    record Completed(String output) implements AttemptEnd {}

    /** The attempt failed and another follows after {@code backoff}. */
    record Retry(String error, Duration backoff) implements AttemptEnd {}

    /** The attempt failed and no other follows. */
    record Dead(String error) implements AttemptEnd {}

    /**
     * The task waits; the attempt does not count.
     *
     * @param delay until it is due again, or null if only a person can wake it
     * @param error why it waits, as a JSON document, or null
     */
    record Waiting(WaitReason reason, @Nullable Duration delay, @Nullable String error) implements AttemptEnd {

        /**
         * The task waits for a hold.
         *
         * @param hold what is held, in one word: {@code tool:refund}
         * @param tool whose call met the hold, or null where it was the task itself
         */
        public static Waiting held(String hold, @Nullable String tool, String message) {
            Map<String, String> error = new LinkedHashMap<>();
            if (tool != null) {
                error.put("tool", tool);
            }
            error.put("hold", hold);
            error.put("message", message);
            return new Waiting(WaitReason.HELD, null, Json.write(error));
        }
    }

    /** The worker is leaving; another may begin immediately. The attempt does not count. */
    record Released() implements AttemptEnd {}
}
