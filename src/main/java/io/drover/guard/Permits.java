package io.drover.guard;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Forgets the permits of throttlers that are not used any more.
 * Each call puts that off. An executor of Camel's keeps what is put off until its time has come, and wakes a thread for it.
 */
final class Permits implements AutoCloseable {

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("permits").factory());

    Permits() {
        executor.setRemoveOnCancelPolicy(true);
    }

    ScheduledExecutorService executor() {
        return executor;
    }

    /** Those of how many throttlers are to be forgotten some time. */
    int toForget() {
        return executor.getQueue().size();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
