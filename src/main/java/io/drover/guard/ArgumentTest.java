package io.drover.guard;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A predicate in the Simple language over the arguments of a call. Where a value is missing it says neither yes nor no. */
final class ArgumentTest {

    private static final Logger LOG = LoggerFactory.getLogger(ArgumentTest.class);

    private final String name;
    private final Predicate predicate;
    private final List<Expression> values;

    /**
     * @param name for the log, as in {@code tool:refund: approval '...'}
     * @throws RuntimeException where the text is no predicate
     */
    ArgumentTest(String name, String text, CamelContext context) {
        Language simple = context.resolveLanguage("simple");
        this.name = name;
        this.predicate = simple.createPredicate(text);
        predicate.init(context);
        this.values =
                SimpleValues.of(text).stream().map(simple::createExpression).toList();
        values.forEach(value -> value.init(context));
    }

    /** Whether it holds for the arguments in the exchange; null where that cannot be said. */
    @Nullable
    Boolean holds(Exchange exchange) {
        try {
            return values.stream().anyMatch(value -> isMissing(value.evaluate(exchange, Object.class)))
                    ? null
                    : Boolean.valueOf(predicate.matches(exchange));
        } catch (RuntimeException e) {
            LOG.warn("{} failed: {}", name, e.toString());
            return null;
        }
    }

    private static boolean isMissing(@Nullable Object value) {
        return value == null || value.equals("");
    }
}
