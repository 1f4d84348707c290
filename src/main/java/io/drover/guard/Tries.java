package io.drover.guard;

import io.drover.guard.Failure.Kind;
import io.drover.journal.Lease;
import io.drover.journal.PendingException;
import io.drover.start.Listeners;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Tries a call until it is known what became of it, or it has to be put off. */
final class Tries {

    private final Guard guard;
    private final JournalRepository journal;
    private final Fallbacks fallbacks;
    private final Reconciliation reconciliation;
    private final Previews previews;
    private final Listeners<ToolCallListener> listeners;
    private final Clock clock;

    Tries(
            Guard guard,
            JournalRepository journal,
            Fallbacks fallbacks,
            Previews previews,
            Listeners<ToolCallListener> listeners,
            Clock clock) {
        this.guard = guard;
        this.journal = journal;
        this.fallbacks = fallbacks;
        this.previews = previews;
        this.reconciliation = new Reconciliation(journal, this::run);
        this.listeners = listeners;
        this.clock = clock;
    }

    ToolOutcome run(GuardedCall call) {
        try {
            return tried(call);
        } finally {
            call.attempt().calls().ended(call.identity().address());
        }
    }

    private ToolOutcome tried(GuardedCall call) {
        var known = call.attempt().recorded(call.identity().address());
        String fallback = Fallbacks.decided(known);
        if (known != null && fallback != null && known.tool().equals(call.spec().name())) {
            return fallbacks.make(call, fallback); // that was decided before the crash
        }
        ToolOutcome end;
        do {
            Failure failure = sendAsBooked(call);
            end = failure == null
                    ? answered(call)
                    : after(call, wordless(call, guard.explained(call.spec().name(), failure)));
        } while (end == null);
        return end;
    }

    /** The other side may repeat what it was sent. */
    private static Failure wordless(GuardedCall call, Failure failure) {
        return call.identity().redaction().isNone() ? failure : failure.withoutWords();
    }

    private @Nullable Failure sendAsBooked(GuardedCall call) {
        try {
            return send(call);
        } finally {
            call.booking().giveBack();
        }
    }

    /** @return null when the call's outcome is known */
    private @Nullable Failure send(GuardedCall call) {
        Lease lease = call.attempt().lease();
        if (!guard.leasesHold()) {
            throw new AttemptOverException(lease, "its worker's last heartbeat is too old");
        }
        if (call.attempt().hasEnded()) {
            throw new AttemptOverException(lease, String.valueOf(call.attempt().over()));
        }
        Try next = call.tried(clock.instant());
        call.identity().tool().dispatcher().accept(next);
        if (call.wasRetried()) {
            listeners.each(listener ->
                    listener.retried(call.attempt().task().mode(), call.spec().name()));
        }
        return next.failure();
    }

    /** @return null when it is to be tried again */
    private @Nullable ToolOutcome answered(GuardedCall call) {
        Meeting meeting = call.meeting();
        if (meeting != null) {
            listeners.each(listener ->
                    listener.metEffect(call.spec().name(), meeting.name().toLowerCase(Locale.ROOT)));
        }
        if (call.isLeftOut()) {
            return previews.of(call);
        }
        return switch (call.outcome()) {
            case ToolOutcome.InDoubt doubt -> reconciliation.of(call, doubt.summary());
            case ToolOutcome.Held held -> held(call, held);
            case null, default -> call.outcome();
        };
    }

    /** What an earlier try of this attempt left is not to be in doubt later: this try sent nothing. */
    private ToolOutcome held(GuardedCall call, ToolOutcome.Held held) {
        call.sentNothing();
        if (call.hasBegun() || call.tries() > 0) {
            journal.putOff(call, held.reason());
        }
        return held;
    }

    /** What becomes of a call after a try that failed. @return null when it is to be tried again */
    private @Nullable ToolOutcome after(GuardedCall call, Failure failure) {
        if (failure.kind() == Kind.LEASE_LOST) {
            throw new AttemptOverException(call.attempt().lease(), failure.summary());
        }
        if (!failure.surelyDidNotHappen()) {
            if (!call.spec().isRepeatable()) {
                return reconciliation.of(call, failure.summary());
            }
            call.mayHaveTakenEffect();
        }
        if (PendingException.isIn(failure.cause())) { // a call that its steps made waits for an approval
            journal.putOff(call, failure.summary());
            throw new PendingException(call.attempt().lease());
        }
        if (failure.kind() == Kind.THROTTLED) {
            listeners.each(listener -> listener.throttled(call.spec().name()));
        }
        return switch (failure.kind()) {
            case REJECTED -> giveUp(call, failure);
            case BREAKER_OPEN -> fallBackOrWaitForBreaker(call, failure);
            case THROTTLED -> waitForRate(call, failure);
            default ->
                call.wasTrial()
                        ? fallBackOrWaitForBreaker(call, failure)
                        : call.isSpent() ? spent(call, failure) : backOff(call, failure);
        };
    }

    /** An attempt is not spent on a service that is too busy for the call. */
    private ToolOutcome spent(GuardedCall call, Failure failure) {
        boolean waits = failure.isBusy() && !Fallbacks.isAllowed(call, failure);
        return waits ? putOff(call, failure, Backoff.whileBusy(call, failure)) : giveUp(call, failure);
    }

    /** A trial that failed says that the breaker stays open, and nothing about the task: it costs no attempt. */
    private ToolOutcome fallBackOrWaitForBreaker(GuardedCall call, Failure failure) {
        return Fallbacks.isAllowed(call, failure)
                ? giveUp(call, failure)
                : putOff(
                        call, failure, Backoff.forBreaker(call.identity().tool().breaker()));
    }

    private @Nullable ToolOutcome backOff(GuardedCall call, Failure failure) {
        Duration delay = Backoff.beforeRetry(call.spec(), call.tries(), failure);
        return waitOrPutOff(call, failure, delay, Backoff.LONGEST_BACKOFF);
    }

    /** Waits for a call of this worker's share that is free soon; else until one may be free, here or on another worker. */
    private @Nullable ToolOutcome waitForRate(GuardedCall call, Failure failure) {
        FleetRate rate = guard.rate(call.spec());
        boolean spent =
                failure.cause() instanceof ThrottlerRejectedExecutionException; // else there are too many at once
        Duration wait = spent ? rate.book(Backoff.SHORT) : null;
        if (wait == null) {
            return waitOrPutOff(call, failure, rate.nextSlot(), Backoff.SHORT);
        }
        call.booking().made(rate);
        return waitOrPutOff(call, failure, wait, Backoff.SHORT);
    }

    /** Waits and returns null, so that the call is tried again, or has the task wait where that takes longer. */
    private @Nullable ToolOutcome waitOrPutOff(GuardedCall call, Failure failure, Duration delay, Duration longest) {
        if (delay.compareTo(longest) > 0) {
            return putOff(call, failure, delay);
        }
        String refusal = call.attempt().refusal();
        if (refusal == null) {
            refusal = pause(call, delay);
        }
        if (refusal != null) {
            call.booking().giveBack();
            journal.putOff(call, failure.summary()); // what is known now is not to be in doubt later
            throw new AttemptOverException(call.attempt().lease(), refusal);
        }
        if (failure.kind() == Kind.THROTTLED) {
            call.sentNothing();
        }
        return null;
    }

    /** @return why there is no more to wait for, or null */
    private @Nullable String pause(GuardedCall call, Duration delay) {
        try {
            guard.pause(call.attempt(), delay);
            return call.attempt().refusal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "its attempt has ended";
        }
    }

    private ToolOutcome putOff(GuardedCall call, Failure failure, Duration delay) {
        journal.putOff(call, failure.summary());
        return new ToolOutcome.Deferred(failure.kind() == Kind.THROTTLED, failure.summary(), delay);
    }

    private ToolOutcome giveUp(GuardedCall call, Failure failure) {
        ToolSpec spec = call.spec();
        String fallback = spec.fallback();
        if (fallback != null && Fallbacks.isAllowed(call, failure)) {
            return fallbacks.decide(call, fallback, failure);
        }
        journal.putOff(call, failure.summary());
        // Who hears that it failed for good may make another call, under another key, beside one that may have taken
        // effect.
        boolean permanent = failure.kind() == Kind.REJECTED && (spec.readOnly() || !call.isDoubtful());
        return new ToolOutcome.Failed(
                failure.summary(), permanent, call.identity().redaction().isNone() ? failure.cause() : null);
    }
}
