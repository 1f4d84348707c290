package io.drover.journal;

import io.drover.who.Actor;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person's decisions about a task. Each decision fences off an attempt that may be running, and the same commit
 * writes it to the audit table.
 */
public interface TaskDecisions {

    /** The outcome of a decision. */
    sealed interface Verdict {

        /** It is in force, or was before. */
        record Done() implements Verdict {}

        /** The task, or the call, does not exist. */
        record Unknown(String what) implements Verdict {}

        /** It does not fit the state of the task or the call. */
        record Refused(String why) implements Verdict {}
    }

    /** A person's decision about a call whose outcome is unknown. */
    enum Resolution {
        /** It took effect; the result is recorded as if the call had returned it. */
        HAPPENED,
        /** It had no effect, or may be repeated: the next attempt makes it again. */
        AGAIN,
        /** It failed, and is not to be made again. */
        FAIL;

        /** As the API and the audit table write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The resolution that is written like this.
         *
         * @throws IllegalArgumentException when there is none
         */
        public static Resolution of(@Nullable String word) {
            for (Resolution resolution : values()) {
                if (resolution.word().equals(word)) {
                    return resolution;
                }
            }
            throw new IllegalArgumentException("no resolution is called " + word);
        }
    }

    /**
     * What is decided about a call.
     *
     * @param result   a JSON document, for {@link Resolution#HAPPENED}; null counts as JSON null
     * @param replaces when the decision that this one replaces was made, or null if none, or the actor's own, is replaced
     */
    record Decision(Resolution resolution, @Nullable String result, @Nullable Instant replaces) {

        /** What the journal holds as the call's result. */
        @Nullable
        String recorded() {
            return resolution != Resolution.HAPPENED ? null : result == null ? "null" : result;
        }
    }

    /** Ends a task that is not completed. */
    Verdict cancel(UUID task, Actor who);

    /** Queues a dead task again. Its recorded calls stay, so finished calls are not made again. */
    Verdict redrive(UUID task, Actor who);

    /**
     * Decides about the n-th call of a task that is not running: one in doubt, one that was interrupted, or one about
     * which was decided and whose decision no attempt has used yet. Of two decisions that are made concurrently, the
     * first counts and the other is refused.
     */
    Verdict resolve(UUID task, int n, Decision decision, Actor who);

    /** Decides about a call that was not decided about, or only by the same actor. */
    default Verdict resolve(UUID task, int n, Resolution resolution, @Nullable String result, Actor who) {
        return resolve(task, n, new Decision(resolution, result, null), who);
    }
}
