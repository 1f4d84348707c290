package io.drover.camel;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts records that can not become tasks into {@code <topic>.dlq}, untouched, with the reason in headers. */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int MAX_REASON = 1000;

    private final CamelContext context;
    private final ProducerTemplate producer;
    private final DeadLetterListener listener;

    DeadLetters(CamelContext context, DeadLetterListener listener) {
        this.context = context;
        this.listener = listener;
        this.producer = context.createProducerTemplate();
    }

    /**
     * Returns when Kafka has the record; tries until then.
     *
     * @return false when the process is stopping and the record must be read again
     */
    boolean send(SourceRecord record, Throwable cause) {
        String reason = String.valueOf(cause.getMessage());
        LOG.warn("record {} goes to {}.dlq: {}", record, record.topic(), reason);
        for (int failures = 0; !context.isStopping() && !context.isStopped(); failures++) {
            Exchange sent = producer.send(
                    "kafka:%s.dlq?valueSerializer=org.apache.kafka.common.serialization.ByteArraySerializer"
                            .formatted(record.topic()),
                    ExchangePattern.InOnly,
                    exchange -> {
                        exchange.getMessage().setBody(record.payload());
                        exchange.getMessage().setHeader(KafkaConstants.KEY, record.key());
                        header(
                                exchange,
                                "drover-reason",
                                reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason);
                        header(exchange, "drover-error-type", cause.getClass().getSimpleName());
                        header(exchange, "drover-origin-topic", record.topic());
                        header(exchange, "drover-origin-partition", Integer.toString(record.partition()));
                        header(exchange, "drover-origin-offset", Long.toString(record.offset()));
                    });
            if (sent.getException() == null) {
                listener.deadLettered(record.topic());
                return true;
            }
            LOG.warn(
                    "{}.dlq does not take record {}, tried again: {}",
                    record.topic(),
                    record,
                    sent.getException().getMessage());
            pause(Math.min(5_000, 100L << Math.min(failures, 10)));
        }
        return false;
    }

    private static void header(Exchange exchange, String name, String value) {
        exchange.getMessage().setHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
