package io.drover.intake;

import io.drover.journal.KnownTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a topic is called in the identity of its records: by its name, and {@code name@id} once it was deleted and made again,
 * because its offsets begin again then. The brokers are asked for the id whenever a consumer gets a partition, and when an
 * offset is not above the one before it.
 */
final class TopicNames {

    private static final Logger LOG = LoggerFactory.getLogger(TopicNames.class);
    private static final int ANSWER_SECONDS = 20;

    /** No topic's name holds it. */
    private static final String AT = "@";

    private final KafkaTriggerEndpoint source;
    private final KnownTopics known;
    private final Map<String, Name> names = new ConcurrentHashMap<>();
    private final ThreadLocal<Seen> seen = ThreadLocal.withInitial(Seen::new);

    private record Name(Uuid id, String text) {}

    /** By the consumer of a thread, since it got its partitions. */
    private static final class Seen {
        int generation = Integer.MIN_VALUE;
        final Set<String> topics = new HashSet<>();
        final Map<TopicPartition, Long> offsets = new HashMap<>();
    }

    TopicNames(KafkaTriggerEndpoint source, KnownTopics known) {
        this.source = source;
        this.known = known;
    }

    /** The name of the topic itself. */
    static String plain(String name) {
        int at = name.indexOf(AT);
        return at < 0 ? name : name.substring(0, at);
    }

    /** Called by a consumer's thread before it reads from the offsets that are committed. */
    void begin() {
        seen.remove();
    }

    /**
     * The name for a record that a consumer's thread has just read. It waits for the brokers and the database: a record under a
     * wrong name would be taken for one that is known.
     *
     * @throws CancellationException when the trigger stops first
     */
    String of(SourceRecord record) {
        String topic = record.topic();
        Seen mine = seen.get();
        int generation = OwnedClients.generation();
        if (mine.generation != generation) {
            mine.generation = generation;
            mine.topics.clear();
            mine.offsets.clear();
        }
        Long before = mine.offsets.put(new TopicPartition(topic, record.partition()), record.offset());
        boolean again = before != null && record.offset() <= before;
        if (mine.topics.add(topic) || again) {
            try {
                look(topic, record.trigger());
            } catch (CancellationException e) {
                mine.topics.remove(topic);
                throw e;
            }
        }
        Name name = names.get(topic);
        return name == null ? topic : name.text();
    }

    private void look(String topic, String trigger) {
        for (int failures = 0; ; failures++) {
            try {
                Uuid id = id(topic);
                Name name = names.get(topic);
                if (id != null && (name == null || !name.id().equals(id))) {
                    names.put(topic, new Name(id, name(topic, id, trigger)));
                }
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the trigger stops");
            } catch (Exception e) {
                LOG.warn("it is not known yet whether topic {} was made again; asked again: {}", topic, e.toString());
            }
            pause(Math.min(5_000, 100L << Math.min(failures, 10)));
        }
    }

    private String name(String topic, Uuid id, String trigger) {
        if (known.firstId(KafkaTrigger.owner(source, trigger), topic, id.toString())
                .equals(id.toString())) {
            return topic;
        }
        String name = topic + AT + id;
        LOG.warn(
                "topic {} was deleted and made again since it was first read here: its records are new ones, known as"
                        + " {}",
                topic,
                name);
        return name;
    }

    /** The topic's id, or null where its brokers give it none or do not say. */
    private @Nullable Uuid id(String topic) throws Exception {
        Properties settings = source.getConfiguration().createConsumerProperties();
        source.updateClassProperties(settings);
        settings.put(
                "bootstrap.servers",
                Objects.requireNonNull(source.getKafkaClientFactory(), "a trigger that runs has a client factory")
                        .getBrokers(source.getConfiguration()));
        Admin admin = Admin.create(settings);
        try {
            Uuid id = Objects.requireNonNull(
                            admin.describeTopics(List.of(topic))
                                    .allTopicNames()
                                    .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                                    .get(topic),
                            "Kafka's answer lacks the topic")
                    .topicId();
            return id == null || id.equals(Uuid.ZERO_UUID) ? null : id;
        } catch (ExecutionException e) {
            boolean answered = e.getCause() instanceof UnknownTopicOrPartitionException // it is gone again
                    || e.getCause() instanceof ApiException && !(e.getCause() instanceof RetriableException);
            if (!answered) {
                throw e;
            }
            LOG.warn("the brokers do not say which topic {} is: {}", topic, String.valueOf(e.getCause()));
            return null;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private void pause(long millis) {
        try {
            CamelContext context = source.getCamelContext();
            if (!context.isStopping() && !context.isStopped()) {
                TimeUnit.MILLISECONDS.sleep(millis);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new CancellationException("the trigger stops");
    }
}
