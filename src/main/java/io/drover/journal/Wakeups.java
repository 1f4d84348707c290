package io.drover.journal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Tells the worker that a task may have become claimable: in this process immediately, in others by {@code NOTIFY}. A
 * lost wake-up costs one poll interval, never a task.
 */
@Component
public class Wakeups {

    /** The PostgreSQL notification channel. */
    public static final String CHANNEL = "drover_task";

    private final Fleet fleet;
    private final Semaphore signal = new Semaphore(0);
    private final Runnable release = this::release;
    private volatile boolean workerHere;

    Wakeups(Fleet fleet) {
        this.fleet = fleet;
    }

    /** Says that this process has a worker of its own, and so need not notify itself. */
    public void workerHere(boolean here) {
        workerHere = here;
    }

    /** Wakes the worker of this process, when it can see what the caller's transaction has done. */
    public void wake() {
        InTransaction.afterCommit(release);
    }

    private void release() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** Waits for a wake-up, but no longer than this. */
    public void await(long millis) throws InterruptedException {
        if (signal.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            signal.drainPermits();
        }
    }

    boolean othersMayBeWaiting() {
        return !workerHere || fleet.size() > 1;
    }
}
