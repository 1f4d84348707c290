package io.drover.command;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as Spring's properties do; a class of its own, because most commands need none and no Spring. */
final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        Duration duration;
        try {
            duration = DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'%s' is not a duration, as in 30s or 10m".formatted(text));
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new TypeConversionException("'%s' must be longer than 0, as in 30s or 10m".formatted(text));
        }
        return duration;
    }
}
