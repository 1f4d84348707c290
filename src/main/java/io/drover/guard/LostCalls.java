package io.drover.guard;

import io.drover.journal.CallRecord;
import io.drover.journal.Recovery;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Calls that may have been made although the journal does not say so, because its database went back in time. Such a call is in doubt before
 * it is made: an idempotent tool is called again under the same key, {@code reconcile} is asked, else a person.
 */
@Component
class LostCalls {

    /** Of the clocks of processes against the database's. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final String CALLBACKS = "on-end";

    private final Recovery recovery;

    LostCalls(Recovery recovery) {
        this.recovery = recovery;
    }

    /** Sets what is to become of a call that is about to be made, where it may have been made before. */
    void check(GuardedCall call, @Nullable CallRecord known) {
        Instant began = recovery.began();
        ToolSpec spec = call.spec();
        if (began == null
                || call.isAnswered()
                || call.hasBegun()
                || spec.readOnly()
                || call.attempt().task().mode().hasNoEffect() // it was not made
                || spec.name().startsWith(ToolSpec.MODEL) // asked again; what it costs is all that it does
                || spec.name().startsWith(ToolSpec.MEMORY) // in the database, so it went back with it
                || isSettled(known, began)
                || !recovery.doubts(call.attempt().task())) {
            return;
        }
        call.mayHaveTakenEffect();
        // It may have had other arguments, or its fallback may have been called in its place: neither it nor its key
        // tells.
        if (spec.fallback() != null
                || call.attempt().task().workflow().equals(CALLBACKS) // whose ids are others than before
                || call.attempt().asked(ToolSpec.MODEL, began.minus(SKEW))) {
            call.mayHaveHadAnotherEffect();
        }
        if (call.isForAPerson() || !spec.isRepeatable()) {
            call.answered(new ToolOutcome.InDoubt(recovery.reason()));
        }
    }

    /** Whether what is known of the call was found out, or decided, since the recovery began. */
    private static boolean isSettled(@Nullable CallRecord known, Instant began) {
        return known != null
                && switch (known.state()) {
                    case SUCCEEDED, REJECTED -> true;
                    case FAILED, AGAIN ->
                        known.finishedAt() != null && known.finishedAt().isAfter(began);
                    case STARTED, IN_DOUBT, PENDING, FORGOTTEN -> false;
                };
    }
}
