package io.drover.guard;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The threads that run the steps of one try. After a timeout the steps go on, until they are cut. */
final class RunningSteps {

    /** How long a step may take to end after it was cancelled, before its connection is closed. */
    private static final Duration CANCEL = Duration.ofSeconds(1);

    private final Map<Exchange, Thread> senders = new IdentityHashMap<>(4);
    private final Set<Runnable> cancels = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Thread runs;
    private volatile boolean cut;

    /** The author's steps begin, on this thread. */
    void begin() {
        runs = Thread.currentThread();
    }

    /** A step is about to send something, on this thread. */
    void sends(Exchange exchange) {
        synchronized (senders) {
            senders.put(exchange, Thread.currentThread());
        }
    }

    /** A step has sent it, or failed to. */
    void sent(Exchange exchange) {
        synchronized (senders) {
            senders.remove(exchange);
            if (cut && Thread.currentThread() != runs) {
                Thread.interrupted(); // it goes on to do something else
            }
        }
    }

    /** What has the other side stop what it does for a step, while the step waits for it. */
    void cancelBy(Runnable cancel) {
        cancels.add(cancel);
    }

    /** The step does not wait any more. */
    void cancelNoMore(Runnable cancel) {
        cancels.remove(cancel);
    }

    /** Whether no caller waits for the steps any more. */
    boolean areCut() {
        return cut;
    }

    /** Whether the steps have ended, or end within this time. */
    boolean endWithin(Duration patience) throws InterruptedException {
        Thread thread = runs;
        return thread == null || thread == Thread.currentThread() || thread.join(patience);
    }

    /** Cuts them after this time, where they still go on and this thread is none of theirs. */
    void cutAfter(Duration patience) {
        Thread thread = runs;
        if (thread == null || thread == Thread.currentThread() || !thread.isAlive()) {
            return;
        }
        Thread.ofVirtual().name("cut").start(() -> {
            try {
                if (!thread.join(patience)) {
                    cut(thread);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Interrupts all that the steps do. A virtual thread that is interrupted while it reads or writes closes its socket. */
    private void cut(Thread thread) throws InterruptedException {
        cut = true;
        if (!cancels.isEmpty()) {
            cancels.forEach(Runnable::run);
            if (thread.join(CANCEL)) {
                return;
            }
        }
        synchronized (senders) {
            thread.interrupt();
            senders.values().forEach(Thread::interrupt);
        }
    }
}
