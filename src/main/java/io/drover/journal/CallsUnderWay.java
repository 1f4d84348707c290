package io.drover.journal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The calls that an attempt makes now, in the order in which it was decided that they may be made. */
public final class CallsUnderWay {

    /**
     * One call.
     *
     * @param arguments a JSON document
     * @param caller    the call whose steps make it, or the task
     */
    public record Call(UUID address, String tool, String arguments, UUID caller) {}

    private final Map<UUID, Call> calls = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    /** A call may be made; nothing changes where it is tried again. */
    public void begin(Call call) {
        alone(() -> calls.putIfAbsent(call.address(), call) == null);
    }

    /** It is on record what became of the call, as far as that is known. */
    public void ended(UUID address) {
        alone(() -> {
            boolean was = calls.remove(address) != null;
            if (was) {
                ended.signalAll();
            }
            return was;
        });
    }

    /** Decides something while no other call of the attempt begins or ends. */
    public <T> T alone(Supplier<T> decision) {
        lock.lock();
        try {
            return decision.get();
        } finally {
            lock.unlock();
        }
    }

    /** Within {@link #alone}: waits until a call has ended. @return the time that is left, which is over at zero */
    public long awaitEnd(long nanos) {
        try {
            return ended.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Those of a tool that began before a call. */
    public List<Call> before(UUID call, String tool) {
        return alone(() -> {
            List<Call> before = new ArrayList<>();
            for (Call one : calls.values()) {
                if (one.address().equals(call)) {
                    break;
                }
                if (one.tool().equals(tool)) {
                    before.add(one);
                }
            }
            return before;
        });
    }

    /** The calls whose steps make a call, or make those that do. @param caller who makes it */
    public Set<UUID> above(UUID caller) {
        return alone(() -> {
            Set<UUID> above = new HashSet<>(Set.of(caller));
            for (Call made = calls.get(caller); made != null; made = calls.get(made.caller())) {
                above.add(made.caller());
            }
            return above;
        });
    }

    /** Whether a call is made by the steps of another one, or of those that it makes. @param caller who makes it */
    public boolean isWithin(UUID caller, UUID other) {
        return alone(() -> {
            UUID above = caller;
            while (!above.equals(other)) {
                Call made = calls.get(above);
                if (made == null) {
                    return false;
                }
                above = made.caller();
            }
            return true;
        });
    }
}
