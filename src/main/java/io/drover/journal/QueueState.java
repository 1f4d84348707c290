package io.drover.journal;

import java.util.Collection;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How far the queue, or one task, has come; for commands that work until an end. */
@Repository
public class QueueState {

    private static final String PROGRESS =
            """
            select status, output::text, error::text from task where id = :id
            """;

    private static final String DUE =
            """
            select (select count(*) from task where status = 'QUEUED' and workflow = any(:workflows))
                 + (select count(*) from task where status = 'WAITING' and run_at <= now() and workflow = any(:workflows))
            """;

    /**
     * @param output of a completed task, a JSON document
     * @param error  of the last attempt that failed, a JSON document
     */
    public record Progress(TaskStatus status, @Nullable String output, @Nullable String error) {
        public boolean isCompleted() {
            return status == TaskStatus.COMPLETED;
        }
    }

    private final JdbcClient jdbc;

    QueueState(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** How far a task has come. */
    public Progress progress(UUID task) {
        return jdbc.sql(PROGRESS)
                .param("id", task)
                .query((row, i) ->
                        new Progress(TaskStatus.valueOf(row.getString(1)), row.getString(2), row.getString(3)))
                .single();
    }

    /** How many tasks of these workflows could be worked on now. */
    public int due(Collection<String> workflows) {
        return jdbc.sql(DUE)
                .param("workflows", workflows.toArray(String[]::new))
                .query(Integer.class)
                .single();
    }
}
