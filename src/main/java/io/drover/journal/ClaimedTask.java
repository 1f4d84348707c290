package io.drover.journal;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that this worker may now attempt.
 *
 * @param attempt number of this attempt, from 1
 * @param input   a JSON document
 * @param submittedBy the user, or the trigger, or null
 * @param dueAt       since when it could have been claimed
 * @param trace       the span that submitted it (W3C traceparent), or null
 * @param bytes       of the input and of what the journal holds of its calls
 * @param lost        how many workers in a row died while they ran it
 * @param family      where it stands as a child, or null
 * @param redone      whether it, or the task that submitted it, was redone: each effect without an effect key asks
 * @param mode        whether it takes effect
 * @param version     of its workflow, from 1
 * @param addresses   of its calls
 */
public record ClaimedTask(
        UUID id,
        String workflow,
        @Nullable String key,
        long token,
        int attempt,
        String input,
        Instant createdAt,
        @Nullable String submittedBy,
        Instant dueAt,
        @Nullable String trace,
        int bytes,
        int lost,
        @Nullable Family family,
        boolean redone,
        Mode mode,
        int version,
        Addresses addresses) {

    /** A live task of the first version, the addresses of whose calls have no key. */
    public ClaimedTask(
            UUID id,
            String workflow,
            @Nullable String key,
            long token,
            int attempt,
            String input,
            Instant createdAt,
            @Nullable String submittedBy,
            Instant dueAt,
            @Nullable String trace,
            int bytes,
            int lost,
            @Nullable Family family,
            boolean redone) {
        this(
                id,
                workflow,
                key,
                token,
                attempt,
                input,
                createdAt,
                submittedBy,
                dueAt,
                trace,
                bytes,
                lost,
                family,
                redone,
                Mode.LIVE,
                1,
                Addresses.PLAIN);
    }

    public WorkflowVersion workflowVersion() {
        return new WorkflowVersion(workflow, version);
    }

    public Lease lease() {
        return new Lease(id, token);
    }
}
