package io.drover.task;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether attempts can run here: a virtual thread is started now and then, and it must get a carrier. Where all
 * carriers are taken by work that does not end, no attempt goes on, while every other thread of the process looks well.
 */
final class CarrierProbe {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerIdentity.class);

    /** Shorter than that a busy machine may be late by itself. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Duration lease;
    private final Duration patience;
    private volatile long askedAt;
    private volatile boolean answered = true;
    private boolean stood;

    /** @param lease of the worker; a third of it is waited for an answer */
    CarrierProbe(Duration lease) {
        this.lease = lease;
        Duration third = lease.dividedBy(3);
        this.patience = third.compareTo(SHORTEST) < 0 ? SHORTEST : third;
    }

    /** Asks, and reports when attempts come to stand still or go on. Called by one thread. */
    boolean canRunAttempts(String worker) {
        ask();
        boolean stands = isLate();
        if (stands && !stood) {
            LOG.error(
                    "worker {}: no attempt can make progress, because other work holds all carriers of virtual"
                            + " threads; it gives no heartbeat until one can, and after {} other workers take over its"
                            + " tasks",
                    worker,
                    lease);
        } else if (stood && !stands) {
            LOG.warn("worker {}: attempts can make progress again", worker);
        }
        stood = stands;
        return !stands;
    }

    /** Asks again, where the last question is answered. Called by one thread. */
    void ask() {
        if (answered) {
            askedAt = System.nanoTime();
            answered = false;
            Thread.ofVirtual().name("probe").start(() -> answered = true);
        }
    }

    /** For how long no virtual thread has got a carrier; zero when the last question is answered. */
    Duration unanswered() {
        long since = askedAt;
        return answered ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Whether attempts stand still. */
    boolean isLate() {
        return unanswered().compareTo(patience) > 0;
    }
}
