package io.drover.task;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The memory that all bodies together may take while they are received. */
@Component
public class IntakeRoom {

    private final long max;
    private final AtomicLong taken = new AtomicLong();

    IntakeRoom(TaskProperties properties) {
        this.max = properties.maxInFlightBytes().toBytes();
    }

    /** @throws IntakeFullException when there is no room for that number of bytes now */
    public void take(long bytes) {
        if (taken.addAndGet(bytes) > max) {
            taken.addAndGet(-bytes);
            throw new IntakeFullException(max);
        }
    }

    /** Why there is no room for that number of bytes now, or null. */
    public @Nullable IntakeFullException refusal(long bytes) {
        return taken.get() + bytes > max ? new IntakeFullException(max) : null;
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}
