package io.drover.intake;

import io.drover.route.RouteIds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trigger's own consumer group. All triggers of earlier releases shared one: where that one stood, the trigger's group
 * begins, because its records may be tasks whose identity has been forgotten since.
 */
final class GroupOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(GroupOffsets.class);
    private static final String DEFAULT = "drover";
    private static final int PATIENCE_SECONDS = 20;

    private final KafkaConsumer consumer;
    private final String shared;
    private final String own;
    private volatile boolean adopted;

    private GroupOffsets(KafkaConsumer consumer, String shared, String own) {
        this.consumer = consumer;
        this.shared = shared;
        this.own = own;
    }

    static GroupOffsets of(KafkaConsumer consumer) {
        String shared = prefix(consumer.getEndpoint().getComponent().getConfiguration());
        return new GroupOffsets(consumer, shared, own(shared, trigger(consumer)));
    }

    /** The id of the consumer's route; its topic where another component made the consumer. */
    static String trigger(KafkaConsumer consumer) {
        return consumer.getRouteId() == null
                ? consumer.getEndpoint().getConfiguration().getTopic()
                : RouteIds.logical(consumer.getRouteId());
    }

    /** What the groups of all triggers begin with: the component's group. */
    static String prefix(KafkaConfiguration component) {
        return component.getGroupId() == null ? DEFAULT : component.getGroupId();
    }

    /** The group of a trigger that names none. */
    static String own(String prefix, String trigger) {
        return prefix + "-" + trigger;
    }

    /** Takes over what the shared group has committed, where this one has nothing. */
    void adopt() throws Exception {
        if (adopted || !own.equals(configuration().getGroupId())) {
            return;
        }
        Properties settings = configuration().createConsumerProperties();
        consumer.getEndpoint().updateClassProperties(settings);
        settings.put(
                "bootstrap.servers",
                consumer.getEndpoint().getKafkaClientFactory().getBrokers(configuration()));
        try (Admin admin = Admin.create(settings)) {
            adopt(admin);
            adopted = true;
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "a future says why it failed");
            if (!(cause instanceof UnknownMemberIdException)) {
                throw new IllegalStateException(
                        ("the group '%s' cannot begin at the position of '%s': %s;"
                                        + " to continue in that group, write groupId: %s in the trigger")
                                .formatted(own, shared, cause.getMessage(), shared),
                        cause);
            }
            adopted = true; // another process reads in it already
        }
    }

    private void adopt(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> mine = committed(admin, own);
        Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
        committed(admin, shared).forEach((partition, offset) -> {
            if (offset != null && mine.get(partition) == null && isRead(partition.topic())) {
                missing.put(partition, new OffsetAndMetadata(offset.offset()));
            }
        });
        if (!missing.isEmpty()) {
            get(admin.alterConsumerGroupOffsets(own, missing).all());
            LOG.info("the consumer group {} begins at the position of {}: {}", own, shared, missing);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    private boolean isRead(String topic) {
        @Nullable String topics = configuration().getTopic();
        return configuration().isTopicIsPattern()
                ? Pattern.compile(topics).matcher(topic).matches()
                : List.of(topics.split(",")).contains(topic);
    }

    private KafkaConfiguration configuration() {
        return consumer.getEndpoint().getConfiguration();
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
