package io.drover.guard;

import io.drover.journal.Mode;
import java.time.Duration;

/**
 * Is notified about calls, for example for metrics.
 * It must return quickly.
 */
public interface ToolCallListener {

    /**
     * A call has ended.
     *
     * @param outcome succeeded, cached, replayed, invalid, refused, failed, throttled, deferred, held, awaiting,
     *                already_done or in_doubt; in a dry run, previewed
     */
    void called(String workflow, Mode mode, String tool, String outcome, Duration duration);

    /** The fleet's rate is spent: a call waits for its turn. */
    void throttled(String tool);

    /** A call is tried again. */
    void retried(Mode mode, String tool);

    /**
     * A call is to begin whose effect another call has.
     *
     * @param how awaited, repeated or conflict
     */
    default void metEffect(String tool, String how) {}

    /**
     * A rule was asked about a call that is to be made, and had something to say.
     *
     * @param said     permit, ask, forbid or error
     * @param enforced false where the rule only observes
     */
    default void ruled(String rule, String said, boolean enforced) {}

    /**
     * A flag was resolved for a task.
     *
     * @param variant empty where there is none
     * @param reason  as OpenFeature names it
     */
    default void flagged(String flag, String variant, String reason) {}

    /** Another tool is called in place of one. */
    void fellBack(Mode mode, String from, String to);
}
