package io.drover.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call whose result comes from outside.
 *
 * @param call     in the state {@link CallState#PENDING}
 * @param name     of the signal that it waits for, or null where it waits for a time
 * @param key      of the signal, or null
 * @param lookBack how long before its task was created a signal is heard, too
 * @param timeout  how long it waits, by the database's clock; null where it waits until an instant, or for ever
 * @param until    the instant until which it waits, or null
 */
public record PendingCall(
        CallRecord call,
        @Nullable String name,
        @Nullable String key,
        Duration lookBack,
        @Nullable Duration timeout,
        @Nullable Instant until) {

    public PendingCall {
        if (call.state() != CallState.PENDING) {
            throw new IllegalArgumentException("call %d is %s and not PENDING".formatted(call.n(), call.state()));
        }
    }

    /** Waits for a signal. @param timeout the longest wait, or null */
    public static PendingCall forSignal(
            CallRecord call, String name, String key, Duration lookBack, @Nullable Duration timeout) {
        return new PendingCall(call, name, key, lookBack, timeout, null);
    }

    /** Waits for a time to pass. */
    public static PendingCall forDuration(CallRecord call, Duration duration) {
        return new PendingCall(call, null, null, Duration.ZERO, duration, null);
    }

    /** Waits for an instant. */
    public static PendingCall until(CallRecord call, Instant instant) {
        return new PendingCall(call, null, null, Duration.ZERO, null, instant);
    }

    /** Why the task waits. */
    public WaitReason reason() {
        return name == null ? WaitReason.TIME : WaitReason.SIGNAL;
    }

    /** From now, in milliseconds; below zero where no time is set that ends it. */
    long timeoutMs() {
        return timeout == null ? -1 : timeout.toMillis();
    }

    long length() {
        return call.length() + Objects.toString(key, "").length();
    }
}
