package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.guard.CaughtFailures;
import io.drover.guard.FailedStep;
import io.drover.guard.TaskContext;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Journal;
import io.drover.journal.LeaseLostException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Steps of ours that are no calls of tools, and are recorded like them, so that a later attempt does not repeat them. */
@Component
class RecordedSteps {

    private final Journal journal;
    private final CaughtFailures failures;
    private final Clock clock;

    RecordedSteps(Journal journal, CaughtFailures failures, Clock clock) {
        this.journal = journal;
        this.failures = failures;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Records that a step is done. @return false when the lease was lost, and nothing was written */
    CompletableFuture<Boolean> done(
            TaskContext context, String step, UUID address, Instant began, String arguments, String result) {
        Attempt attempt = context.attempt();
        CallRecord call =
                record(context, step, address, CallState.SUCCEEDED, 1, arguments, result, began, clock.instant());
        return journal.record(call).thenApply(written -> {
            if (written) {
                attempt.remember(call);
            }
            return written;
        });
    }

    /**
     * What is recorded of a step, or null where it is to be done.
     *
     * @param document by which it is addressed
     * @throws RuntimeException as it was thrown before, when a route has caught that and gone on
     */
    @Nullable
    CallRecord known(TaskContext context, String step, UUID address, String document) {
        CallRecord known = context.attempt().recorded(address);
        if (known == null || known.state() != CallState.FAILED) {
            return known;
        }
        JsonNode heard = CaughtFailures.heard(context.attempt(), address);
        if (heard != null) {
            throw refused(context, step, address, document, known.arguments(), Refusals.again(heard));
        }
        return null;
    }

    /**
     * A step is not done: the next equal step is this one again, unless it was refused and its route goes on from that.
     *
     * @return the failure
     */
    RuntimeException refused(
            TaskContext context,
            String step,
            UUID address,
            String document,
            String arguments,
            RuntimeException failure) {
        boolean open = context.attempt().recorded(address) == null;
        ObjectNode heard = Refusals.heard(failure);
        if (open || heard == null) {
            context.scope().giveBack(address, step, document);
        }
        if (heard != null) {
            String message = String.valueOf(failure.getMessage());
            failures.put(failure, FailedStep.refused(step, address, document, arguments, message, heard, open));
        }
        return failure;
    }

    /** The record of a step whose result comes from outside. */
    CallRecord pending(TaskContext context, String step, UUID address, String arguments) {
        return record(context, step, address, CallState.PENDING, 0, arguments, null, clock.instant(), null);
    }

    /** Ends an attempt whose task is another's. */
    static LeaseLostException lost(Attempt attempt, String step) {
        attempt.end("the lease is lost");
        return new LeaseLostException(attempt.lease(), "recording " + step);
    }

    private static CallRecord record(
            TaskContext context,
            String step,
            UUID address,
            CallState state,
            int tries,
            String arguments,
            @Nullable String result,
            Instant began,
            @Nullable Instant finished) {
        Attempt attempt = context.attempt();
        return new CallRecord(
                attempt.task().id(),
                address,
                attempt.number(address),
                step,
                state,
                tries,
                attempt.lease().token(),
                0,
                null,
                arguments,
                result,
                null,
                began,
                finished,
                null,
                context.path());
    }
}
