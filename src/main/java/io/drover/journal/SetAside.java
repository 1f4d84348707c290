package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kafka records that neither became tasks nor went to their dead letter topic, and records that an operator skips. */
public interface SetAside {

    /** Where a record is, and which trigger read it. */
    record Position(String trigger, String topic, int partition, long offset) {}

    /** A header of a record. */
    record Header(String name, byte @Nullable [] value) {}

    /**
     * The content of a record, byte for byte.
     *
     * @param timestamp in milliseconds since 1970; negative when it has none
     */
    record Content(long timestamp, byte @Nullable [] key, byte @Nullable [] payload, List<Header> headers) {}

    /**
     * Why it is here.
     *
     * @param reason    why it could not become a task
     * @param errorType the class of that
     * @param refusal   why its dead letter topic did not accept it
     */
    record Why(@Payload String reason, String errorType, @Payload String refusal) {}

    /** One that is kept. */
    record Entry(long id, Position position, Why why, int payloadBytes, Instant at) {}

    /** Keeps a record once, however often it comes. */
    void add(Position position, Content content, Why why);

    /**
     * The newest of a trigger, or of all.
     *
     * @param before null, or only those with a smaller id
     */
    List<Entry> list(@Nullable String trigger, @Nullable Long before, int limit);

    /** The newest of a trigger, or of all. */
    default List<Entry> list(@Nullable String trigger, int limit) {
        return list(trigger, null, limit);
    }

    /** A record that is kept, without its content; null if it does not exist. */
    @Nullable
    Entry entry(long id);

    /** The content of a record, or null if it does not exist. */
    @Nullable
    Content content(long id);

    /** The same with a part of the payload only. */
    @Nullable
    Content content(long id, int offset, int length);

    /** Why a record need not be kept any longer. */
    enum Removal {
        FORGOTTEN("forget-record"),
        REPLAYED("replay-record"),
        DEAD_LETTERED("dead-letter-record");

        private final String action;

        Removal(String action) {
            this.action = action;
        }

        /** Its word in the audit table. */
        String action() {
            return action;
        }
    }

    /**
     * Deletes a record that is kept.
     *
     * @return whether it was there
     */
    boolean remove(long id, Actor who, Removal why);

    /** Makes the trigger skip a record: the record becomes a dead letter. */
    void skip(Position position, Actor who, String reason);

    /** The records to skip, and who decided it. */
    Map<Position, String> skips();
}
