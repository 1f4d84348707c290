package io.drover.intake;

import io.drover.journal.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the triggers read again what the database, which went back in time, has forgotten. Known records are the same tasks then. */
final class KafkaRewind {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaRewind.class);

    /** Longer than Kafka takes to see that a consumer has died. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final long ANSWER_SECONDS = 30;

    private final Recovery recovery;

    KafkaRewind(Recovery recovery) {
        this.recovery = recovery;
    }

    /** @throws IllegalStateException when the offsets have to be set back and are not, so nothing may be read */
    void beforeReading(KafkaEndpoint endpoint) {
        if (recovery.began() == null) {
            return;
        }
        KafkaConfiguration configuration = endpoint.getConfiguration();
        String brokers = configuration.getBrokers() != null
                ? configuration.getBrokers()
                : endpoint.getComponent().getConfiguration().getBrokers();
        String group = configuration.getGroupId();
        if (brokers == null || group == null) {
            return; // it has no offsets
        }
        recovery.once(brokers, group, to -> {
            Properties settings = configuration.createConsumerProperties();
            settings.put("bootstrap.servers", brokers);
            try (Admin admin = Admin.create(settings)) {
                rewind(admin, group, to);
            }
        });
    }

    private static void rewind(Admin admin, String group, Instant to) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        committed
                .values()
                .removeIf(offset -> offset == null); // it never committed one there, so nothing is passed over
        Map<TopicPartition, ListOffsetsResultInfo> first = admin.listOffsets(committed.keySet().stream()
                        .collect(Collectors.toMap(p -> p, p -> OffsetSpec.forTimestamp(to.toEpochMilli()))))
                .all()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        Map<TopicPartition, OffsetAndMetadata> back = new HashMap<>();
        first.forEach((partition, found) -> {
            OffsetAndMetadata stands = committed.get(partition);
            // -1: there is no record of then or later
            if (stands != null && found.offset() >= 0 && found.offset() < stands.offset()) {
                back.put(partition, new OffsetAndMetadata(found.offset()));
            }
        });
        if (!back.isEmpty()) {
            alter(admin, group, back);
        }
        LOG.warn("consumer group {} reads again from {}: {}", group, to, back);
    }

    /** Kafka refuses while a consumer is in the group, as one that was killed is for a while. */
    private static void alter(Admin admin, String group, Map<TopicPartition, OffsetAndMetadata> back) throws Exception {
        long begin = System.nanoTime();
        while (true) {
            try {
                admin.alterConsumerGroupOffsets(group, back).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "stop every process that reads in it: %s".formatted(e.getMessage()), e);
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }
}
