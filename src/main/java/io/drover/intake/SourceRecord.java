package io.drover.intake;

import io.drover.journal.SetAside;
import io.drover.route.RouteIds;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as it came, and the tasks it becomes. It is taken before the trigger's first step, and travels with the
 * exchange and its copies where no step can reach it.
 */
public final class SourceRecord implements SafeCopyProperty {

    private static final String PROPERTY = "DroverRecord";

    private final String trigger;
    private final String topic;
    private final int partition;
    private final long offset;
    private final long timestamp;
    private final byte @Nullable [] key;
    private final byte @Nullable [] payload;
    private final Headers headers;
    private final boolean lastOfPartition;
    private final @Nullable KafkaManualCommit commit;
    private final Queue<CompletableFuture<?>> submitted = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String keyText;
    private String name;
    private @Nullable Throwable failed;

    SourceRecord(Exchange exchange) {
        Message message = exchange.getMessage();
        String route = exchange.getFromRouteId();
        this.trigger = route == null ? "" : RouteIds.logical(route);
        this.topic = message.getHeader(KafkaConstants.TOPIC, String.class);
        this.name = topic;
        this.partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        this.offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        this.timestamp = message.getHeader(KafkaConstants.TIMESTAMP, -1L, Long.class);
        this.key = message.getHeader(KafkaConstants.KEY) instanceof byte[] bytes ? bytes : null;
        this.payload = message.getBody() instanceof byte[] bytes ? bytes : null;
        this.headers = message.getHeader(KafkaConstants.HEADERS) instanceof Headers all
                ? new RecordHeaders(all.toArray())
                : new RecordHeaders();
        this.lastOfPartition = message.getHeader(KafkaConstants.LAST_RECORD_BEFORE_COMMIT, false, Boolean.class);
        this.commit = message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class);
        this.keyText = RecordKey.text(key);
    }

    /** Puts a record that was kept onto an exchange, as a consumer does. */
    static void show(SetAside.Position position, SetAside.Content content, Exchange exchange) {
        Message message = exchange.getMessage();
        message.setHeader(KafkaConstants.TOPIC, TopicNames.plain(position.topic()));
        message.setHeader(KafkaConstants.PARTITION, position.partition());
        message.setHeader(KafkaConstants.OFFSET, position.offset());
        message.setHeader(KafkaConstants.TIMESTAMP, content.timestamp());
        if (content.key() != null) {
            message.setHeader(KafkaConstants.KEY, content.key());
        }
        RecordHeaders headers = new RecordHeaders();
        content.headers().forEach(header -> headers.add(header.name(), header.value()));
        message.setHeader(KafkaConstants.HEADERS, headers);
        message.setHeader(KafkaConstants.LAST_RECORD_BEFORE_COMMIT, true);
        message.setBody(content.payload());
    }

    /** Whether an exchange of a Kafka consumer carries a record, rather than an error of the consumer. */
    static boolean isOn(Exchange exchange) {
        Message message = exchange.getMessage();
        return message.getHeader(KafkaConstants.TOPIC) instanceof String
                && message.getHeader(KafkaConstants.PARTITION) instanceof Integer
                && message.getHeader(KafkaConstants.OFFSET) instanceof Long;
    }

    /** The record that an exchange comes from, or null. */
    public static @Nullable SourceRecord of(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, SourceRecord.class);
    }

    void bindTo(Exchange exchange) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, this);
    }

    @Override
    public SafeCopyProperty safeCopy() {
        return this; // a branch's tasks are the record's, too
    }

    /** Its tasks are durable when the future completes, or it fails with the reason why one cannot be. */
    public void await(CompletableFuture<?> task) {
        submitted.add(task);
    }

    /** Completes when all of its tasks are durable. */
    CompletableFuture<Void> submitted() {
        return CompletableFuture.allOf(submitted.toArray(CompletableFuture[]::new));
    }

    void fail(Throwable cause) {
        failed = cause;
    }

    /** Why the trigger's route failed for it, or null. */
    @Nullable
    Throwable failed() {
        return failed;
    }

    /** The key as an expression sees it; the same for equal bytes only. Null when the record has none. */
    @Nullable
    String keyText() {
        return keyText;
    }

    /** What the author's own deserializer made of the key. */
    void keyText(String text) {
        keyText = text;
    }

    /** The id of the trigger that read it. */
    String trigger() {
        return trigger;
    }

    String topic() {
        return topic;
    }

    /** What its topic is called in its identity: {@link TopicNames}. */
    void name(String text) {
        name = text;
    }

    /** Where it is, by the name of its topic; no other record was or will be there. */
    SetAside.Position position() {
        return new SetAside.Position(trigger, name, partition, offset);
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** When it was sent or stored, in milliseconds since 1970; -1 when that is not known. */
    long timestamp() {
        return timestamp;
    }

    byte @Nullable [] key() {
        return key;
    }

    byte @Nullable [] payload() {
        return payload;
    }

    Headers headers() {
        return headers;
    }

    /** Whether it is the last one that the poll brought of its partition. */
    boolean isLastOfPartition() {
        return lastOfPartition;
    }

    void commitOffset() {
        if (commit == null) {
            throw new IllegalStateException(
                    "kafka:%s is read without allowManualCommit, but Drover commits offsets only when the tasks are durable; leave the option out"
                            .formatted(topic));
        }
        commit.commit();
    }

    @Override
    public String toString() {
        return name + "-" + partition + "@" + offset;
    }
}
