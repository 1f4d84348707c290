package io.drover.datasource;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that returns its place when it is closed.
 * The database ends its statements when the borrower's time is over.
 */
final class LentConnection implements InvocationHandler {

    private final Connection connection;
    private final @Nullable Duration left;
    private final Runnable giveBack;
    private final Consumer<Connection> evict;
    private final long since = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<Statement> statements = new ConcurrentLinkedQueue<>();
    private @Nullable Thread timer;
    private volatile boolean changed;
    private volatile @Nullable String sessionName;

    private LentConnection(
            Connection connection, @Nullable Duration left, Runnable giveBack, Consumer<Connection> evict) {
        this.connection = connection;
        this.left = left;
        this.giveBack = giveBack;
        this.evict = evict;
    }

    /** @param evict has the pool close a connection whose session is not as it was */
    static Connection of(
            Connection connection, @Nullable Duration left, Runnable giveBack, Consumer<Connection> evict) {
        LentConnection lent = new LentConnection(connection, left, giveBack, evict);
        if (left != null) {
            lent.timer = Thread.ofVirtual().name("sql-timeout").start(() -> lent.cancelAfter(left));
        }
        return (Connection)
                Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, lent);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("close") || method.getName().equals("abort")) {
            try {
                if (changed && !closed.get() && !SessionState.reset(connection, sessionName)) {
                    evict.accept(connection);
                }
                return call(method, arguments);
            } finally {
                giveBack();
            }
        }
        if (!changed && mayChangeSession(method.getName(), arguments)) {
            sessionName = SessionState.name(connection);
            changed = true;
        }
        Object result = call(method, arguments);
        if (result instanceof Statement statement && left != null) {
            limit(statement, left.minusNanos(System.nanoTime() - since));
        }
        return result;
    }

    private static boolean mayChangeSession(String method, Object @Nullable [] arguments) {
        return method.startsWith("prepare") && arguments != null && arguments[0] instanceof String sql
                ? SessionState.mayChange(sql)
                : method.equals("createStatement"); // which may run anything
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void limit(Statement statement, Duration rest) {
        statements.add(statement);
        try { // the timer comes first; this holds where it cannot reach the database
            statement.setQueryTimeout(Math.toIntExact(Math.clamp(rest.toSeconds(), 0, 1_000_000) + 2));
        } catch (SQLException e) { // this driver has no timeouts; the timer cancels its statements
        }
    }

    private void cancelAfter(Duration patience) {
        try {
            Thread.sleep(patience);
        } catch (InterruptedException e) { // it was given back
            return;
        }
        if (!closed.get()) {
            statements.forEach(LentConnection::cancel);
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) { // it has ended, or its connection is broken
        }
    }

    private void giveBack() {
        if (closed.compareAndSet(false, true)) {
            if (timer != null) {
                timer.interrupt();
            }
            giveBack.run();
        }
    }
}
