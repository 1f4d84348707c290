package io.drover.route.check;

import io.drover.json.Excerpt;
import java.math.BigDecimal;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a mapping.
 *
 * @param what    it is, for problems
 * @param problem is told of the line and of what is wrong there
 */
record Fields(Yaml yaml, String what, BiConsumer<Integer, String> problem) {

    private static final int LONGEST_PERCENTAGE = 10;
    private static final int ALL = 1_000_000;
    private static final Pattern DOLLARS = Pattern.compile("[0-9]{1,7}(?:\\.[0-9]{1,6})?");

    /** A whole number. @param usual where it is left out; 0 where it must not be @return 0 where it is none */
    int number(String name, int least, int most, int usual, String rule) {
        Yaml value = yaml.get(name);
        if (value == null && usual > 0) {
            return usual;
        }
        String text = value == null ? "" : value.text().strip();
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // as one that is out of range
        }
        wrong(name, text, rule);
        return 0;
    }

    /** A percentage above 0 and up to 100, in millionths. @return 0 where it is none, or left out */
    int share(String name) {
        Yaml value = yaml.get(name);
        String text = value == null ? "" : value.text().strip();
        int millionths = millionths(
                text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text);
        if (millionths == 0) {
            wrong(name, text, "a percentage above 0 and up to 100, as in 10 or 0.5");
        }
        return millionths;
    }

    /** An amount above 0. @param rule what it must be @return null where it is none */
    @Nullable
    BigDecimal dollars(String name, String rule) {
        String text = yaml.text(name).strip();
        if (DOLLARS.matcher(text).matches() && new BigDecimal(text).signum() > 0) {
            return new BigDecimal(text);
        }
        wrong(name, text, rule);
        return null;
    }

    /** From a percentage; 0 for what is none. */
    static int millionths(String percent) {
        try {
            BigDecimal value = percent.length() > LONGEST_PERCENTAGE ? BigDecimal.ZERO : new BigDecimal(percent);
            return value.signum() < 0 || value.compareTo(BigDecimal.valueOf(100)) > 0
                    ? 0
                    : value.multiply(BigDecimal.valueOf(ALL / 100)).intValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return 0;
        }
    }

    void wrong(String name, String text, String rule) {
        problem.accept(yaml.line(name), "%s: %s '%s': it must be %s".formatted(what, name, Excerpt.of(text), rule));
    }
}
