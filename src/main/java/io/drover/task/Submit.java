package io.drover.task;

import io.drover.journal.Mode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request to submit a task.
 *
 * @param key         the idempotency key within the workflow, or null
 * @param input       a JSON document, not checked yet
 * @param priority    0 to 9, or null for the workflow's
 * @param submittedBy who or what submits it, for the audit
 * @param keyOwner    the owner of the key, see {@link io.drover.journal.KeyOwner}; null if the key belongs to all
 * @param mayHaveRun  whether the task may have run before its database went back in time
 * @param redone      whether the task that submits it was redone
 * @param mode        whether it takes effect; null for the default of this environment
 * @param version     of the workflow; null for the current one
 */
public record Submit(
        String workflow,
        @Nullable String key,
        String input,
        @Nullable Integer priority,
        Duration delay,
        @Nullable String submittedBy,
        @Nullable String keyOwner,
        boolean mayHaveRun,
        boolean redone,
        @Nullable Mode mode,
        @Nullable Integer version) {

    /** To the current version, and of no given mode. */
    public Submit(
            String workflow,
            @Nullable String key,
            String input,
            @Nullable Integer priority,
            Duration delay,
            @Nullable String submittedBy,
            @Nullable String keyOwner,
            boolean mayHaveRun,
            boolean redone) {
        this(workflow, key, input, priority, delay, submittedBy, keyOwner, mayHaveRun, redone, null, null);
    }

    /** A request for a new task. */
    public Submit(
            String workflow,
            @Nullable String key,
            String input,
            @Nullable Integer priority,
            Duration delay,
            @Nullable String submittedBy,
            @Nullable String keyOwner) {
        this(workflow, key, input, priority, delay, submittedBy, keyOwner, false, false);
    }

    /** The same; its key, if it has one, belongs to all. */
    public Submit(
            String workflow,
            @Nullable String key,
            String input,
            @Nullable Integer priority,
            Duration delay,
            @Nullable String submittedBy) {
        this(workflow, key, input, priority, delay, submittedBy, null, false, false);
    }

    /** The same in a mode; null for the default of this environment. */
    public Submit in(@Nullable Mode other) {
        return new Submit(
                workflow, key, input, priority, delay, submittedBy, keyOwner, mayHaveRun, redone, other, version);
    }

    /** The same to a version; null for the current one. */
    public Submit to(@Nullable Integer other) {
        return new Submit(
                workflow, key, input, priority, delay, submittedBy, keyOwner, mayHaveRun, redone, mode, other);
    }

    /** The same with a key. */
    public Submit keyed(String other) {
        return new Submit(
                workflow, other, input, priority, delay, submittedBy, keyOwner, mayHaveRun, redone, mode, version);
    }
}
