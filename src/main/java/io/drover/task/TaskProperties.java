package io.drover.task;

import io.drover.start.Bounds;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of intake.
 *
 * @param maxBacklog    above this number of queued tasks HTTP answers 429 and Kafka consumption pauses. Defaults to
 *                      1,000,000.
 * @param maxInputBytes the longest input of a task. Defaults to 1 MiB.
 * @param maxInFlightBytes the size of all bodies that are being received; above it HTTP answers 503. Defaults to a
 *                         twentieth of the heap.
 * @param maxInFlightBytesPerCaller the same of one caller; above it HTTP answers 429 to this caller. Defaults to half of
 *                         that, or to one longest input if that is more.
 */
@ConfigurationProperties("drover.queue")
public record TaskProperties(
        @DefaultValue("1000000") int maxBacklog,
        @DefaultValue("1048576") int maxInputBytes,
        @Nullable DataSize maxInFlightBytes,
        @Nullable DataSize maxInFlightBytesPerCaller) {

    private static final int PART_OF_HEAP = 20;

    public TaskProperties {
        Bounds.of(1, 1_000_000_000, 1_000_000).check("drover.queue.max-backlog", maxBacklog);
        Bounds.of(1, 1 << 28, 1 << 20).check("drover.queue.max-input-bytes", maxInputBytes);
        Bounds.ofSize("1B", "1TB", "64MB").check("drover.queue.max-in-flight-bytes", maxInFlightBytes);
        Bounds.ofSize("1B", "1TB", "32MB")
                .check("drover.queue.max-in-flight-bytes-per-caller", maxInFlightBytesPerCaller);
        leastOneInput("drover.queue.max-in-flight-bytes", maxInFlightBytes, maxInputBytes);
        leastOneInput("drover.queue.max-in-flight-bytes-per-caller", maxInFlightBytesPerCaller, maxInputBytes);
    }

    private static void leastOneInput(String setting, @Nullable DataSize size, int maxInputBytes) {
        if (size != null && size.toBytes() < maxInputBytes) {
            throw new IllegalArgumentException("%s (%s) must be at least drover.queue.max-input-bytes (%d)"
                    .formatted(setting, size, maxInputBytes));
        }
    }

    @Override
    public DataSize maxInFlightBytesPerCaller() {
        return maxInFlightBytesPerCaller != null
                ? maxInFlightBytesPerCaller
                : DataSize.ofBytes(Math.max(maxInputBytes, maxInFlightBytes().toBytes() / 2));
    }

    @Override
    public DataSize maxInFlightBytes() {
        return maxInFlightBytes != null
                ? maxInFlightBytes
                : DataSize.ofBytes(Math.max(maxInputBytes, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }
}
