package io.drover.intake;

import io.drover.journal.SetAside;
import io.drover.json.Excerpt;
import io.drover.start.Listeners;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

    /** A person waits. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final KafkaTriggerEndpoint source;
    private final Listeners<DeadLetterListener> listeners;
    private final SetAside setAside;
    private final DeadLetterClient client;
    private final DeadLetterTopic.Patience patience;
    private final Map<String, DeadLetterTopic> topics = new ConcurrentHashMap<>();

    DeadLetters(
            KafkaTriggerEndpoint source,
            Listeners<DeadLetterListener> listeners,
            SetAside setAside,
            DeadLetterTopic.Patience patience) {
        this.source = source;
        this.listeners = listeners;
        this.setAside = setAside;
        this.client = new DeadLetterClient(source);
        this.patience = patience;
    }

    /** Closes the producer; the next dead letter opens another. */
    void close() {
        client.close(Duration.ofSeconds(5));
    }

    /** Whether a trigger that reads by a pattern meets its own dead letters, which would never end. */
    boolean isOwn(SourceRecord record) {
        return source.getConfiguration().isTopicIsPattern()
                && record.topic().endsWith(SUFFIX)
                && record.headers().lastHeader(REASON) != null;
    }

    /**
     * Returns when the record is kept in the dead letter topic or in the database; tries until then.
     * All records before it must be durable.
     *
     * @return false when the trigger is stopping and the record must be read again
     * @throws PartitionHold.LostException when another consumer has the record, which sends it then
     */
    boolean send(SourceRecord record, Throwable thrown) {
        Throwable cause =
                thrown instanceof CamelExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String reason = reason(cause);
        LOG.warn("record {} goes to {}{}: {}", record, record.topic(), SUFFIX, reason);
        if (cause instanceof Error) {
            LOG.error("record {} caused an error of the process", record, cause);
        }
        DeadLetterTopic topic = topic(record);
        for (int failures = 0; !isStopping(); failures++) {
            try {
                PartitionHold.prove(record);
                if (topic.send(
                        letter(record, cause.getClass().getSimpleName(), reason),
                        () -> isStopping() || PartitionHold.isLost(record))) {
                    listeners.each(listener -> listener.deadLettered(record.topic()));
                    return true;
                }
            } catch (DeadLetterTopic.RefusedException refused) {
                if (isSetAside(record, cause, reason, refused)) {
                    return true;
                }
            } catch (PartitionHold.LostException e) {
                throw e;
            } catch (RuntimeException e) { // else a later offset would be committed, and the record be lost
                LOG.error("record {} could not be sent to {}{}, and is tried again", record, record.topic(), SUFFIX, e);
            }
            pause(Math.min(5_000, 100L << Math.min(failures, 10)));
        }
        return false;
    }

    private DeadLetterTopic topic(SourceRecord record) {
        return topics.computeIfAbsent(record.topic() + SUFFIX, name -> new DeadLetterTopic(name, client, patience));
    }

    /**
     * Sends a record that was set aside to its dead letter topic, once more.
     *
     * @return null when it is there, else why not
     */
    @Nullable
    String sendAgain(SourceRecord record, SetAside.Why why) {
        long end = System.nanoTime() + AGAIN_NANOS;
        try {
            if (topic(record)
                    .send(
                            letter(record, why.errorType(), why.reason()),
                            () -> isStopping() || System.nanoTime() - end > 0)) {
                listeners.each(listener -> listener.deadLettered(record.topic()));
                return null;
            }
            return "%s%s cannot be reached now".formatted(record.topic(), SUFFIX);
        } catch (DeadLetterTopic.RefusedException e) {
            return e.getMessage();
        }
    }

    private static String reason(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return Excerpt.of(reason, MAX_REASON);
    }

    private boolean isStopping() {
        CamelContext context = source.getCamelContext();
        return context.isStopping()
                || context.isStopped()
                || Thread.currentThread().isInterrupted();
    }

    private static ProducerRecord<byte[], byte[]> letter(SourceRecord record, String errorType, String reason) {
        RecordHeaders headers = new RecordHeaders(record.headers().toArray());
        header(headers, REASON, reason);
        header(headers, "drover-error-type", errorType);
        header(headers, "drover-origin-topic", record.topic());
        header(headers, "drover-origin-partition", Integer.toString(record.partition()));
        header(headers, "drover-origin-offset", Long.toString(record.offset()));
        // Not as its timestamp: the topic's retention would count from there.
        header(headers, "drover-origin-timestamp", Long.toString(record.timestamp()));
        return new ProducerRecord<>(record.topic() + SUFFIX, null, record.key(), record.payload(), headers);
    }

    private boolean isSetAside(SourceRecord record, Throwable cause, String reason, Exception refused) {
        try {
            setAside.add(
                    record.position(),
                    new SetAside.Content(record.timestamp(), record.key(), record.payload(), headers(record)),
                    new SetAside.Why(reason, cause.getClass().getSimpleName(), String.valueOf(refused.getMessage())));
            LOG.error(
                    "record {} is set aside in the database, and trigger {} continues, because {}{} does not accept"
                            + " it: {}",
                    record,
                    record.trigger(),
                    record.topic(),
                    SUFFIX,
                    refused.getMessage());
            listeners.each(listener -> listener.setAside(record.topic()));
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
