package io.drover.guard;

import io.drover.tool.ToolSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a call waits before it goes on: by chance between half and all of a time, so that many callers do not come back together. */
final class Backoff {

    /** Up to here a call waits on its virtual thread for its rate; for longer the task is suspended. */
    static final Duration SHORT = Duration.ofSeconds(1);

    /** Up to here a retry waits on its virtual thread, because a suspended task begins to count its tries again. */
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private static final Duration UNTIL_ASKED_AGAIN = Duration.ofSeconds(20);

    private static final Duration FIRST_WHILE_BUSY = Duration.ofSeconds(4);
    private static final Duration LONGEST_WHILE_BUSY = Duration.ofMinutes(5);

    private Backoff() {}

    /** Until an open breaker lets calls through again. */
    static Duration forBreaker(CircuitBreaker breaker) {
        Duration wait = Duration.ofMillis(breaker.getCircuitBreakerConfig()
                .getWaitIntervalFunctionInOpenState()
                .apply(1));
        return jittered(wait).plus(SHORT);
    }

    /** Before a call is tried again: as long as the other side asks, else exponentially longer. */
    static Duration beforeRetry(ToolSpec spec, int tries, Failure failure) {
        if (failure.retryAfter() != null && failure.retryAfter().isPositive()) {
            return failure.retryAfter();
        }
        Duration exponential = spec.backoff().multipliedBy(1L << Math.min(tries - 1, 16));
        return jittered(exponential.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : exponential);
    }

    /**
     * Before a task asks a service again that was too busy for all tries of an attempt: as long as that asks, else
     * twice as long after each attempt.
     */
    static Duration whileBusy(GuardedCall call, Failure failure) {
        if (failure.retryAfter() != null && failure.retryAfter().compareTo(FIRST_WHILE_BUSY) > 0) {
            return failure.retryAfter();
        }
        int rounds = call.timesSent() / (call.spec().retries() + 1);
        Duration pause = FIRST_WHILE_BUSY.multipliedBy(1L << Math.clamp(rounds - 1L, 0, 16));
        return jittered(pause.compareTo(LONGEST_WHILE_BUSY) > 0 ? LONGEST_WHILE_BUSY : pause);
    }

    /** Before a reconcile tool that could not be asked is asked again. */
    static Duration beforeAskingAgain() {
        return jittered(UNTIL_ASKED_AGAIN);
    }

    /** Between half and all of it. */
    private static Duration jittered(Duration duration) {
        return Duration.ofNanos(
                (long) (duration.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble() / 2)));
    }
}
