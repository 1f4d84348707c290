package io.drover.task;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The memory that all bodies together, and those of one caller, may take while they are received. */
@Component
public class IntakeRoom {

    private final long max;
    private final long maxOfCaller;
    private final AtomicLong taken = new AtomicLong();
    private final ConcurrentHashMap<String, Long> byCaller = new ConcurrentHashMap<>();

    IntakeRoom(TaskProperties properties) {
        this.max = properties.maxInFlightBytes().toBytes();
        this.maxOfCaller = properties.maxInFlightBytesPerCaller().toBytes();
    }

    /** @throws IntakeFullException when there is no room for that number of bytes now */
    public void take(String caller, long bytes) {
        if (taken.addAndGet(bytes) > max) {
            taken.addAndGet(-bytes);
            throw new IntakeFullException(max);
        }
        if (byCaller.merge(caller, bytes, Long::sum) > maxOfCaller) {
            giveBack(caller, bytes);
            throw new IntakeFullException(caller, maxOfCaller);
        }
    }

    /** Why there is no room for that number of bytes now, or null. */
    public @Nullable IntakeFullException refusal(String caller, long bytes) {
        if (byCaller.getOrDefault(caller, 0L) + bytes > maxOfCaller) {
            return new IntakeFullException(caller, maxOfCaller);
        }
        return taken.get() + bytes > max ? new IntakeFullException(max) : null;
    }

    /** Gives back what was taken. */
    public void giveBack(String caller, long bytes) {
        taken.addAndGet(-bytes);
        byCaller.computeIfPresent(caller, (name, all) -> all == bytes ? null : Long.valueOf(all - bytes));
    }
}
