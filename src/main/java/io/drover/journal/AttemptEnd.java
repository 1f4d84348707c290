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
     * @param delay until it is due again, or null if only a person, or the result of a pending call, can wake it
     * @param error why it waits, as a JSON document, or null
     */
    record Waiting(WaitReason reason, @Nullable Duration delay, @Nullable String error) implements AttemptEnd {

        private static final Duration UNTIL_READ_AGAIN = Duration.ofSeconds(30);

        /** Whether it waits for the results of pending calls, which may come before this end is written. */
        public boolean isPending() {
            return mayBeWoken() && reason != WaitReason.EFFECT;
        }

        /** Whether what it waits for may have come before this end is written. */
        public boolean mayBeWoken() {
            return reason.endsByAResult();
        }

        /** Whether only a person's decision can end it. */
        public boolean isForAPerson() {
            return reason == WaitReason.IN_DOUBT || reason == WaitReason.APPROVAL;
        }

        /**
         * The wait for both: for a call in doubt first, then a hold, then an approval, then another result, then the longer
         * of two times.
         */
        Waiting and(@Nullable Waiting other) {
            if (other == null) {
                return this;
            }
            Waiting first = other.rank() >= rank() ? other : this;
            Waiting second = first == other ? this : other;
            if (first.isPending()) { // whatever comes first makes it due
                return new Waiting(first.reason, sooner(first.delay, second.delay), first.error);
            }
            boolean longer = first.delay != null
                    && second.delay != null
                    && second.rank() == first.rank()
                    && second.delay.compareTo(first.delay) > 0;
            return longer ? second : first;
        }

        private int rank() {
            return switch (reason) {
                case IN_DOUBT -> 5;
                case HELD, EFFECT -> 4;
                case APPROVAL -> 3;
                case SIGNAL, TIME -> 2;
                case CHILD -> 1; // so it is said only where all that is waited for are children
                case DELAY, RETRY -> 0;
            };
        }

        private static @Nullable Duration sooner(@Nullable Duration one, @Nullable Duration other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return one.compareTo(other) <= 0 ? one : other;
        }

        /** What is stored of the task cannot be opened by this process. */
        static Waiting sealed(String message) {
            return new Waiting(
                    WaitReason.DELAY, UNTIL_READ_AGAIN, Json.write(Map.of("type", "sealed", "message", message)));
        }

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
