package io.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs several statements of a connection as one transaction. */
final class InTransaction {

    /** What this thread does when its transaction ends; nothing where it has none. */
    private static final ThreadLocal<@Nullable End> END = new ThreadLocal<>();

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
        End outer = END.get(); // on another connection
        End end = new End();
        END.set(end);
        R result;
        try {
            result = work.run(connection);
            connection.commit();
        } catch (SQLException | RuntimeException | Error e) {
            undo(connection, e);
            end.undone.forEach(Runnable::run);
            throw e;
        } finally {
            END.set(outer);
        }
        end.done.forEach(Runnable::run);
        connection.setAutoCommit(true);
        return result;
    }

    private static final class End {

        private final Set<Runnable> done = new LinkedHashSet<>(2);
        private final List<Runnable> undone = new ArrayList<>(0);
    }

    /** Does something once, when others can see what this thread's transaction has done: now, if there is none. */
    static void afterCommit(Runnable action) {
        End end = END.get();
        if (end == null) {
            action.run();
        } else {
            end.done.add(action);
        }
    }

    /** The same, and something else where the transaction is not committed, as far as this process knows. */
    static void atEnd(Runnable committed, Runnable undone) {
        afterCommit(committed);
        End end = END.get();
        if (end != null) {
            end.undone.add(undone);
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
