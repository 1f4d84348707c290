package io.drover.start;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done again and again on a thread of its own, for as long as the process lives. What a run throws, an Error
 * included, is reported and does not keep the next run from coming.
 */
public final class Periodic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    /** The work; it is done again whatever it throws. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    private final String name;
    private final Duration every;
    private final Work work;
    private final AtomicLong failures = new AtomicLong();
    private @Nullable ScheduledExecutorService clock;
    private volatile @Nullable Throwable last;

    /**
     * @param name  of the thread
     * @param every between the end of a run and the next
     */
    public Periodic(String name, Duration every, Work work) {
        this.name = name;
        this.every = every;
        this.work = work;
    }

    /** Begins with a run after one period. */
    public void start() {
        start(every);
    }

    /** Begins with a run after a delay. */
    public synchronized void start(Duration delay) {
        if (clock == null) {
            ThreadFactory threads = Thread.ofPlatform().daemon().name(name).factory();
            clock = Executors.newSingleThreadScheduledExecutor(threads);
            clock.scheduleWithFixedDelay(this::run, delay.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Does the work once, on the calling thread; nothing is thrown. */
    public void run() {
        try {
            work.run();
            Throwable before = last;
            last = null;
            if (before != null) {
                LOG.info("{}: works again", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        try {
            Throwable before = last;
            last = e;
            failures.incrementAndGet();
            if (e instanceof Error || before == null || before.getClass() != e.getClass()) {
                LOG.error("{}: a run failed, and comes again in {} s", name, every.toSeconds(), e);
            } else {
                LOG.debug("{}: a run failed again", name, e);
            }
        } catch (Throwable unsaid) { // there may be no memory for a line of the log
            last = e;
        }
    }

    /** How many runs failed. */
    public long failures() {
        return failures.get();
    }

    /** What the last run threw, or null when it went well. */
    public @Nullable Throwable problem() {
        return last;
    }

    /** Ends the thread; a run that is under way is interrupted. */
    @Override
    public synchronized void close() {
        if (clock != null) {
            clock.shutdownNow();
            clock = null;
        }
    }
}
