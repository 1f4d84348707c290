package io.drover.start;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work whose failures, even an Error, are reported and counted, and never thrown. */
final class ReportedWork {

    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);
    private static final Map<String, LongAdder> FAILURES = new ConcurrentHashMap<>();

    /** The minimum wait after a run that failed. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);

    private final String name;
    private final Duration every;
    private final Periodic.Work work;
    private final LongAdder failures;
    private volatile @Nullable Throwable last;

    /** @param every between the end of a run and the next */
    ReportedWork(String name, Duration every, Periodic.Work work) {
        this.name = name;
        this.every = every;
        this.work = work;
        this.failures = FAILURES.computeIfAbsent(name, any -> new LongAdder());
    }

    /** By name, how many runs have failed since the process began. */
    static Map<String, LongAdder> failuresByName() {
        return FAILURES;
    }

    void run() {
        try {
            work.run();
            Throwable before = last;
            last = null;
            if (before != null) {
                LOG.info("{}: works again after {}", name, before.toString());
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
            failures.increment();
            if (e instanceof Error || before == null || before.getClass() != e.getClass()) {
                LOG.error("{}: a run failed, and is tried again in {} ms", name, pause().toMillis(), e);
            } else {
                LOG.debug("{}: a run failed again", name, e);
            }
        } catch (Throwable unsaid) { // there may be no memory for a line of the log
            failedUnsaid(e);
        }
    }

    /** Keeps a failure where there may be no memory to report it. */
    void failedUnsaid(Throwable e) {
        last = e;
    }

    /** How long to wait until the next run. */
    Duration pause() {
        return last == null || every.compareTo(LEAST_PAUSE) > 0 ? every : LEAST_PAUSE;
    }

    /** How many runs under this name failed. */
    long failures() {
        return failures.sum();
    }

    /** What the last run threw, or null when it went well. */
    @Nullable
    Throwable problem() {
        return last;
    }
}
