package io.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;

/** Runs several statements of a connection as one transaction. */
final class InTransaction {

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
        R result;
        try {
            result = work.run(connection);
            connection.commit();
        } catch (SQLException | RuntimeException | Error e) {
            undo(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
        return result;
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
