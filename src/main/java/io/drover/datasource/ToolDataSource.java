package io.drover.datasource;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

    /** By which routes call it. */
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
        Semaphore share = shares.computeIfAbsent(borrower.name(), n -> new Semaphore(shareSize, true));
        long deadline = System.nanoTime() + patience(borrower.left()).toNanos();
        take(share, deadline, shareSize, borrower);
        boolean lent = false;
        try {
            take(all, deadline, pool.getMaximumPoolSize(), borrower);
            try {
                Connection connection = LentConnection.of(pool.getConnection(), borrower.left(), () -> {
                    all.release();
                    share.release();
                });
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

    /** A call whose timeout comes first ends before it, because nothing is sent yet. */
    private Duration patience(@Nullable Duration left) {
        Duration most = Duration.ofMillis(pool.getConnectionTimeout());
        return left == null || left.compareTo(most) > 0 ? most : left;
    }

    private void take(Semaphore places, long deadline, int size, Borrower borrower) {
        try {
            if (places.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
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
