package io.drover.route.check;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;

/** How long, and until when, a step may wait. */
public final class WaitTimes {

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern WRITTEN =
            Pattern.compile("\\d{1,18}|(?=\\d)(?:\\d{1,9}d)?(?:\\d{1,9}h)?(?:\\d{1,9}m)?(?:\\d{1,9}s)?(?:\\d{1,9}ms)?");
    private static final int LAST_YEAR = 9999;

    private WaitTimes() {}

    /** @throws IllegalArgumentException when the text is none. @param name of the option, for the message */
    public static Duration duration(String name, String text) {
        try {
            Duration duration = parsed(text.strip());
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException | IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(wrong(name, text), e);
        }
        throw new IllegalArgumentException(wrong(name, text));
    }

    /** Camel's reader takes what it does not know, as -2h, 5x and PT1H, for no time at all. */
    static Duration parsed(String text) {
        return WRITTEN.matcher(text).matches()
                ? Duration.ofMillis(TimeUtils.toMilliSeconds(text))
                : Duration.parse(text);
    }

    private static String wrong(String name, String text) {
        return "%s (%s) must be a duration of 0 to %d days, as in 30s, 5m or 3d"
                .formatted(name, text, LONGEST.toDays());
    }

    /** @throws IllegalArgumentException when the text is none. @param name of the option, for the message */
    public static Instant instant(String name, String text) {
        String rule = "%s (%s) must be an instant with its offset, as in 2026-12-24T18:00:00Z, before the year 10000"
                .formatted(name, text);
        try {
            OffsetDateTime instant = OffsetDateTime.parse(text.strip());
            if (instant.getYear() >= 0 && instant.getYear() <= LAST_YEAR) {
                return instant.toInstant();
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(rule, e);
        }
        throw new IllegalArgumentException(rule);
    }
}
