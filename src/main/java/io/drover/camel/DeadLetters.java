package io.drover.camel;

import io.drover.tool.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records that can not become tasks into {@code <topic>.dlq} of the brokers that they came from, untouched, with the
 * reason in headers.
 */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int MAX_REASON = 1000;

    private final CamelContext context;
    private final ProducerTemplate producer;
    private final DeadLetterListener listener;
    private final Map<String, KafkaEndpoint> topics = new ConcurrentHashMap<>();

    DeadLetters(CamelContext context, DeadLetterListener listener) {
        this.context = context;
        this.listener = listener;
        this.producer = context.createProducerTemplate();
    }

    /** Closes the producers; the next dead letter opens its own again. */
    void close() {
        producer.stop();
        topics.clear();
    }

    /**
     * Returns when Kafka has the record; tries until then.
     *
     * @param source where it was read from
     * @return false when the trigger is stopping and the record must be read again
     */
    boolean send(KafkaEndpoint source, SourceRecord record, Throwable cause) {
        String reason = Excerpt.of(cause.getMessage(), MAX_REASON);
        LOG.warn("record {} goes to {}.dlq: {}", record, record.topic(), reason);
        for (int failures = 0; !isStopping(); failures++) {
            Exception failure = failure(source, record, cause, reason);
            if (failure == null) {
                listener.deadLettered(record.topic());
                return true;
            }
            LOG.warn("{}.dlq does not take record {}, tried again: {}", record.topic(), record, failure.getMessage());
            pause(Math.min(5_000, 100L << Math.min(failures, 10)));
        }
        return false;
    }

    private boolean isStopping() {
        return context.isStopping()
                || context.isStopped()
                || Thread.currentThread().isInterrupted();
    }

    private @Nullable Exception failure(KafkaEndpoint source, SourceRecord record, Throwable cause, String reason) {
        try {
            KafkaEndpoint topic = topics.computeIfAbsent(record.topic() + ".dlq", name -> topic(source, name));
            producer.start();
            return producer.send(topic, ExchangePattern.InOnly, exchange -> {
                        exchange.getMessage().setBody(record.payload());
                        exchange.getMessage().setHeader(KafkaConstants.KEY, record.key());
                        header(exchange, "drover-reason", reason);
                        header(exchange, "drover-error-type", cause.getClass().getSimpleName());
                        header(exchange, "drover-origin-topic", record.topic());
                        header(exchange, "drover-origin-partition", Integer.toString(record.partition()));
                        header(exchange, "drover-origin-offset", Long.toString(record.offset()));
                    })
                    .getException();
        } catch (RuntimeException e) { // thrown where no producer can be made, as when no broker's name resolves
            return e;
        }
    }

    /** What the trigger says of brokers and security holds for its dead letters, too. */
    private static KafkaEndpoint topic(KafkaEndpoint source, String name) {
        KafkaConfiguration configuration = source.getConfiguration().copy();
        configuration.setTopic(name);
        configuration.setTopicIsPattern(false);
        configuration.setValueSerializer(ByteArraySerializer.class.getName());
        KafkaEndpoint topic = new KafkaEndpoint("kafka:" + name, source.getComponent());
        topic.setConfiguration(configuration);
        ServiceHelper.startService(topic);
        return topic;
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
