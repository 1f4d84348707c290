package io.drover.tool;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of a call. It classifies and does not decide: a workflow throws, a model is told. */
public sealed interface ToolOutcome {

    /** It succeeded; {@code value} is its result as maps, lists, strings and numbers. */
    record Succeeded(@Nullable Object value, Origin origin) implements ToolOutcome {}

    /** Where a result comes from. */
    enum Origin {
        /** The call was made. */
        CALL,
        /** The tool caches its results, and the cache had this one. */
        CACHE,
        /** An earlier attempt made the call. */
        JOURNAL,
        /** A dry run did not make the call: a preview, or a result that was made up, stands in. */
        PREVIEW
    }

    /** Its arguments break the tool's schema. Nothing was sent. */
    record InvalidArguments(List<String> problems) implements ToolOutcome {}

    /** Policy forbids it. Nothing was sent. */
    record Refused(String reason) implements ToolOutcome {}

    /**
     * It failed, and it surely had no effect or may be repeated without harm.
     *
     * @param permanent the next attempt cannot do better
     */
    record Failed(String summary, boolean permanent, @Nullable Throwable cause) implements ToolOutcome {}

    /**
     * The task has to wait and come back: the rate is spent, the breaker is open, or the tool asked for time or is not
     * loaded yet.
     *
     * @param throttled it is the rate, and nothing is wrong
     */
    record Deferred(boolean throttled, String reason, Duration delay) implements ToolOutcome {}

    /**
     * A person stopped it, so the task has to wait until the hold is released or over. Nothing was sent.
     *
     * @param hold what is held, in one word: {@code tool:refund}
     */
    record Held(String hold, String reason) implements ToolOutcome {}

    /** It waits for an approval, and so does the task. Nothing was sent. */
    record Pending(String reason) implements ToolOutcome {}

    /**
     * It is never made, because it was not approved.
     *
     * @param rejected a person said no; else no decision came in time
     */
    record Unapproved(boolean rejected, String reason) implements ToolOutcome {

        /** In one word. */
        public String type() {
            return rejected ? "rejected" : "undecided";
        }
    }

    /** Another call with its effect key has not ended, so the task waits for that. Nothing was sent. */
    record Awaiting(String reason) implements ToolOutcome {}

    /**
     * A model asked for it, and another call with its effect key and other arguments was made. Nothing was sent.
     *
     * @param result of that other call
     */
    record AlreadyDone(String reason, @Nullable Object result) implements ToolOutcome {}

    /** Its outcome is unknown, and it is not safe to repeat: a person must say whether it took effect. */
    record InDoubt(String summary) implements ToolOutcome {}
}
