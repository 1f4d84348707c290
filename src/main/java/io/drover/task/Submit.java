package io.drover.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request to submit a task.
 *
 * @param key         the idempotency key within the workflow, or null
 * @param input       a JSON document, not checked yet
 * @param priority    0 to 9, or null for the workflow's
 * @param submittedBy who or what submits it, for the audit
 * @param mayHaveRun  whether the task may have run before its database went back in time
 */
public record Submit(
        String workflow,
        @Nullable String key,
        String input,
        @Nullable Integer priority,
        Duration delay,
        @Nullable String submittedBy,
        boolean mayHaveRun) {

    /** A request for something that is new. */
    public Submit(
            String workflow,
            @Nullable String key,
            String input,
            @Nullable Integer priority,
            Duration delay,
            @Nullable String submittedBy) {
        this(workflow, key, input, priority, delay, submittedBy, false);
    }
}
