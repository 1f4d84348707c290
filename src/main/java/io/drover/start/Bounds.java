package io.drover.start;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.unit.DataSize;

/**
 * The range of values that a setting may have, in configuration and as an option of a route alike.
 * Both ends are included.
 *
 * @param example a sensible value, shown where another is refused
 */
public record Bounds<T extends Comparable<? super T>>(T least, T most, T example) {

    /** Dollars are counted to this many decimals: an exponent as in 1E-999999999 takes all memory when it is added up. */
    private static final int MOST_DECIMALS = 12;

    /** Of a count, or of a length in bytes. */
    public static Bounds<Integer> of(int least, int most, int example) {
        return new Bounds<>(least, most, example);
    }

    /** Of a time, each written as in {@code 500ms}, {@code 10s} or {@code 1d}. */
    public static Bounds<Duration> ofTime(String least, String most, String example) {
        return new Bounds<>(
                DurationStyle.detectAndParse(least),
                DurationStyle.detectAndParse(most),
                DurationStyle.detectAndParse(example));
    }

    /** Of an amount in dollars, from nothing. */
    public static Bounds<BigDecimal> ofDollars(long most, String example) {
        return new Bounds<>(BigDecimal.ZERO, BigDecimal.valueOf(most), new BigDecimal(example));
    }

    /** Of a size of memory. */
    public static Bounds<DataSize> ofSize(String least, String most, String example) {
        return new Bounds<>(DataSize.parse(least), DataSize.parse(most), DataSize.parse(example));
    }

    /**
     * @param setting names what was set, as in {@code drover.tools.charge.retries}
     * @param value   null where it is not set, which is allowed
     * @throws IllegalArgumentException when the value is outside
     */
    public void check(String setting, @Nullable T value) {
        refuse(problem(setting, value));
    }

    /**
     * The same of a value that is still text. A text of another type passes: its type is checked elsewhere.
     *
     * @throws IllegalArgumentException when the value is outside
     */
    public void checkText(String setting, String text) {
        refuse(problem(setting, text));
    }

    /**
     * @param said a value, or its text
     * @return null if it is inside, else the problem
     */
    public @Nullable String problem(String setting, @Nullable Object said) {
        Object value = parsed(said);
        if (value == null) {
            return null;
        }
        if (compare(value, least) < 0 || compare(value, most) > 0) {
            return "%s (%s) must be from %s to %s, as in %s"
                    .formatted(
                            setting,
                            said instanceof String text ? text.strip() : print(value),
                            print(least),
                            print(most),
                            print(example));
        }
        return value instanceof BigDecimal number && least instanceof BigDecimal && number.scale() > MOST_DECIMALS
                ? "%s (%s) must have at most %d decimals, as in %s"
                        .formatted(setting, number, MOST_DECIMALS, print(example))
                : null;
    }

    /** Whether a value, or its text, is the least that is allowed. */
    public boolean isLeast(Object said) {
        Object value = parsed(said);
        return value != null && compare(value, least) == 0;
    }

    /** Whether a value, or its text, is less than another; true where one of them is no value, which is reported elsewhere. */
    @SuppressWarnings("unchecked")
    public boolean isLess(@Nullable Object said, @Nullable Object than) {
        Object value = parsed(said);
        Object other = parsed(than);
        return value == null || other == null || compare(value, (T) other) < 0;
    }

    private static void refuse(@Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** A text as a time or as a number, if it is one; null for any other. */
    private @Nullable Object parsed(@Nullable Object said) {
        if (!(said instanceof String text)) {
            return said;
        }
        return least instanceof Duration ? time(text.strip()) : least instanceof Number ? number(text.strip()) : null;
    }

    @SuppressWarnings("unchecked")
    private int compare(Object value, T end) {
        return value instanceof BigDecimal number && end instanceof Number other
                ? number.compareTo(decimal(other))
                : ((Comparable<Object>) value).compareTo(end);
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private static @Nullable BigDecimal number(String text) {
        return text.matches("[+-]?\\d{1,40}(\\.\\d{1,40})?") ? new BigDecimal(text) : null;
    }

    private static @Nullable Duration time(String text) {
        try {
            return text.matches("[+-]?\\d+|[Pp+-].*")
                    ? DurationStyle.detectAndParse(text)
                    : DurationFormatterUtils.parse(text, DurationFormat.Style.COMPOSITE);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }

    private static String print(Object value) {
        return value instanceof Duration time
                ? DurationFormatterUtils.print(time, DurationFormat.Style.COMPOSITE)
                : value.toString();
    }
}
