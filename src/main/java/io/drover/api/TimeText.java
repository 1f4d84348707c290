package io.drover.api;

import java.time.DateTimeException;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;

/** A length of time in a request. */
final class TimeText {

    private TimeText() {}

    /**
     * Reads it as Spring's properties are read, but not without a unit: 3600 would be less than four seconds.
     *
     * @throws IllegalArgumentException if it is no time
     */
    static Duration parse(String text) {
        String time = text.strip();
        if (time.matches("[+-]?\\d+") && !time.matches("[+-]?0+")) {
            throw new IllegalArgumentException("no unit");
        }
        try {
            return DurationStyle.detectAndParse(time);
        } catch (ArithmeticException | DateTimeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
