package io.drover.start;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.unit.DataSize;

/**
 * The values that a setting may have, wherever it is set: in configuration or as an option of a route. Both ends are
 * included.
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
        if (outside(least, most, value)) {
            throw refusal(setting, print(value));
        }
        if (value instanceof BigDecimal number) {
            checkDecimals(setting, number);
        }
    }

    /**
     * The same of a value that is still text. A text of another type passes: its type is checked elsewhere.
     *
     * @throws IllegalArgumentException when the value is outside
     */
    public void checkText(String setting, String text) {
        String value = text.strip();
        boolean outside =
                switch (least) {
                    case Duration time -> outside(time, (Duration) most, time(value));
                    case BigDecimal number -> outside(number, (BigDecimal) most, number(value));
                    case Number number -> outside(decimal(number), decimal((Number) most), number(value));
                    default -> false;
                };
        if (outside) {
            throw refusal(setting, value);
        }
        if (least instanceof BigDecimal && number(value) != null) {
            checkDecimals(setting, number(value));
        }
    }

    private void checkDecimals(String setting, BigDecimal value) {
        if (value.scale() > MOST_DECIMALS) {
            throw new IllegalArgumentException("%s (%s) must have at most %d decimals, as in %s"
                    .formatted(setting, value, MOST_DECIMALS, print(example)));
        }
    }

    private static <V extends Comparable<? super V>> boolean outside(V least, V most, @Nullable V value) {
        return value != null && (value.compareTo(least) < 0 || value.compareTo(most) > 0);
    }

    private IllegalArgumentException refusal(String setting, String value) {
        return new IllegalArgumentException("%s (%s) must be from %s to %s, as in %s"
                .formatted(setting, value, print(least), print(most), print(example)));
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
