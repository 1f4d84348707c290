package io.drover.camel;

import java.util.Date;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/** Idempotency keys of events that may come more than once. */
final class SourceKeys {

    /** Set by Quartz: when the trigger was due, the same on all replicas. */
    private static final String SCHEDULED_FIRE_TIME = "scheduledFireTime";

    private SourceKeys() {}

    /**
     * @param workflow for which the task is
     * @param element which of the tasks of the event it is, or null where it is the only one
     */
    static @Nullable String of(Exchange exchange, String workflow, @Nullable Integer element) {
        SourceRecord record = SourceRecord.of(exchange);
        if (record != null) {
            return record.taskKey(workflow, part(exchange, element));
        }
        String event = event(exchange);
        Integer part = part(exchange, element);
        return event == null || part == null ? event : event + "/" + part;
    }

    private static @Nullable Integer part(Exchange exchange, @Nullable Integer element) {
        return element != null ? element : exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
    }

    private static @Nullable String event(Exchange exchange) {
        var headers = exchange.getMessage();
        if (headers.getHeader(SCHEDULED_FIRE_TIME) instanceof Date due) {
            return RouteIds.logical(exchange.getFromRouteId()) + "/" + due.toInstant();
        }
        return null;
    }
}
