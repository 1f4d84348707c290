package io.drover.camel;

import io.drover.journal.SetAside;
import io.drover.tool.Excerpt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records that cannot become tasks into {@code <topic>.dlq} of the brokers that they came from: key, payload and headers
 * byte for byte, with the reason in further headers. What that topic does not take is set aside in the database, whole, so
 * that the partition goes on.
 */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final String SUFFIX = ".dlq";
    private static final String REASON = "drover-reason";
    private static final int MAX_REASON = 1000;

    /** For how long the dead letter topic may be away before records are set aside. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long ASKED_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int BLOCK_MS = 10_000;
    private static final int GIVEN_UP_MS = 3 * BLOCK_MS; // a producer that lives has given up by itself
    private static final int LARGEST_BYTES = 100 << 20; // the topic decides what is too large

    private final KafkaTriggerEndpoint source;
    private final DeadLetterListener listener;
    private final SetAside setAside;
    private @Nullable Producer<byte[], byte[]> producer;
    private volatile long awaySince;
    private volatile long givenUpSince;
    private volatile @Nullable Throwable givenUp;

    DeadLetters(KafkaTriggerEndpoint source, DeadLetterListener listener, SetAside setAside) {
        this.source = source;
        this.listener = listener;
        this.setAside = setAside;
    }

    /** Closes the producer; the next dead letter opens another. */
    synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
            producer = null;
        }
    }

    private synchronized void abandon() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    /** Whether a trigger that reads by a pattern meets its own dead letters, which would never end. */
    boolean isOwn(SourceRecord record) {
        return source.getConfiguration().isTopicIsPattern()
                && record.topic().endsWith(SUFFIX)
                && record.headers().lastHeader(REASON) != null;
    }

    /**
     * Returns when the record is kept in the dead letter topic or in the database; tries until then.
     *
     * @return false when the trigger is stopping and the record must be read again
     */
    boolean send(SourceRecord record, Throwable thrown) {
        Throwable cause =
                thrown instanceof CamelExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String reason = reason(cause);
        LOG.warn("record {} goes to {}{}: {}", record, record.topic(), SUFFIX, reason);
        if (cause instanceof Error) {
            LOG.error("record {} brought about an error of the process", record, cause);
        }
        for (int failures = 0; !isStopping(); failures++) {
            Throwable failure = isGivenUp() ? givenUp : failure(record, cause, reason);
            if (failure == null) {
                awaySince = 0;
                listener.deadLettered(record.topic());
                return true;
            }
            if (!isGivenUp()) {
                LOG.warn(
                        "{}{} does not take record {}, tried again: {}",
                        record.topic(),
                        SUFFIX,
                        record,
                        failure.getMessage());
            }
            if ((isPermanent(failure) || isAwayForLong(failure)) && isSetAside(record, cause, reason, failure)) {
                return true;
            }
            pause(Math.min(5_000, 100L << Math.min(failures, 10)));
        }
        return false;
    }

    private static String reason(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return Excerpt.of(reason, MAX_REASON);
    }

    private static boolean isPermanent(Throwable failure) {
        return failure instanceof ApiException && !(failure instanceof RetriableException);
    }

    private boolean isAwayForLong(Throwable failure) {
        long now = System.nanoTime();
        if (awaySince == 0) {
            awaySince = now;
        }
        if (now - awaySince < PATIENCE_NANOS) {
            return false;
        }
        if (!isGivenUp()) {
            givenUp = failure;
            givenUpSince = now;
        }
        return true;
    }

    /** Whether the topic was away for long, and is not asked for a minute: each question takes seconds. */
    private boolean isGivenUp() {
        return givenUp != null && System.nanoTime() - givenUpSince < ASKED_AGAIN_NANOS;
    }

    private boolean isStopping() {
        CamelContext context = source.getCamelContext();
        return context.isStopping()
                || context.isStopped()
                || Thread.currentThread().isInterrupted();
    }

    private @Nullable Throwable failure(SourceRecord record, Throwable cause, String reason) {
        RecordHeaders headers = new RecordHeaders(record.headers().toArray());
        header(headers, REASON, reason);
        header(headers, "drover-error-type", cause.getClass().getSimpleName());
        header(headers, "drover-origin-topic", record.topic());
        header(headers, "drover-origin-partition", Integer.toString(record.partition()));
        header(headers, "drover-origin-offset", Long.toString(record.offset()));
        // Not as its timestamp: the topic's retention would count from there.
        header(headers, "drover-origin-timestamp", Long.toString(record.timestamp()));
        String topic = record.topic() + SUFFIX;
        try {
            Topic.validate(topic); // the client would ask for one with a wrong name again and again
            producer()
                    .send(new ProducerRecord<>(topic, null, record.key(), record.payload(), headers))
                    .get(GIVEN_UP_MS, TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) { // its own thread has ended: it would never answer
            abandon();
            return new IllegalStateException("the producer gave no answer for %d ms".formatted(GIVEN_UP_MS), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (RuntimeException e) { // thrown where no producer can be made, as when no broker's name resolves
            return e;
        }
    }

    private boolean isSetAside(SourceRecord record, Throwable cause, String reason, Throwable failure) {
        try {
            setAside.add(
                    new SetAside.Position(record.trigger(), record.topic(), record.partition(), record.offset()),
                    new SetAside.Content(record.timestamp(), record.key(), record.payload(), headers(record)),
                    new SetAside.Why(reason, cause.getClass().getSimpleName(), String.valueOf(failure.getMessage())));
            LOG.error(
                    "record {} is set aside in the database, and trigger {} goes on, because {}{} does not take it: {}",
                    record,
                    record.trigger(),
                    record.topic(),
                    SUFFIX,
                    failure.getMessage());
            listener.setAside(record.topic());
            return true;
        } catch (RuntimeException e) {
            LOG.error("record {} cannot be set aside either, and is tried again: {}", record, e.getMessage());
            return false;
        }
    }

    private static List<SetAside.Header> headers(SourceRecord record) {
        return Arrays.stream(record.headers().toArray())
                .map(header -> new SetAside.Header(header.key(), header.value()))
                .toList();
    }

    /** What the trigger says of brokers and security holds for its dead letters, too. */
    private synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            KafkaConfiguration configuration = source.getConfiguration();
            Properties settings = configuration.createProducerProperties();
            source.updateClassProperties(settings);
            settings.put(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    source.getKafkaClientFactory().getBrokers(configuration));
            settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
            settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
            settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_BYTES);
            settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) LARGEST_BYTES);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS);
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * BLOCK_MS);
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
            settings.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
            settings.remove(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
            producer = new KafkaProducer<>(settings);
        }
        return producer;
    }

    private static void header(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
