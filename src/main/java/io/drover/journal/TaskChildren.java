package io.drover.journal;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The child tasks of a task, for people and programs. */
@Repository
public class TaskChildren {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String LIST = "select " + TaskRows.LISTED
            + """
              from task
             where id in (select child from pending_call where task_id = :parent and child is not null)
               and (:at::timestamptz is null or (created_at, id) < (:at, :id))
             order by created_at desc, id desc
             limit :limit
            """;

    private static final String COST =
            """
            select sum(cost_usd) from pending_call where task_id = :parent and child is not null
            """;

    private final JdbcClient jdbc;

    TaskChildren(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
    }

    /** The children, newest first, without their inputs and outputs. */
    public List<TaskView> list(UUID parent, int limit, @Nullable TaskCursor after) {
        return jdbc.sql(LIST)
                .param("parent", parent)
                .param(
                        "at",
                        after == null ? null : OffsetDateTime.ofInstant(after.createdAt(), ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("limit", limit)
                .query((row, i) -> TaskRows.read(row))
                .list();
    }

    /** What the models of the children that have ended cost, and of theirs, in dollars; null if none was asked. */
    public @Nullable BigDecimal usd(UUID parent) {
        return jdbc.sql(COST)
                .param("parent", parent)
                .query((row, i) -> Optional.ofNullable(row.getBigDecimal(1)))
                .single()
                .orElse(null);
    }
}
