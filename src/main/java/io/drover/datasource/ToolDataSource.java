package io.drover.datasource;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A database as routes see it. One tool, or one route outside tools, holds at most half of its connections, so that a slow
 * one does not stop the others.
 */
public final class ToolDataSource extends DelegatingDataSource {

    private final String name;
    private final HikariDataSource pool;
    private final Borrowers borrowers;
    private final int shareSize;
    private final Semaphore all;
    private final Map<String, Semaphore> shares = new ConcurrentHashMap<>();

    ToolDataSource(String name, HikariDataSource pool, Borrowers borrowers) {
        super(pool);
        this.name = name;
        this.pool = pool;
        this.borrowers = borrowers;
        this.shareSize = (pool.getMaximumPoolSize() + 1) / 2;
        this.all = new Semaphore(pool.getMaximumPoolSize(), true);
    }

    /** The name that routes use. */
    public String name() {
        return name;
    }

    /** The pool itself, for metrics and health. */
    public HikariDataSource pool() {
        return pool;
    }

    /** @throws NoConnectionException when all connections that the caller may hold stay in use */
    @Override
    public Connection getConnection() throws SQLException {
        Borrower borrower = borrowers.now();
        Deadline end = new Deadline(borrower.left());
        Semaphore share = shares.computeIfAbsent(borrower.name(), n -> new Semaphore(shareSize, true));
        Duration patience = end.atMost(Duration.ofMillis(pool.getConnectionTimeout()));
        Deadline places = new Deadline(patience);
        take(share, places.atMost(patience), shareSize, borrower);
        boolean lent = false;
        try {
            take(all, places.atMost(patience), pool.getMaximumPoolSize(), borrower);
            try {
                Runnable giveBack = () -> {
                    all.release();
                    share.release();
                };
                Connection connection = LentConnection.of(open(end), end.left(), giveBack, pool::evictConnection);
                lent = true;
                return connection;
            } finally {
                if (!lent) {
                    all.release();
                }
            }
        } finally {
            if (!lent) {
                share.release();
            }
        }
    }

    /** A call whose timeout ends before that of the pool ends first, because nothing has been sent yet. */
    private Connection open(Deadline end) throws SQLException {
        Duration longest = Duration.ofMillis(pool.getConnectionTimeout());
        Duration patience = end.atMost(longest);
        if (patience.equals(longest)) {
            return pool.getConnection();
        }
        FutureTask<Connection> opening = new FutureTask<>(pool::getConnection);
        Thread.ofVirtual().name("sql-connect").start(opening);
        try {
            return opening.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException thrown ? thrown : new SQLException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Thread.ofVirtual().name("sql-connect").start(() -> closeWhenOpen(opening));
            throw new SQLTransientConnectionException(
                    "the data source '%s' gave no connection before the tool's timeout".formatted(name), "08001", e);
        }
    }

    private static void closeWhenOpen(FutureTask<Connection> opening) {
        try {
            opening.get().close();
        } catch (SQLException | ExecutionException e) { // there is none
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The time left until a deadline; without a deadline there is no limit. */
    private static final class Deadline {

        private final @Nullable Duration given;
        private final long since = System.nanoTime();

        Deadline(@Nullable Duration given) {
            this.given = given;
        }

        @Nullable
        Duration left() {
            return given == null ? null : given.minusNanos(System.nanoTime() - since);
        }

        Duration atMost(Duration most) {
            Duration left = left();
            return left == null || left.compareTo(most) > 0 ? most : left.isNegative() ? Duration.ZERO : left;
        }
    }

    private void take(Semaphore places, Duration patience, int size, Borrower borrower) {
        try {
            if (places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new NoConnectionException(
                "all %d connections of the data source '%s' that %s may hold are in use; raise drover.datasources.%s.maximum-pool-size, or make its statements faster"
                        .formatted(size, name, borrower.name(), name));
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException(
                "a data source has one user; configure another as drover.datasources.<name>");
    }

    @Override
    public String toString() {
        return "the data source '%s'".formatted(name);
    }
}
