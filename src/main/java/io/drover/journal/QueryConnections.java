package io.drover.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The connections that people's queries take: together at most half of the pool, so that slow ones leave the others to
 * claims, commits and heartbeats. In a transaction they use its connection.
 */
final class QueryConnections extends DelegatingDataSource implements InfrastructureProxy {

    private static final int LIKE_NO_LIMIT = 1_000_000;
    private static final Map<DataSource, Semaphore> PLACES = Collections.synchronizedMap(new WeakHashMap<>());

    private final DataSource pool;
    private final Semaphore places;
    private final long patienceMs;

    private QueryConnections(DataSource pool, int size, long patienceMs) {
        super(pool);
        this.pool = pool;
        this.places = PLACES.computeIfAbsent(pool, any -> new Semaphore(Math.max(1, size / 2), true));
        this.patienceMs = patienceMs;
    }

    static QueryConnections of(DataSource pool) {
        try {
            if (pool.isWrapperFor(HikariDataSource.class)) {
                HikariDataSource hikari = pool.unwrap(HikariDataSource.class);
                return new QueryConnections(pool, hikari.getMaximumPoolSize(), hikari.getConnectionTimeout());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a data source cannot tell what it is", e);
        }
        return new QueryConnections(pool, LIKE_NO_LIMIT, 0);
    }

    @Override
    public Object getWrappedObject() {
        return pool;
    }

    @Override
    public Connection getConnection() throws SQLException {
        take();
        try {
            return lent(pool.getConnection());
        } catch (SQLException | RuntimeException | Error e) {
            places.release();
            throw e;
        }
    }

    private void take() throws SQLException {
        try {
            if (places.tryAcquire(patienceMs, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLTransientConnectionException("too many queries run; ask again later");
    }

    private Connection lent(Connection connection) {
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("close") && closed.compareAndSet(false, true)) {
                            places.release();
                        }
                    }
                });
    }
}
