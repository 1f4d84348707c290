package io.drover.camel;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.jspecify.annotations.Nullable;

/** A Kafka record as it came, and the task it becomes. */
final class SourceRecord {

    private final String topic;
    private final int partition;
    private final long offset;
    private final @Nullable Object key;
    private final @Nullable Object payload;
    private final boolean lastOfPartition;
    private final @Nullable KafkaManualCommit commit;

    /** Completes when its task is durable, or with the reason why it cannot become one. */
    @Nullable
    CompletableFuture<?> submitted;

    /** Why the trigger's route failed for it, or null. */
    @Nullable
    Throwable failed;

    SourceRecord(Exchange exchange) {
        Message message = exchange.getMessage();
        this.topic = message.getHeader(KafkaConstants.TOPIC, String.class);
        this.partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        this.offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        this.key = message.getHeader(KafkaConstants.KEY);
        this.payload = message.getBody();
        this.lastOfPartition = message.getHeader(KafkaConstants.LAST_RECORD_BEFORE_COMMIT, false, Boolean.class);
        this.commit = message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class);
    }

    String topic() {
        return topic;
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    @Nullable
    Object key() {
        return key;
    }

    @Nullable
    Object payload() {
        return payload;
    }

    /** Whether it is the last one that the poll brought of its partition. */
    boolean isLastOfPartition() {
        return lastOfPartition;
    }

    void commitOffset() {
        if (commit == null) {
            throw new IllegalStateException(
                    "kafka:%s must be read with autoCommitEnable=false and allowManualCommit=true: Drover commits offsets when the tasks are durable"
                            .formatted(topic));
        }
        commit.commit();
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
