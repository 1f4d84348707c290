package io.drover.journal;

import io.drover.encryption.Seals;
import io.drover.who.Workflows;
import java.math.BigDecimal;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The family of a task: its children and those above it, for people and programs. */
@Repository
public class TaskChildren {

    /** @param children how many tasks it awaits or awaited itself */
    public record Child(TaskView task, int children) {}

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    // A child that only its parent awaits is a call of its parent: itself while it is open, then a row under its id.
    // No condition "child is not null": it offers the index of all children of all tasks, to be read for each row.
    private static final String OF_PARENT =
            """
            (select child from pending_call where task_id = :parent and reason = 'CHILD'
              union
             select address from call where task_id = :parent and tool like 'task:%' and tries = 0
              union
             select open.id from task open
              where open.parent = :parent and open.parent_n is not null and open.status in ('QUEUED', 'RUNNING', 'WAITING'))
            """;

    private static final String LIST = "select " + TaskRows.LISTED
            + """
            , (select count(*) from task below
                where below.id in (
                      select child from pending_call where task_id = task.id and reason = 'CHILD'
                       union
                      select address from call where task_id = task.id and tool like 'task:%' and tries = 0
                       union
                      select open.id from task open
                       where open.parent = task.id and open.parent_n is not null
                         and open.status in ('QUEUED', 'RUNNING', 'WAITING'))) as children
              from task
             where id in
            """
            + OF_PARENT
            + """
               and (:allowed::text is null or workflow ~ :allowed)
               and (:at::timestamptz is null or (created_at, id) < (:at, :id))
             order by created_at desc, id desc
             limit :limit
            """;

    private static final String COUNTS = "select status, count(*) as tasks from task where id in " + OF_PARENT
            + """
             group by status
            """;

    // No family is deeper than drover.children.max-depth can be.
    private static final String ABOVE =
            """
            with recursive above (id, height) as (
                select parent, 1 from task where task.id = :id and parent is not null
                 union all
                select t.parent, above.height + 1
                  from above join task t on t.id = above.id
                 where t.parent is not null and above.height < 100)
            select
            """
                    + TaskRows.LISTED
                    + """
              from above join task using (id)
             order by height desc
            """;

    private static final String COST =
            """
            select sum(usd) from call where task_id = :parent
            """;

    private final JdbcClient jdbc;
    private final Seals seals;

    TaskChildren(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource).forPeople();
    }

    /** The children, newest first, without their inputs and outputs. */
    public List<Child> list(UUID parent, int limit, @Nullable TaskCursor after) {
        return list(parent, limit, after, Workflows.ALL);
    }

    /** The same. @param allowed only children of these workflows */
    public List<Child> list(UUID parent, int limit, @Nullable TaskCursor after, Workflows allowed) {
        return jdbc.sql(LIST)
                .param("parent", parent)
                .param("allowed", allowed.regex(), Types.VARCHAR)
                .param(
                        "at",
                        after == null ? null : OffsetDateTime.ofInstant(after.createdAt(), ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("limit", limit)
                .query((row, i) -> new Child(TaskRows.read(row, seals), row.getInt("children")))
                .list();
    }

    /** How many children there are, by status. */
    public Map<TaskStatus, Long> counts(UUID parent) {
        Map<TaskStatus, Long> counts = new EnumMap<>(TaskStatus.class);
        jdbc.sql(COUNTS).param("parent", parent).query(row -> {
            counts.put(TaskStatus.valueOf(row.getString("status")), row.getLong("tasks"));
        });
        return counts;
    }

    /** The tasks above a task, the first of its family first, without their inputs and outputs. */
    public List<TaskView> above(UUID task) {
        return jdbc.sql(ABOVE)
                .param("id", task)
                .query((row, i) -> TaskRows.read(row, seals))
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
