package io.drover.component;

import io.drover.route.check.WaitTimes;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.jspecify.annotations.Nullable;

/** An option whose value is text in the Simple language. */
final class SimpleOption {

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
            WaitTimes.duration(name, text);
        }
        return text == null ? null : new SimpleOption(name, text, context);
    }

    /** A constant is checked when the route is loaded. */
    static @Nullable SimpleOption instant(String name, @Nullable String text, CamelContext context) {
        if (text != null && !text.contains("${")) {
            WaitTimes.instant(name, text);
        }
        return text == null ? null : new SimpleOption(name, text, context);
    }

    Duration duration(Exchange exchange) {
        return WaitTimes.duration(name, String.valueOf(expression.evaluate(exchange, String.class)));
    }

    Instant instant(Exchange exchange) {
        return WaitTimes.instant(name, String.valueOf(expression.evaluate(exchange, String.class)));
    }
}
