package io.drover.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The pending calls that are rows of their children alone, as long as these are open. */
final class OpenChildren {

    // Not "not exists": that is a join, which may read the calls of all tasks.
    static final String OPEN =
            """
            select parent, id, parent_n, parent_branch, workflow, key, created_at
              from task
             where parent = any(:parents) and parent_n is not null and status in ('QUEUED', 'RUNNING', 'WAITING')
               and (select 1 from call where call.task_id = task.parent and call.address = task.id
                       and call.state <> 'FAILED' limit 1) is null
             order by parent, parent_n
             limit :limit
            """;

    private OpenChildren() {}

    /** @param limit the most that are read */
    static List<CallRecord> of(JdbcClient jdbc, Collection<UUID> parents, int limit) {
        return jdbc.sql(OPEN)
                .param("parents", parents.toArray(UUID[]::new))
                .param("limit", limit)
                .query((row, i) -> read(row))
                .list();
    }

    private static CallRecord read(ResultSet row) throws SQLException {
        UUID child = row.getObject("id", UUID.class);
        return new CallRecord(
                row.getObject("parent", UUID.class),
                child,
                row.getInt("parent_n"),
                "task:" + row.getString("workflow"),
                CallState.PENDING,
                0,
                0,
                0,
                null,
                ChildCall.arguments(row.getString("key"), child),
                null,
                null,
                row.getTimestamp("created_at").toInstant(),
                null,
                null,
                row.getString("parent_branch"));
    }
}
