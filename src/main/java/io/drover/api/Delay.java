package io.drover.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The {@code delay} of a submission. */
final class Delay {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final String ACCEPTED = "a time between 0 and 365 days, as in 30s, 5m or PT1H";

    private Delay() {}

    static Duration parse(@Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        Duration delay;
        try {
            delay = TimeText.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badField("delay", text, "is not a time with its unit", ACCEPTED);
        }
        if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
            throw ProblemException.badField("delay", text, "is out of range", ACCEPTED);
        }
        return delay;
    }
}
