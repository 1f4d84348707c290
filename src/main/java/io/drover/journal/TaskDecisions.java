package io.drover.journal;

import io.drover.who.Actor;
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
        FAIL
    }

    /** Ends a task that is not completed. */
    Verdict cancel(UUID task, Actor who);

    /** Queues a dead task afresh. Its recorded calls stay, so what is done is not done again. */
    Verdict redrive(UUID task, Actor who);

    /**
     * Decides about the n-th call of a task that is not running: one in doubt, or one that was interrupted.
     *
     * @param result a JSON document, for {@link Resolution#HAPPENED}; null counts as JSON null
     */
    Verdict resolve(UUID task, int n, Resolution resolution, @Nullable String result, Actor who);
}
