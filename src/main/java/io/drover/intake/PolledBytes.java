package io.drover.intake;

import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one poll of a trigger, up to a limit on their bytes. What is fetched is bounded as it was sent, and a
 * compressed batch of a megabyte may hold hundreds: Kafka inflates a record when it is read, and {@code max.poll.records} of
 * them for one poll. When this refuses a record behind others, the client returns those, and reads on from it next.
 */
public final class PolledBytes implements Deserializer<byte[]> {

    private static final int PART_OF_HEAP = 40;
    private static final long LEAST = 1 << 20;

    /** As many as are fetched at most by default. */
    private static final long ENOUGH = 50L << 20;

    static final long MOST = Math.clamp(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, LEAST, ENOUGH);

    /** Of a consumer's thread, from its last poll on; other threads are not bounded. */
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
