package io.drover.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records of Kafka that neither became tasks nor went to their dead letter topic, and those that an operator passes over. */
public interface SetAside {

    /** Where a record is, and which trigger read it. */
    record Position(String trigger, String topic, int partition, long offset) {}

    /** A header of a record. */
    record Header(String name, byte @Nullable [] value) {}

    /**
     * What a record says, byte for byte.
     *
     * @param timestamp in milliseconds since 1970; negative when it has none
     */
    record Content(long timestamp, byte @Nullable [] key, byte @Nullable [] payload, List<Header> headers) {}

    /**
     * Why it is here.
     *
     * @param reason    why it could not become a task
     * @param errorType the class of that
     * @param refusal   why its dead letter topic did not take it
     */
    record Why(String reason, String errorType, String refusal) {}

    /** One that is kept. */
    record Entry(long id, Position position, Why why, int payloadBytes, Instant at) {}

    /** Keeps a record; once, however often it comes. */
    void add(Position position, Content content, Why why);

    /** The newest of a trigger, or of all. */
    List<Entry> list(@Nullable String trigger, int limit);

    /** What one says, or null when it is not there. */
    @Nullable
    Content content(long id);

    /**
     * Forgets one.
     *
     * @return whether it was there
     */
    boolean remove(long id, String who);

    /** Has a record passed over; it becomes a dead letter. */
    void skip(Position position, String who, String reason);

    /** What is to be passed over, and who said so. */
    Map<Position, String> skips();
}
