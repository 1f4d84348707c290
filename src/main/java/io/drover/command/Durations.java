package io.drover.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a duration as Spring's properties do, without Spring, which clients do not load.
 * A person who writes no unit may mean seconds, which would be milliseconds there.
 */
final class Durations implements ITypeConverter<Duration> {

    private static final Pattern SIMPLE = Pattern.compile("([+-]?\\d{1,18})([a-z]{1,2})");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ns", ChronoUnit.NANOS,
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    @Override
    public Duration convert(String text) {
        Duration duration = parsed(text.strip());
        if (duration == null && text.strip().matches("[+-]?\\d+")) {
            throw new TypeConversionException("'%s' has no unit; it must have one, as in 30s or 10m".formatted(text));
        }
        if (duration == null) {
            throw new TypeConversionException("'%s' is not a duration, as in 30s or 10m".formatted(text));
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new TypeConversionException("'%s' must be longer than 0, as in 30s or 10m".formatted(text));
        }
        return duration;
    }

    private static @Nullable Duration parsed(String text) {
        try {
            Matcher simple = SIMPLE.matcher(text.toLowerCase(Locale.ROOT));
            if (!simple.matches()) {
                return Duration.parse(text);
            }
            ChronoUnit unit = UNITS.get(simple.group(2));
            return unit == null ? null : Duration.of(Long.parseLong(simple.group(1)), unit);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
