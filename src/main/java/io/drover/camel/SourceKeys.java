package io.drover.camel;

import java.time.Instant;
import java.util.Date;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;

/** Idempotency keys of events that may come more than once. */
final class SourceKeys {

    /** Set by Quartz: when the trigger was due, the same on all replicas. */
    private static final String SCHEDULED_FIRE_TIME = "scheduledFireTime";

    private SourceKeys() {}

    /** @param element which of the tasks of the event it is, or null where it is the only one */
    static @Nullable String of(Exchange exchange, @Nullable Integer element) {
        String event = event(exchange);
        Integer part = element != null ? element : exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        return event == null || part == null ? event : event + "/" + part;
    }

    /** When the event came to be, or null where it is the exchange itself. */
    static @Nullable Instant instant(Exchange exchange) {
        var headers = exchange.getMessage();
        if (headers.getHeader(SCHEDULED_FIRE_TIME) instanceof Date due) {
            return due.toInstant();
        }
        return headers.getHeader(KafkaConstants.TIMESTAMP) instanceof Long millis ? Instant.ofEpochMilli(millis) : null;
    }

    private static @Nullable String event(Exchange exchange) {
        var headers = exchange.getMessage();
        if (headers.getHeader(SCHEDULED_FIRE_TIME) instanceof Date due) {
            return RouteIds.logical(exchange.getFromRouteId()) + "/" + due.toInstant();
        }
        if (headers.getHeader(KafkaConstants.OFFSET) instanceof Long offset) {
            return "%s/%s/%d"
                    .formatted(
                            headers.getHeader(KafkaConstants.TOPIC),
                            headers.getHeader(KafkaConstants.PARTITION),
                            offset);
        }
        return null;
    }
}
