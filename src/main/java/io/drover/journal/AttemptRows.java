package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the attempts at a task: the rows of those that did not end it, and the columns of the task for the latest one. */
final class AttemptRows {

    // The latest attempt is in the task: while it runs or waits, and when it has completed the task or was cancelled.
    // Of a
    // task whose attempts an earlier release ran, only the latest is known, and its begin only if it is the first.
    private static final String ATTEMPTS =
            """
            select token, n, worker, began_at, ended_at, ending, error from attempt where task_id = :id
            union all
            select t.token, coalesce(t.begun, t.attempt), w.name,
                   case when t.begun in (t.attempt, t.attempt + 1) then t.begun_at when t.attempt = 1 then t.started_at end,
                   t.finished_at,
                   case t.status when 'DEAD' then 'FAILED' when 'COMPLETED' then 'COMPLETED' when 'CANCELLED' then 'CANCELLED' end,
                   case when t.status = 'DEAD' then t.error end
              from task t left join worker w on w.id = t.worker
             where t.id = :id
               and (t.begun is not null
                    or t.attempt > 0 and not exists (select from attempt a where a.task_id = t.id))
             order by token
            """;

    private AttemptRows() {}

    static List<TaskAttempt> of(JdbcClient jdbc, UUID task, Seals seals) {
        return jdbc.sql(ATTEMPTS)
                .param("id", task)
                .query((row, i) -> read(row, task, seals))
                .list();
    }

    private static TaskAttempt read(ResultSet row, UUID task, Seals seals) throws SQLException {
        String ending = row.getString("ending");
        return new TaskAttempt(
                row.getInt("n"),
                row.getString("worker"),
                instant(row.getTimestamp("began_at")),
                instant(row.getTimestamp("ended_at")),
                ending == null ? null : TaskAttempt.Ending.valueOf(ending),
                seals.open(SealedColumn.ATTEMPT_ERROR, task, row.getString("error")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
