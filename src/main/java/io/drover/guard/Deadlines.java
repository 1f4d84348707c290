package io.drover.guard;

import io.drover.start.Periodic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends waits whose time is over, by one clock for all.
 * A virtual thread that waits for a limited time costs two wake-ups of the JDK's timer thread, whether it is needed or not.
 */
final class Deadlines implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(20);

    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final Periodic clock = Periodic.vital("deadlines", TICK, this::end);

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
