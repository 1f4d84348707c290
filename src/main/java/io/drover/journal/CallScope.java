package io.drover.journal;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What makes calls: an attempt at a task, or one try of a call whose tool calls others. A call is addressed by its content: who makes it,
 * tool, canonical arguments, and the how-manieth equal call it is. Another attempt, or another try, makes the same calls under the same
 * addresses. Thread-safe.
 */
public final class CallScope {

    private final UUID caller;
    private final Map<String, AtomicInteger> occurrences = new ConcurrentHashMap<>();

    /** @param caller a task's id, or a call's address */
    public CallScope(UUID caller) {
        this.caller = caller;
    }

    /** The address of the next call of a tool with these arguments. Equal calls get one address each. */
    public UUID nextAddress(String tool, String canonicalArguments) {
        return address(
                tool, canonicalArguments, earlier(tool, canonicalArguments).incrementAndGet());
    }

    /** What {@link #nextAddress} would answer; it stays the next. */
    public UUID peekAddress(String tool, String canonicalArguments) {
        return address(
                tool, canonicalArguments, earlier(tool, canonicalArguments).get() + 1);
    }

    private AtomicInteger earlier(String tool, String canonicalArguments) {
        return occurrences.computeIfAbsent(tool + '\0' + canonicalArguments, k -> new AtomicInteger());
    }

    private UUID address(String tool, String canonicalArguments, int occurrence) {
        return TaskIds.digest(caller.toString(), tool, canonicalArguments, Integer.toString(occurrence));
    }
}
