package io.drover.intake;

import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Limits the bytes of the records that one poll of a trigger returns.
 * Kafka bounds what is fetched in its compressed form, and one compressed megabyte may inflate to hundreds.
 * It inflates each record when it is read, up to {@code max.poll.records} of them for one poll.
 * If this refuses a record that comes after others, the client returns those, and continues with it at the next poll.
 */
public final class PolledBytes implements Deserializer<byte[]> {

    private static final int PART_OF_HEAP = 40;
    private static final long LEAST = 1 << 20;

    /** As many bytes as Kafka fetches at most by default. */
    private static final long ENOUGH = 50L << 20;

    static final long MOST = Math.clamp(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, LEAST, ENOUGH);

    /** What a consumer's thread has read since its last poll; other threads are not bounded. */
    private static final ThreadLocal<@Nullable Count> COUNT = new ThreadLocal<>();

    private static final class Count {
        long bytes;
        int records;
    }

    private boolean isKey;

    /** Called by a consumer's thread before it polls again. */
    static void reset() {
        COUNT.set(new Count());
    }

    @Override
    public void configure(Map<String, ?> settings, boolean key) {
        isKey = key;
    }

    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] data) {
        Count count = COUNT.get();
        if (count == null || data == null) {
            return data;
        }
        if (isKey) { // its value decides
            count.bytes += data.length;
            return data;
        }
        if (count.records > 0 && count.bytes + data.length > MOST) {
            throw new SerializationException(
                    "this poll has its %d bytes; the record comes with the next".formatted(MOST));
        }
        count.records++;
        count.bytes += data.length;
        return data;
    }

    @Override
    public byte @Nullable [] deserialize(String topic, Headers headers, byte @Nullable [] data) {
        Count count = COUNT.get();
        if (count != null && !isKey) {
            for (Header header : headers) {
                count.bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
        }
        return deserialize(topic, data);
    }
}
