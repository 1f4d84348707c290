package io.drover.kit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of a case: it stands still while something happens, and is set forward while nothing does. */
final class KitClock extends Clock {

    /** Longer than any rate lasts: what one case called does not count in the next. */
    private static final Duration BETWEEN_CASES = Duration.ofDays(2);

    private Instant now = Instant.EPOCH;
    private Duration passed = Duration.ZERO;

    /** A case begins, perhaps at an earlier time than the one before. */
    synchronized void begin(Instant instant) {
        passed = passed.plus(BETWEEN_CASES);
        now = instant;
    }

    /** Something happens next at this time; one that is over changes nothing. */
    synchronized void set(Instant instant) {
        if (instant.isAfter(now)) {
            pass(Duration.between(now, instant));
        }
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
        passed = passed.plus(time);
    }

    /** How much time passed in all cases, which never goes back. */
    synchronized long nanoTime() {
        return passed.toNanos();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
