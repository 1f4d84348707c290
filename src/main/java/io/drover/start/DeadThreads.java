package io.drover.start;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports and counts each thread that ended with an exception or an Error, including threads of libraries.
 * If schedules or timers cannot fire without the thread, its name is kept until the process ends.
 */
public final class DeadThreads {

    private static final Logger LOG = LoggerFactory.getLogger(DeadThreads.class);

    /** Both continue after an exception and end with an Error, although their owners still report that they run. */
    private static final List<String> FIRING = List.of("QuartzSchedulerThread", "timer://");

    private static final AtomicBoolean WATCHED = new AtomicBoolean();
    private static final LongAdder COUNT = new LongAdder();
    private static volatile @Nullable String missed;

    private DeadThreads() {}

    /** Begins to hear of them. */
    public static void watch() {
        if (WATCHED.compareAndSet(false, true)) {
            Thread.setDefaultUncaughtExceptionHandler(DeadThreads::died);
        }
    }

    static void died(Thread thread, Throwable cause) {
        try {
            COUNT.increment();
            if (FIRING.stream().anyMatch(thread.getName()::contains)) {
                missed = thread.getName();
            }
            LOG.error("thread {} ended with an uncaught exception or error", thread.getName(), cause);
        } catch (Throwable unsaid) { // there may be no memory for a line of the log
            COUNT.increment();
        }
    }

    /** How many died since the process began. */
    public static long count() {
        return COUNT.sum();
    }

    /** The name of one that is dead and without which the process is of no use, or null. */
    public static @Nullable String missed() {
        return missed;
    }

    /** For tests. */
    static void forget() {
        missed = null;
    }
}
