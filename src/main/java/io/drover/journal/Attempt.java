package io.drover.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a task as its calls see it: the lease, what earlier attempts recorded, and whether it may continue.
 * Thread-safe, because a task's calls may run in parallel branches.
 */
public final class Attempt {

    private final ClaimedTask task;
    private final Map<UUID, CallRecord> recorded = new ConcurrentHashMap<>();
    private final @Nullable Mirror mirror;
    private final List<CallRecord> forgotten;
    private final boolean resumed;
    private final DeferredReads reads = new DeferredReads();
    private final AtomicInteger lastCall = new AtomicInteger();
    private final AtomicLong bytes;
    private final AtomicReference<AttemptEnd.@Nullable Waiting> wait = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable WaitReason stops;
    private volatile @Nullable String over;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<UUID, Boolean> caught = new ConcurrentHashMap<>();
    private final ReentrantLock work = new ReentrantLock();
    private final Condition changed = work.newCondition();
    private final CallsUnderWay calls = new CallsUnderWay();
    private int underWay;
    private boolean closed;
    private volatile boolean handsOver;
    private volatile boolean handedOver;

    public Attempt(ClaimedTask task, Collection<CallRecord> recorded) {
        this(task, recorded, null);
    }

    /** @param mirror what the live task has heard, where this is the attempt at a shadow; else null */
    public Attempt(ClaimedTask task, Collection<CallRecord> recorded, @Nullable Mirror mirror) {
        this.task = task;
        this.mirror = mirror;
        this.resumed = !recorded.isEmpty() || mirror != null;
        this.bytes = new AtomicLong(task.bytes());
        this.forgotten = recorded.stream()
                .filter(call -> call.state() == CallState.FORGOTTEN)
                .toList();
        for (CallRecord call : recorded) {
            if (call.state() != CallState.FORGOTTEN) {
                this.recorded.put(call.address(), call);
            }
            lastCall.accumulateAndGet(call.n(), Math::max);
        }
    }

    public ClaimedTask task() {
        return task;
    }

    public Lease lease() {
        return task.lease();
    }

    /** The calls that it makes now. */
    public CallsUnderWay calls() {
        return calls;
    }

    /** What an earlier attempt, or this one, recorded under the address; or, of a shadow, what its live task did. */
    public @Nullable CallRecord recorded(UUID address) {
        CallRecord known = recorded.get(address);
        return known != null || mirror == null || mirror.call(address) == null
                ? known
                : recorded.computeIfAbsent(address, this::heard);
    }

    /** The same, to be looked at: a shadow has not heard it by that. */
    public @Nullable CallRecord peek(UUID address) {
        CallRecord known = recorded.get(address);
        return known != null || mirror == null ? known : mirror.call(address);
    }

    /** It stands in the shadow's journal as if the shadow had made the call: so people see both, and they can be compared. */
    private @Nullable CallRecord heard(UUID address) {
        CallRecord live = mirror == null ? null : mirror.call(address);
        if (live == null) {
            return null;
        }
        CallRecord heard = live.heardBy(task.lease(), lastCall.incrementAndGet());
        bytes.addAndGet(heard.length());
        if (CallState.byAttempt(null).contains(heard.state())) { // a rejection is heard, and is no call that was made
            reads.keep(heard);
        }
        return heard;
    }

    /** What a call, or an agent's run, with this content is known by in the live task; null where this is no shadow. */
    public @Nullable UUID mirrored(UUID caller, String tool, String canonicalArguments, int occurrence) {
        return mirror == null ? null : mirror.address(caller, tool, canonicalArguments, occurrence);
    }

    /** What its live task is known by; null where this is no shadow. */
    public @Nullable UUID live() {
        return mirror == null ? null : mirror.live();
    }

    /** The records of calls of tools whose names begin with the prefix. */
    public Stream<CallRecord> recordedOf(String prefix) {
        return recorded.values().stream().filter(call -> call.tool().startsWith(prefix));
    }

    /** The records that were forgotten when the task was redone. */
    public Stream<CallRecord> forgotten() {
        return forgotten.stream();
    }

    /** Whether an earlier attempt recorded anything. */
    public boolean isResumed() {
        return resumed;
    }

    /**
     * Whether a tool whose name begins with the prefix was called after that instant, in this attempt or an earlier
     * one.
     */
    public boolean asked(String prefix, Instant after) {
        return recordedOf(prefix).anyMatch(call -> call.startedAt().isAfter(after));
    }

    /** Remembers what the journal now holds. */
    public void remember(CallRecord call) {
        CallRecord before = recorded.put(call.address(), call);
        bytes.addAndGet(call.length() - (before == null ? 0 : before.length()));
    }

    /**
     * Remembers the result of a read that the journal need not hold yet.
     *
     * @return false when the attempt's end has been written: nothing was remembered
     */
    public boolean defer(CallRecord read, Journal journal) {
        if (!reads.add(read, journal)) {
            return false;
        }
        remember(read);
        return true;
    }

    /** The results of its reads that the journal does not hold yet. */
    public DeferredReads reads() {
        return reads;
    }

    /** The route caught the failure of this call, or hears it again; {@link #handled} says that it went on from there. */
    public void caught(UUID address) {
        caught.put(address, false);
    }

    /** Whether this attempt has caught the failure of this call. */
    public boolean isCaught(UUID address) {
        return caught.containsKey(address);
    }

    /** The route went on from the failure of this call. */
    public void handled(UUID address) {
        caught.replace(address, true);
    }

    /** The calls whose failures were caught, and from which the route has not gone on. */
    public List<UUID> unhandled() {
        return caught.entrySet().stream()
                .filter(call -> !call.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Approximate number of bytes of the task's input and its recorded calls. */
    public long bytes() {
        return bytes.get();
    }

    /** The order number of a call: the recorded one, else the next. */
    public int number(UUID address) {
        CallRecord known = recorded.get(address);
        return known != null ? known.n() : lastCall.incrementAndGet();
    }

    /**
     * Asks that the task waits. Where it waits for the result of a pending call, its other branches go on; else it waits
     * once its running calls have ended. {@link AttemptEnd.Waiting#and} says which of several waits counts.
     */
    public void waitFor(AttemptEnd.Waiting asked) {
        wait.accumulateAndGet(asked, (before, next) -> next.and(before));
        if (!asked.isPending()) {
            stops = asked.reason();
        }
    }

    /** The wait that was asked for, or null. */
    public AttemptEnd.@Nullable Waiting waiting() {
        return wait.get();
    }

    /** What it awaited could not be recorded: the attempt fails, whatever its route has made of it. */
    public void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Why it fails, or null. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /** Ends the attempt for its calls: from now on they are refused with this reason. */
    public void end(String reason) {
        work.lock();
        try {
            over = reason;
            changed.signalAll();
        } finally {
            work.unlock();
        }
        stopped.countDown();
    }

    /**
     * A call, or another piece of work in the name of this attempt, begins; {@link #done()} is to be called when it
     * ends.
     *
     * @return false when the route has ended and the attempt waits for nothing more: the work is refused
     */
    public boolean begin() {
        work.lock();
        try {
            if (closed) {
                return false;
            }
            underWay++;
            return true;
        } finally {
            work.unlock();
        }
    }

    /** Work that has begun ends. */
    public void done() {
        work.lock();
        try {
            underWay--;
            changed.signalAll();
        } finally {
            work.unlock();
        }
    }

    /**
     * To be called when the route has ended.
     * Waits until the work that has begun, on any thread, has ended too, or the attempt is stopped.
     * After that, new work is refused.
     *
     * @return why the attempt was stopped, or null
     */
    public @Nullable String close() {
        work.lock();
        try {
            while (underWay > 0 && over == null) {
                changed.awaitUninterruptibly();
            }
            closed = true;
            String reason = over;
            if (reason == null) {
                over = "the attempt has ended";
            }
            return reason;
        } finally {
            work.unlock();
            stopped.countDown();
        }
    }

    /**
     * Makes the attempt end at its next call, because this worker is leaving; another worker continues from there.
     * Running calls may end.
     */
    public void handOver() {
        handsOver = true;
        stopped.countDown();
    }

    /** Whether a call was refused for that reason. */
    public boolean isHandedOver() {
        return handedOver;
    }

    /** Waits until the time is over, or the attempt ends or is handed over. */
    public void pause(Duration duration) throws InterruptedException {
        stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether the attempt has ended for its calls. */
    public boolean hasEnded() {
        return over != null;
    }

    /** Why the next call must not be made, or null if it may be made. */
    public @Nullable String refusal() {
        String reason = over();
        if (reason == null && handsOver) {
            handedOver = true;
            reason = "its worker is stopping";
        }
        return reason;
    }

    /** Why the attempt has ended, or null while it continues. */
    public @Nullable String over() {
        String reason = over;
        WaitReason waits = stops;
        if (reason == null && waits != null) {
            reason = "the task is about to wait: " + waits;
        }
        return reason;
    }
}
