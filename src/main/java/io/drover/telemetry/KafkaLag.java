package io.drover.telemetry;

import io.drover.intake.KafkaTriggers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * How many records wait in Kafka for each trigger.
 * The brokers say so, so it also holds for a trigger that is paused or stuck.
 */
@Component
class KafkaLag implements Look {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaLag.class);

    private final KafkaTriggers triggers;
    private final KafkaBrokers brokers;
    private final MultiGauge lag;

    KafkaLag(KafkaTriggers triggers, KafkaBrokers brokers, MeterRegistry registry) {
        this.triggers = triggers;
        this.brokers = brokers;
        this.lag = MultiGauge.builder("agent.kafka.lag")
                .description("Records of the topic that the trigger's group has not committed.")
                .register(registry);
    }

    @Override
    public String what() {
        return "kafka-lag";
    }

    @Override
    public void look() {
        if (!brokers.areNamed()) {
            return;
        }
        List<Row<?>> rows = new ArrayList<>();
        for (KafkaTriggers.Trigger trigger : triggers.triggers()) {
            for (String topic : trigger.topics()) {
                try {
                    rows.add(Row.of(
                            Tags.of("trigger", trigger.name(), "topic", topic), lag(brokers.client(), trigger, topic)));
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    LOG.debug("the lag of trigger {} is not known: {}", trigger.name(), e.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
        lag.register(rows, true);
    }

    private static long lag(Admin admin, KafkaTriggers.Trigger trigger, String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        TopicDescription description =
                told(get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<TopicPartition, OffsetSpec> begins = new HashMap<>();
        description.partitions().forEach(partition -> {
            TopicPartition one = new TopicPartition(topic, partition.partition());
            ends.put(one, OffsetSpec.latest());
            begins.put(one, OffsetSpec.earliest());
        });
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(trigger.group()).partitionsToOffsetAndMetadata());
        var last = get(admin.listOffsets(ends).all());
        var first = get(admin.listOffsets(begins).all());
        long lag = 0;
        for (TopicPartition partition : ends.keySet()) {
            OffsetAndMetadata known = committed.get(partition);
            long from = known == null ? told(first.get(partition)).offset() : known.offset();
            lag += Math.max(0, told(last.get(partition)).offset() - from);
        }
        return lag;
    }

    /** Kafka answers for each topic and partition that it was asked for, or fails. */
    private static <T> T told(@Nullable T answer) {
        return Objects.requireNonNull(answer, "Kafka's answer lacks what was asked for");
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(KafkaBrokers.PATIENCE_MS, TimeUnit.MILLISECONDS);
    }
}
