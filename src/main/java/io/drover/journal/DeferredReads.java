package io.drover.journal;

import io.drover.journal.Journal.Begin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The results of an attempt's reads that the journal does not hold yet. Nothing depends on them, so they need no commit
 * of their own: they go out before anything that may depend on them, or with the attempt's end. Thread-safe.
 */
public final class DeferredReads {

    /** More than this is sent without anybody waiting for it. */
    private static final int MOST = 100;

    private static final long MOST_CHARACTERS = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private List<CallRecord> waiting = new ArrayList<>();
    private long characters;
    private CompletableFuture<Boolean> underWay = CompletableFuture.completedFuture(true);
    private boolean closed;

    DeferredReads() {}

    /** @return false when the attempt's end has been written: the read has to be recorded by itself, which is refused */
    boolean add(CallRecord read, Journal journal) {
        return locked(() -> {
            if (closed) {
                return false;
            }
            waiting.add(read);
            characters += read.length();
            if (waiting.size() >= MOST || characters >= MOST_CHARACTERS) {
                send(journal);
            }
            return true;
        });
    }

    /** Adds what goes out with others, or with the attempt's end. */
    void keep(CallRecord heard) {
        locked(() -> {
            if (!closed) {
                waiting.add(heard);
                characters += heard.length();
            }
            return closed;
        });
    }

    /**
     * Sends what waits.
     *
     * @return completes when this and what was sent before, by any branch of the attempt, is durable; with false when the
     *     lease was lost, or with the reason why the database refused one of them, and so does every later one
     */
    public CompletableFuture<Boolean> send(Journal journal) {
        return locked(() -> {
            if (!waiting.isEmpty()) {
                CompletableFuture<Boolean> sent = journal.record(take());
                underWay = underWay.thenCombine(sent, Boolean::logicalAnd);
            }
            return underWay;
        });
    }

    /** The same for one who must not wait for the attempt, which may stand still. */
    public void trySend(Journal journal) {
        if (lock.tryLock()) {
            try {
                send(journal);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Records that a call begins, and before it, in the same commit, what waits. */
    public CompletableFuture<Begin> begin(BeginRequest request, Journal journal) {
        return locked(() -> {
            if (waiting.isEmpty()) {
                return journal.begin(request);
            }
            CompletableFuture<Begin> begin = journal.begin(request, take());
            underWay = underWay.thenCombine(begin, (before, how) -> before && !(how instanceof Begin.Refused));
            return begin;
        });
    }

    /** Completes as {@link #send} says, for what was sent. */
    public CompletableFuture<Boolean> sent() {
        return locked(() -> underWay);
    }

    /** What waits, for the statement that ends the attempt. From now on nothing is added. */
    public List<CallRecord> close() {
        return locked(() -> {
            closed = true;
            return take();
        });
    }

    private List<CallRecord> take() {
        List<CallRecord> all = waiting;
        waiting = new ArrayList<>();
        characters = 0;
        return all;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
