package io.drover.component;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/** An option whose value is text in the Simple language. */
final class SimpleOption {

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final int LAST_YEAR = 9999;

    private final String name;
    private final Expression expression;

    private SimpleOption(String name, String text, CamelContext context) {
        this.name = name;
        this.expression = context.resolveLanguage("simple").createExpression(text);
        this.expression.init(context);
    }

    /** A constant is checked when the route is loaded. */
    static @Nullable SimpleOption duration(String name, @Nullable String text, CamelContext context) {
        if (text != null && !text.contains("${")) {
            duration(name, text);
        }
        return text == null ? null : new SimpleOption(name, text, context);
    }

    /** A constant is checked when the route is loaded. */
    static @Nullable SimpleOption instant(String name, @Nullable String text, CamelContext context) {
        if (text != null && !text.contains("${")) {
            instant(name, text);
        }
        return text == null ? null : new SimpleOption(name, text, context);
    }

    Duration duration(Exchange exchange) {
        return duration(name, String.valueOf(expression.evaluate(exchange, String.class)));
    }

    Instant instant(Exchange exchange) {
        return instant(name, String.valueOf(expression.evaluate(exchange, String.class)));
    }

    private static Duration duration(String name, String text) {
        try {
            Duration duration = Duration.ofMillis(TimeUtils.toMilliSeconds(text.strip()));
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(wrong(name, text), e);
        }
        throw new IllegalArgumentException(wrong(name, text));
    }

    private static String wrong(String name, String text) {
        return "%s (%s) must be a duration of 0 to %d days, as in 30s, 5m or 3d"
                .formatted(name, text, LONGEST.toDays());
    }

    private static Instant instant(String name, String text) {
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
