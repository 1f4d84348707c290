package io.drover.journal;

import org.jspecify.annotations.Nullable;

/**
 * Where a task comes from. What the service adds to a submission stands here once, for the task that is stored
 * ({@link NewTask}) and for the one that people are shown ({@link TaskView}).
 *
 * @param name  who or what submitted it (a user, a topic), for the audit
 * @param trace the span that submitted it (W3C traceparent), or null
 * @param family the task that awaits it, and those above; null where none does
 * @param redone whether it is a task that was redone, or was submitted by one
 * @param mode   whether it takes effect
 * @param version of its workflow, from 1; it keeps it
 * @param rollout that compares it, or null
 * @param evaluated whether it is evaluated when it has ended
 */
public record Submitter(
        @Nullable String name,
        @Nullable String trace,
        @Nullable Family family,
        boolean redone,
        Mode mode,
        int version,
        @Nullable String rollout,
        boolean evaluated) {

    /** A task that no rollout compares, and that is not evaluated. */
    public Submitter(
            @Nullable String name,
            @Nullable String trace,
            @Nullable Family family,
            boolean redone,
            Mode mode,
            int version) {
        this(name, trace, family, redone, mode, version, null, false);
    }

    /** A live task of the first version. */
    public Submitter(@Nullable String name, @Nullable String trace, @Nullable Family family, boolean redone) {
        this(name, trace, family, redone, Mode.LIVE, 1);
    }

    /** A task that no other one awaits. */
    public Submitter(@Nullable String name, @Nullable String trace) {
        this(name, trace, null, false);
    }
}
