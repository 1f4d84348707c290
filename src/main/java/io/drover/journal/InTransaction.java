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

    /** Commits what the work has done; if it throws, nothing is done. */
    static <R> R run(Connection connection, Work<R> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            R result = work.run(connection);
            connection.commit();
            return result;
        } finally {
            connection.rollback(); // which does nothing after the commit
            connection.setAutoCommit(true);
        }
    }
}
