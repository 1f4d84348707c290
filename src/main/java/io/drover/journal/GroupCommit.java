package io.drover.journal;

import io.drover.start.Listeners;
import io.drover.start.Periodic;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: writes that arrive while one commit is under way go out together in the next, as one statement. An idle
 * system adds no latency, a busy one shares the cost of the flush to disk.
 *
 * <p>While the database is away the writes wait here and go out when it is back. The statements must therefore be safe
 * to repeat: a commit whose answer was lost is sent again. A row that the database refuses fails alone, not its batch;
 * and so does one that breaks in this process.
 *
 * @param <W> a write
 * @param <R> its result
 */
final class GroupCommit<W, R> implements AutoCloseable {

    /** Writes all items in one statement and returns a result for each, in order. */
    @FunctionalInterface
    interface Statement<W, R> {
        List<R> execute(Connection connection, List<W> items) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MAX_BATCH = 500;

    /** A batch ends with the write that reaches it: the driver makes several copies of it. */
    private static final long MAX_BATCH_BYTES = 4 << 20;

    /** So that a flusher that has nothing to do is seen to live. */
    private static final long POLL_MS = 1_000;

    private static final long MAX_BACKOFF_MS = 1_000;

    /** Tries of a single write while memory is short, about four seconds: one that never fits must not hold up the others. */
    private static final int TRIES_WITHOUT_MEMORY = 10;

    /** @param item null where it only ends the wait for the next write */
    private record Pending<W, R>(@Nullable W item, CompletableFuture<R> done) {}

    private final String name;
    private final DataSource dataSource;
    private final Statement<W, R> statement;
    private final ToLongFunction<W> bytes;
    private final Listeners<CommitListener> listeners;
    private final LinkedBlockingQueue<Pending<W, R>> queue = new LinkedBlockingQueue<>();
    private final List<Pending<W, R>> batch = new ArrayList<>(MAX_BATCH);
    private final Pending<W, R> last = new Pending<>(null, new CompletableFuture<>());
    private final CountDownLatch drained = new CountDownLatch(1);
    private final Periodic flusher;
    private volatile boolean closed;

    /** @param bytes about how long a write is */
    GroupCommit(
            String name,
            DataSource dataSource,
            Statement<W, R> statement,
            ToLongFunction<W> bytes,
            Listeners<CommitListener> listeners) {
        this.name = name;
        this.dataSource = dataSource;
        this.statement = statement;
        this.bytes = bytes;
        this.listeners = listeners;
        this.flusher = Periodic.vital("commit-" + name, Duration.ZERO, this::takeAndFlush);
        flusher.start();
    }

    /** Adds a write; the future completes when it is durable, or with the reason why it was refused. */
    CompletableFuture<R> add(W item) {
        CompletableFuture<R> done = new CompletableFuture<>();
        if (closed) {
            done.completeExceptionally(new CancellationException("commit-" + name + " is closed"));
        } else {
            queue.add(new Pending<>(item, done));
        }
        return done;
    }

    /** What is not done when this fails is in the batch still, and goes out with the next run. */
    private void takeAndFlush() throws InterruptedException {
        batch.removeIf(pending -> pending.done.isDone());
        Pending<W, R> first = batch.isEmpty() ? queue.poll(POLL_MS, TimeUnit.MILLISECONDS) : null;
        if (first != null && first != last) {
            batch.add(first);
            fill(bytes.applyAsLong(first.item));
        }
        if (!batch.isEmpty()) {
            flush(batch);
            batch.clear();
        }
        if (closed && queue.isEmpty()) {
            drained.countDown();
        }
    }

    private void fill(long taken) {
        long sum = taken;
        while (batch.size() < MAX_BATCH && sum < MAX_BATCH_BYTES) {
            Pending<W, R> next = queue.poll();
            if (next == null || next == last) {
                return;
            }
            batch.add(next);
            sum += bytes.applyAsLong(next.item);
        }
    }

    private void flush(List<Pending<W, R>> writes) throws InterruptedException {
        for (int failures = 0; ; failures++) {
            Duration took;
            try (Connection connection = dataSource.getConnection()) {
                long begun = System.nanoTime();
                List<R> results = execute(connection, writes);
                took = Duration.ofNanos(System.nanoTime() - begun);
                for (int i = 0; i < writes.size(); i++) {
                    writes.get(i).done.complete(results.get(i));
                }
            } catch (SQLException e) {
                if (SqlStates.isTransient(e)) {
                    backOff(failures, e);
                    continue;
                }
                splitOrFail(writes, e);
                return;
            } catch (RuntimeException | Error e) {
                backOff(failures, e);
                if (writes.size() == 1 && e instanceof OutOfMemoryError && failures + 1 < TRIES_WITHOUT_MEMORY) {
                    continue;
                }
                splitOrFail(writes, e);
                return;
            }
            listeners.each(listener -> listener.committed(name, writes.size(), took));
            return;
        }
    }

    private List<R> execute(Connection connection, List<Pending<W, R>> writes) throws SQLException {
        try {
            return statement.execute(
                    connection, writes.stream().map(Pending::item).toList());
        } catch (RuntimeException | Error e) {
            connection.abort(Runnable::run); // it may have stopped in the middle of a message to the server
            throw e;
        }
    }

    /** Finds the write that the database refuses, or that breaks here: it fails when it is alone. */
    private void splitOrFail(List<Pending<W, R>> writes, Throwable cause) throws InterruptedException {
        if (writes.size() == 1) {
            writes.get(0).done.completeExceptionally(cause);
            if (!(cause instanceof SQLException)) {
                LOG.error("commit-{}: a write failed", name, cause);
            }
            return;
        }
        int half = writes.size() / 2;
        flush(writes.subList(0, half));
        flush(writes.subList(half, writes.size()));
    }

    private void backOff(int failures, Throwable cause) throws InterruptedException {
        flusher.alive(); // it waits for the database
        TimeUnit.MILLISECONDS.sleep(Math.min(MAX_BACKOFF_MS, 10L << Math.min(failures, 10)));
        if (failures == 0) {
            LOG.warn("commit-{}: writes cannot be sent ({}); they wait and are sent again", name, cause.toString());
        }
    }

    /** Sends what waits, for five seconds at most. */
    @Override
    public void close() {
        closed = true;
        queue.add(last);
        try {
            boolean all = drained.await(5, TimeUnit.SECONDS);
            flusher.close();
            flusher.end(all ? Duration.ZERO : Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            flusher.close();
            Thread.currentThread().interrupt();
        }
        CancellationException over = new CancellationException("commit-" + name + " is closed");
        List.copyOf(batch).forEach(pending -> pending.done.completeExceptionally(over));
        queue.forEach(pending -> pending.done.completeExceptionally(over));
    }
}
