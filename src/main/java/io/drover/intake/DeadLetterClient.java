package io.drover.intake;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The brokers of a trigger, for its dead letters: what the trigger says of brokers and security holds for these, too. */
final class DeadLetterClient {

    /** How a topic looks to its brokers. */
    enum Sight {
        THERE,
        MISSING,
        /** No broker answers, or none leads a partition: this passes. */
        AWAY
    }

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterClient.class);
    private static final int BLOCK_MS = 10_000;
    private static final int LARGEST_BYTES = 100 << 20; // the topic decides what is too large

    private final KafkaTriggerEndpoint source;
    private final Object lock = new Object();
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable Producer<byte[], byte[]> producer;

    DeadLetterClient(KafkaTriggerEndpoint source) {
        this.source = source;
    }

    /** Waits for the turn of a letter; the caller that has it calls {@link #end}. */
    boolean begin(int seconds) throws InterruptedException {
        return turn.tryLock(seconds, TimeUnit.SECONDS);
    }

    void end() {
        turn.unlock();
    }

    /** Sends a record; the caller decides how long to wait, because a second record might be a second letter. */
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> letter) {
        return producer().send(letter);
    }

    /** Closes the producer, which drops what it has not sent; the next letter opens another. */
    void close(Duration patience) {
        Producer<byte[], byte[]> open;
        synchronized (lock) {
            open = producer;
            producer = null;
        }
        if (open != null) {
            try {
                open.close(patience);
            } catch (KafkaException e) { // as for a thread that is interrupted: it closes all the same
                LOG.debug("the producer of dead letters was closed: {}", e.getMessage());
            }
        }
    }

    private Producer<byte[], byte[]> producer() {
        synchronized (lock) {
            if (producer == null) {
                producer = new KafkaProducer<>(producerSettings());
            }
            return producer;
        }
    }

    private Properties producerSettings() {
        KafkaConfiguration configuration = source.getConfiguration();
        Properties settings = withBrokers(configuration.createProducerProperties());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) LARGEST_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // A broker that comes back knows what it has already by the producer's numbers; a record sent again has new
        // ones.
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        settings.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
        settings.remove(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
        return settings;
    }

    private Properties withBrokers(Properties settings) {
        source.updateClassProperties(settings);
        settings.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                Objects.requireNonNull(source.getKafkaClientFactory(), "a trigger that runs has a client factory")
                        .getBrokers(source.getConfiguration()));
        return settings;
    }

    /** Asks the brokers for a topic; takes seconds where none answers. */
    Sight look(String topic) throws InterruptedException {
        try {
            Admin admin = Admin.create(withBrokers(source.getConfiguration().createConsumerProperties()));
            try {
                TopicDescription told = admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(BLOCK_MS, TimeUnit.MILLISECONDS)
                        .get(topic);
                return told == null
                                || told.partitions().stream()
                                        .anyMatch(part -> part.leader() == null
                                                || part.leader().isEmpty())
                        ? Sight.AWAY
                        : Sight.THERE;
            } finally {
                admin.close(Duration.ZERO);
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException) {
                return Sight.MISSING;
            }
            return cause instanceof ApiException && !(cause instanceof RetriableException) ? Sight.THERE : Sight.AWAY;
        } catch (TimeoutException | KafkaException e) { // as where no broker's name resolves
            return Sight.AWAY;
        }
    }
}
