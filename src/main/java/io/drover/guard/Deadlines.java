package io.drover.guard;

import io.drover.start.Periodic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends waits whose time is over, by one clock for all, which stands still while there are none.
 * A virtual thread that waits for a limited time costs two wake-ups of the JDK's timer thread, whether it is needed or not.
 */
final class Deadlines implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(20);

    /** Of a clock that stands still, so that it is seen to live. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final Periodic clock = Periodic.vital("deadlines", TICK, this::end);

    /** The clock's thread while it stands still. */
    private volatile @Nullable Thread still;

    Deadlines() {
        clock.start();
    }

    /** The wait of one thread for another one's work. */
    final class Wait {

        private final Thread waits = Thread.currentThread();
        private final long deadline;
        private volatile boolean over;
        private volatile boolean timeIsOver;

        private Wait(Duration patience) {
            this.deadline = System.nanoTime() + patience.toNanos();
        }

        /** The work is done: the wait ends. */
        void end() {
            over = true;
            LockSupport.unpark(waits);
        }

        private void endAfter(long now) {
            if (now - deadline >= 0) {
                timeIsOver = true;
                LockSupport.unpark(waits);
            }
        }

        /**
         * Waits until the work is done, the time is over, or this thread is interrupted.
         *
         * @return whether the time was over first
         */
        boolean isTooLong() {
            Deadlines.this.waits.add(this);
            LockSupport.unpark(still);
            try {
                while (!over && !timeIsOver && !waits.isInterrupted()) {
                    LockSupport.park(this);
                }
            } finally {
                Deadlines.this.waits.remove(this);
            }
            return !over && timeIsOver;
        }
    }

    /** A wait of the calling thread that begins now. */
    Wait begin(Duration patience) {
        return new Wait(patience);
    }

    private void end() {
        if (waits.isEmpty()) {
            still = Thread.currentThread();
            if (waits.isEmpty()) { // a wait that begins from here on sees that it stands still
                LockSupport.parkNanos(this, LOOK.toNanos());
            }
            still = null;
        }
        long now = System.nanoTime();
        waits.forEach(wait -> wait.endAfter(now));
    }

    /** How many threads wait. */
    int waiting() {
        return waits.size();
    }

    @Override
    public void close() {
        clock.close();
    }
}
