package io.drover.route.check;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long, and until when, a step may wait. */
public final class WaitTimes {

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern WRITTEN = Pattern.compile(
            "(?<alone>\\d{1,18})|(?=\\d)(?:(?<DAYS>\\d{1,18})d)?"
                    + "(?:(?<HOURS>\\d{1,18})h)?(?:(?<MINUTES>\\d{1,18})m)?(?:(?<SECONDS>\\d{1,18})s)?(?:(?<MILLIS>\\d{1,18})ms)?");

    /** Each the name of a group. */
    private static final List<ChronoUnit> UNITS =
            List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS);

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
    private static Duration parsed(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return Duration.parse(text);
        }
        Duration sum = Duration.ofMillis(number(written, "alone"));
        for (ChronoUnit unit : UNITS) {
            sum = sum.plus(Duration.of(number(written, unit.name()), unit));
        }
        return sum;
    }

    private static long number(Matcher written, String group) {
        String digits = written.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Whether it is written like a time that is not negative, however long. */
    static boolean isWritten(String text) {
        try {
            return WRITTEN.matcher(text).matches() || !Duration.parse(text).isNegative();
        } catch (DateTimeParseException e) {
            return false;
        }
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
