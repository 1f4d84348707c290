package io.drover.guard;

import io.drover.journal.Attempt;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * In whose name an exchange makes calls: the attempt, and the tools as they were when it began. It travels as an exchange
 * property, so it follows the exchange into parallel branches and sub-routes.
 */
public record TaskContext(Attempt attempt, ToolRegistry.Generation tools) {

    private static final String PROPERTY = "DroverTask";

    /** Puts this context on an exchange. */
    public void bindTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** The context of an exchange, or null when no task is behind it. */
    public static @Nullable TaskContext of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, TaskContext.class);
    }
}
