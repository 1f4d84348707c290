package io.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: writes that arrive while one commit is under way go out together in the next, as one statement. An idle
 * system adds no latency, a busy one shares the cost of the flush to disk.
 *
 * <p>While the database is away the writes wait here and go out when it is back. The statements must therefore be safe
 * to repeat: a commit whose answer was lost is sent again. A row that the database refuses fails alone, not its batch.
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
    private static final long MAX_BACKOFF_MS = 1_000;

    private record Pending<W, R>(W item, CompletableFuture<R> done) {}

    private final String name;
    private final DataSource dataSource;
    private final Statement<W, R> statement;
    private final CommitListener listener;
    private final LinkedBlockingQueue<Pending<W, R>> queue = new LinkedBlockingQueue<>();
    private final Thread flusher;
    private volatile boolean closed;

    GroupCommit(String name, DataSource dataSource, Statement<W, R> statement, CommitListener listener) {
        this.name = name;
        this.dataSource = dataSource;
        this.statement = statement;
        this.listener = listener;
        this.flusher = Thread.ofPlatform().daemon().name("commit-" + name).start(this::run);
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

    private void run() {
        List<Pending<W, R>> batch = new ArrayList<>(MAX_BATCH);
        while (!closed || !queue.isEmpty()) {
            try {
                Pending<W, R> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, MAX_BATCH - 1);
                flush(batch);
            } catch (InterruptedException e) {
                closed = true; // close() gave up waiting for the database
                fail(batch, e);
            } catch (RuntimeException | Error e) {
                LOG.error("commit-{}: {} writes failed", name, batch.size(), e);
                fail(batch, e);
            }
            batch.clear();
        }
        queue.forEach(
                left -> left.done.completeExceptionally(new CancellationException("commit-" + name + " is closed")));
    }

    private void flush(List<Pending<W, R>> batch) throws InterruptedException {
        for (int failures = 0; ; failures++) {
            try (Connection connection = dataSource.getConnection()) {
                long begun = System.nanoTime();
                List<R> results = statement.execute(
                        connection, batch.stream().map(Pending::item).toList());
                listener.committed(name, batch.size(), Duration.ofNanos(System.nanoTime() - begun));
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).done.complete(results.get(i));
                }
                return;
            } catch (SQLException e) {
                if (SqlStates.isTransient(e)) {
                    backOff(failures, e);
                } else if (batch.size() == 1) {
                    batch.get(0).done.completeExceptionally(e);
                    return;
                } else { // find the row that the database refuses
                    int half = batch.size() / 2;
                    flush(batch.subList(0, half));
                    flush(batch.subList(half, batch.size()));
                    return;
                }
            }
        }
    }

    private void backOff(int failures, SQLException e) throws InterruptedException {
        if (failures == 0) {
            LOG.warn(
                    "commit-{}: the database does not take writes ({}); they wait and are sent again",
                    name,
                    e.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(Math.min(MAX_BACKOFF_MS, 10L << Math.min(failures, 10)));
    }

    private void fail(List<Pending<W, R>> batch, Throwable cause) {
        batch.forEach(pending -> pending.done.completeExceptionally(cause));
    }

    /** Sends what waits, for five seconds at most. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!flusher.join(Duration.ofSeconds(5))) {
                flusher.interrupt();
            }
        } catch (InterruptedException e) {
            flusher.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
