package io.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Pending calls whose results came before their attempt heard that they are recorded.
 * The answer to that commit was lost, so the record is written again, and the result that is there refuses it.
 */
final class SettledCalls {

    // Only an attempt whose lease is its own is told that it may go on.
    private static final String SETTLED =
            """
            select exists (select from call c join task t on t.id = c.task_id and t.token = c.token and t.status = 'RUNNING'
                            where c.task_id = ? and c.address = ? and c.token = ? and c.state in ('SUCCEEDED', 'REJECTED'))
            """;

    private SettledCalls() {}

    /** Whether this attempt has recorded the call as pending, and it has its result. */
    static boolean holds(Connection connection, CallRecord call) throws SQLException {
        if (call.state() != CallState.PENDING) {
            return false;
        }
        try (PreparedStatement select = connection.prepareStatement(SETTLED)) {
            select.setObject(1, call.taskId());
            select.setObject(2, call.address());
            select.setLong(3, call.token());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
