package io.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/**
 * Locks tasks in the order of their ids, so that two transactions do not wait for each other.
 *
 * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS">row-level locks</a>
 */
enum TaskLocks {
    /** A task gets new children: no decision about it comes between, while its other children end. */
    BEGIN("""
            select id from task where id = any(?) order by id for key share
            """),
    /** Children of a task end: one end after the other, so that the last one sees that it is the last. */
    END("""
            select id from task where id = any(?) order by id for no key update
            """),
    /** A person decides about tasks: nothing else happens to them meanwhile. */
    DECIDE("""
            select id from task where id = any(?) order by id for update
            """);

    private final String sql;

    TaskLocks(String sql) {
        this.sql = sql;
    }

    /** Until the end of the transaction. */
    void take(Connection connection, Collection<UUID> tasks) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(sql)) {
            lock.setArray(
                    1,
                    connection.createArrayOf("uuid", tasks.stream().distinct().toArray()));
            lock.executeQuery().close();
        }
    }
}
