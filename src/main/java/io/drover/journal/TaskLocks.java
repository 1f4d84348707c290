package io.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/** Locks tasks in the order of their ids, so that two transactions do not wait for each other. */
final class TaskLocks {

    private static final String LOCK =
            """
            select id from task where id = any(?) order by id for update
            """;

    private TaskLocks() {}

    /** Until the end of the transaction. */
    static void take(Connection connection, Collection<UUID> tasks) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setArray(
                    1,
                    connection.createArrayOf("uuid", tasks.stream().distinct().toArray()));
            lock.executeQuery().close();
        }
    }
}
