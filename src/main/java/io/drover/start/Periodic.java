package io.drover.start;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats work on a thread of its own until it is closed.
 * If a run throws, even an Error, this is reported and the next run takes place.
 * All running instances are known by name, together with how long their next run is overdue.
 *
 * <p>A plain thread and no executor: an executor's worker ends where there is no memory to wait with, and is not replaced
 * where there is none for a thread.
 */
public final class Periodic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);
    private static final Set<Periodic> OPEN = ConcurrentHashMap.newKeySet();

    /** The work; it is done again whatever it throws. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    private final String name;
    private final Duration every;
    private final ReportedWork work;
    private final boolean vital;
    private @Nullable Thread thread;
    private CountDownLatch over = new CountDownLatch(0);
    private volatile long due = System.nanoTime();

    /**
     * @param name  of the thread, and in metrics
     * @param every between the end of a run and the next; zero where the work itself waits
     */
    public Periodic(String name, Duration every, Work work) {
        this(name, every, work, false);
    }

    private Periodic(String name, Duration every, Work work, boolean vital) {
        this.name = name;
        this.every = every;
        this.work = new ReportedWork(name, every, work);
        this.vital = vital;
    }

    /** Work that the process is useless without: while it stands still, the process reports that it is not alive. */
    public static Periodic vital(String name, Duration every, Work work) {
        return new Periodic(name, every, work, true);
    }

    /** All that have been started and not closed. */
    public static List<Periodic> open() {
        return List.copyOf(OPEN);
    }

    /** By name, how many runs have failed since the process began. */
    public static Map<String, LongAdder> failuresByName() {
        return ReportedWork.failuresByName();
    }

    /** Begins with a run after one period. */
    public void start() {
        start(every);
    }

    /** Begins with a run after a delay. */
    public void start(Duration delay) {
        start(delay, true);
    }

    /** Begins immediately, on a thread that keeps the process from ending by itself. */
    public void startToStay() {
        start(Duration.ZERO, false);
    }

    private synchronized void start(Duration delay, boolean daemon) {
        if (over.getCount() == 0) {
            CountDownLatch end = new CountDownLatch(1);
            over = end;
            due = System.nanoTime() + delay.toNanos();
            thread = Thread.ofPlatform().daemon(daemon).name(name).start(() -> live(end));
            OPEN.add(this);
        }
    }

    private void live(CountDownLatch end) {
        while (end.getCount() > 0) {
            try {
                long wait = due - System.nanoTime();
                if (wait > 0 && end.await(wait, TimeUnit.NANOSECONDS)) {
                    return;
                }
                due = System.nanoTime();
                run();
                due = System.nanoTime() + work.pause().toNanos();
            } catch (InterruptedException e) { // it is over, or what was interrupted is
                LOG.debug("{}: interrupted", name);
            } catch (Throwable e) { // there may be no memory even to wait
                work.failedUnsaid(e);
            }
        }
    }

    /** Does the work once, on the calling thread; nothing is thrown. */
    public void run() {
        work.run();
    }

    /** Called by the work in the middle of a long run, to show that it makes progress. */
    public void alive() {
        due = System.nanoTime();
    }

    public String name() {
        return name;
    }

    /** Whether the process is of no use without it. */
    public boolean isVital() {
        return vital;
    }

    /** How long the current run has taken, or how long the next one is overdue; zero while none is due. */
    public Duration overdue() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - due));
    }

    /** Whether its thread has ended before it was closed. */
    public synchronized boolean isDead() {
        return over.getCount() > 0 && thread != null && !thread.isAlive();
    }

    /** How many runs under this name failed. */
    public long failures() {
        return work.failures();
    }

    /** What the last run threw, or null when it went well. */
    public @Nullable Throwable problem() {
        return work.problem();
    }

    /**
     * Starts no further run, and waits for the current one.
     * A run that takes longer than this wait continues.
     */
    public void end(Duration patience) throws InterruptedException {
        Thread ending = over();
        if (ending != null) {
            ending.join(patience);
        }
    }

    /** Ends the thread; a run that is under way is interrupted. */
    @Override
    public void close() {
        Thread ending = over();
        if (ending != null) {
            ending.interrupt();
        }
    }

    private synchronized @Nullable Thread over() {
        over.countDown();
        OPEN.remove(this);
        return thread;
    }
}
