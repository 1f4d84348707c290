package io.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs several statements of a connection as one transaction. */
final class InTransaction {

    /** What this thread does when its transaction is committed; nothing where it has none. */
    private static final ThreadLocal<@Nullable Set<Runnable>> AFTER = new ThreadLocal<>();

    private InTransaction() {}

    /** The statements. */
    @FunctionalInterface
    interface Work<R> {
        R run(Connection connection) throws SQLException;
    }

    /**
     * Commits what the work has done; if it throws, nothing is done.
     * The failure of the work is what the caller hears, also where the connection is lost and cannot be rolled back:
     * its SQLSTATE decides whether the work is repeated.
     */
    static <R> R run(Connection connection, Work<R> work) throws SQLException {
        connection.setAutoCommit(false);
        Set<Runnable> outer = AFTER.get(); // on another connection
        Set<Runnable> after = new LinkedHashSet<>(2);
        AFTER.set(after);
        R result;
        try {
            result = work.run(connection);
            connection.commit();
        } catch (SQLException | RuntimeException | Error e) {
            undo(connection, e);
            throw e;
        } finally {
            AFTER.set(outer);
        }
        after.forEach(Runnable::run);
        connection.setAutoCommit(true);
        return result;
    }

    /** Does something once, when others can see what this thread's transaction has done: now, if there is none. */
    static void afterCommit(Runnable action) {
        Set<Runnable> after = AFTER.get();
        if (after == null) {
            action.run();
        } else {
            after.add(action);
        }
    }

    private static void undo(Connection connection, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) { // the server undoes what a lost connection has not committed
            cause.addSuppressed(e);
        }
    }
}
