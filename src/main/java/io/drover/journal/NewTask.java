package io.drover.journal;

import io.drover.json.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task to be submitted.
 *
 * @param id        see {@link TaskIds}
 * @param key       the idempotency key within the workflow, or null
 * @param keyOwner  the owner of the key, see {@link KeyOwner}; null if the key belongs to all
 * @param input     a JSON document
 * @param priority  0 to 9, 9 is claimed first
 * @param delay     from now until it is due
 * @param submitter who or what submits it
 * @param onEnd     the tool that is called when it ends or waits for a person, or null
 * @param redaction fields of the input that are not kept once it completes or is cancelled
 */
public record NewTask(
        UUID id,
        String workflow,
        @Nullable String key,
        @Nullable String keyOwner,
        String input,
        int priority,
        Duration delay,
        Submitter submitter,
        @Nullable String onEnd,
        Redaction redaction) {

    /** A task without a callback, which is kept as it is. */
    public NewTask(
            UUID id,
            String workflow,
            @Nullable String key,
            @Nullable String keyOwner,
            String input,
            int priority,
            Duration delay,
            Submitter submitter) {
        this(id, workflow, key, keyOwner, input, priority, delay, submitter, null, Redaction.NONE);
    }

    /** A task whose key, if it has one, belongs to all. */
    public NewTask(
            UUID id,
            String workflow,
            @Nullable String key,
            String input,
            int priority,
            Duration delay,
            @Nullable String submittedBy,
            @Nullable String trace) {
        this(id, workflow, key, null, input, priority, delay, new Submitter(submittedBy, trace));
    }

    public WorkflowVersion workflowVersion() {
        return new WorkflowVersion(workflow, submitter.version());
    }

    /** The task as it begins its first attempt where it was stored. */
    ClaimedTask claimed(Instant createdAt, Instant dueAt, Addresses addresses) {
        return new ClaimedTask(
                id,
                workflow,
                key,
                1,
                1,
                input,
                createdAt,
                submitter.name(),
                dueAt,
                submitter.trace(),
                input.length(),
                0,
                submitter.family(),
                submitter.redone(),
                submitter.mode(),
                submitter.version(),
                addresses);
    }

    /** The same task, which is this call of its parent. */
    NewTask as(Family.Call call) {
        Family family = Objects.requireNonNull(submitter.family(), "a child has a family");
        return with(new Submitter(
                submitter.name(),
                submitter.trace(),
                family.of(call),
                submitter.redone(),
                submitter.mode(),
                submitter.version(),
                submitter.rollout(),
                submitter.evaluated()));
    }

    /** The same task, which is not evaluated. */
    public NewTask unevaluated() {
        return with(new Submitter(
                submitter.name(),
                submitter.trace(),
                submitter.family(),
                submitter.redone(),
                submitter.mode(),
                submitter.version(),
                submitter.rollout(),
                false));
    }

    private NewTask with(Submitter other) {
        return new NewTask(id, workflow, key, keyOwner, input, priority, delay, other, onEnd, redaction);
    }

    /** The same task under the id that is this owner's alone, because another owner's task has the id. */
    public NewTask displaced() {
        String owner = Objects.requireNonNull(keyOwner, "only a task whose key has an owner is displaced");
        return new NewTask(
                TaskIds.of(workflow, owner, Objects.requireNonNull(key, "an owner without a key")),
                workflow,
                key,
                keyOwner,
                input,
                priority,
                delay,
                submitter,
                onEnd,
                redaction);
    }
}
