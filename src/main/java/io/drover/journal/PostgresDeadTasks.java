package io.drover.journal;

import io.drover.encryption.Causes;
import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.who.Actor;
import io.drover.who.Workflows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresDeadTasks implements DeadTasks {

    private static final String GROUPS =
            """
            select workflow, type, reason, count(*) as tasks, min(finished_at) as oldest, max(finished_at) as newest,
                   (array_agg(id order by finished_at desc))[1] as example,
                   (array_agg(message order by finished_at desc))[1] as message
              from (select id, workflow, finished_at, coalesce(error ->> 'type', '') as type,
                           coalesce(error ->> 'message', '') as message, dead_cause(error) as reason
                      from task
                     where status = 'DEAD' and (:workflow::text is null or workflow = :workflow)
                       and (:allowed::text is null or workflow ~ :allowed)
                     order by finished_at desc
                     limit :most) dead
             group by workflow, type, reason
             order by tasks desc, newest desc
            """;
    // The cheap conditions first: the reason of a task is worked out only where they hold.
    private static final String MATCHING =
            """
            status = 'DEAD'
               and (:ids::uuid[] is null or id = any(:ids))
               and (:workflow::text is null or workflow = :workflow)
               and (:allowed::text is null or workflow ~ :allowed)
               and finished_at <= :until
               and (:type::text is null or coalesce(error ->> 'type', '') = :type)
               and (:reasons::text[] is null or dead_cause(error) = any(:reasons))
            """;
    private static final String PICK =
            """
            select id, workflow, key, coalesce(error ->> 'message', '') as message, finished_at
              from task
             where %s
             order by finished_at
             limit :limit
            """
                    .formatted(MATCHING);
    private static final String SUMS =
            """
            select null::uuid as task_id, tool, state, count(*) as calls, count(distinct task_id) as tasks
              from call
             where task_id = any(:ids) and state <> 'FORGOTTEN'
             group by tool, state
             order by tool, state
            """;
    private static final String FIRST =
            """
            select task_id, tool, state, count(*) as calls, 1 as tasks
              from call
             where task_id = any(:ids) and state <> 'FORGOTTEN'
             group by task_id, tool, state
             order by min(n)
            """;
    // Whoever holds a row decides about it: it is left alone.
    private static final String REDRIVE =
            """
            with picked as materialized (
                select id
                  from task
                 where %s
                 order by finished_at
                 limit :limit
                   for update skip locked),
            redriven as (
                update task
                   set status = 'QUEUED', token = token + 1, attempt = 0, begun = null, run_at = now(), error = null, finished_at = null
                  from picked
                 where task.id = picked.id
                returning task.id)
            insert into audit (who, action, task_id, detail)
            select :who, 'redrive', id, json_build_object('status', 'DEAD') from redriven
            returning task_id
            """
                    .formatted(MATCHING);
    private static final String NOTIFY = """
            select pg_notify(:channel, '')
            """;
    private static final String NOW = """
            select now()
            """;

    /** The maximum number of rows in a transaction. */
    private static final int BATCH = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final Seals seals;
    private final JdbcTemplate template;
    private final FamilyDecisions families;
    private final TransactionTemplate transaction;
    private final Wakeups wakeups;

    PostgresDeadTasks(DataSource dataSource, PlatformTransactionManager transactions, Wakeups wakeups) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource).forPeople();
        this.template = new JdbcTemplate(dataSource);
        this.families = new FamilyDecisions(wakeups);
        this.transaction = new TransactionTemplate(transactions);
        this.wakeups = wakeups;
    }

    @Override
    public List<Group> groups(@Nullable String workflow, Workflows allowed) {
        return jdbc.sql(GROUPS)
                .param("workflow", workflow, Types.VARCHAR)
                .param("allowed", allowed.regex(), Types.VARCHAR)
                .param("most", MOST_GROUPED)
                .query((row, i) -> group(row))
                .list();
    }

    @Override
    public Preview preview(Filter filter, int limit, int details) {
        Instant until = until(filter);
        List<Dead> found = matching(PICK, filter, until)
                .param("limit", limit + 1)
                .query((row, i) -> new Dead(
                        row.getObject("id", UUID.class),
                        row.getString("workflow"),
                        row.getString("key"),
                        message(row, "id"),
                        instant(row, "finished_at")))
                .list();
        List<Dead> tasks = found.subList(0, Math.min(limit, found.size()));
        List<Dead> first = tasks.subList(0, Math.min(details, tasks.size()));
        return new Preview(tasks, found.size() > limit, calls(SUMS, tasks), calls(FIRST, first), until);
    }

    @Override
    public int redrive(Filter filter, int limit, Actor who) {
        Instant until = until(filter);
        int redriven = 0;
        int batch = BATCH;
        while (batch == BATCH && redriven < limit) {
            int most = Math.min(BATCH, limit - redriven);
            batch = Deadlocks.retry(() -> transaction.execute(status -> {
                List<UUID> tasks = matching(REDRIVE, filter, until)
                        .param("limit", most)
                        .param("who", who.name())
                        .query(UUID.class)
                        .list();
                template.execute((Connection connection) -> {
                    families.redrive(connection, tasks, who.name());
                    return null;
                });
                jdbc.sql(NOTIFY).param("channel", Wakeups.CHANNEL).query().singleRow();
                return tasks.size();
            }));
            redriven += batch;
            wakeups.wake();
        }
        return redriven;
    }

    /** Without a time of the filter's own it is now, so that what dies later is not meant. */
    private Instant until(Filter filter) {
        return filter.until() != null
                ? filter.until()
                : jdbc.sql(NOW).query(Timestamp.class).single().toInstant();
    }

    private StatementSpec matching(String statement, Filter filter, Instant until) {
        return jdbc.sql(statement)
                .param("ids", filter.ids() == null ? null : filter.ids().toArray(UUID[]::new), Types.ARRAY)
                .param("workflow", filter.workflow(), Types.VARCHAR)
                .param("allowed", filter.allowed().regex(), Types.VARCHAR)
                .param("type", filter.type(), Types.VARCHAR)
                .param("reasons", filter.reason() == null ? null : seals.causes(filter.reason()), Types.ARRAY)
                .param("until", OffsetDateTime.ofInstant(until, ZoneOffset.UTC));
    }

    private List<Calls> calls(String statement, List<Dead> tasks) {
        return jdbc.sql(statement)
                .param("ids", tasks.stream().map(Dead::id).toArray(UUID[]::new))
                .query((row, i) -> new Calls(
                        row.getObject("task_id", UUID.class),
                        row.getString("tool"),
                        CallState.valueOf(row.getString("state")),
                        row.getInt("calls"),
                        row.getInt("tasks")))
                .list();
    }

    private Group group(ResultSet row) throws SQLException {
        String message = message(row, "example");
        return new Group(
                row.getString("workflow"),
                row.getString("type"),
                message.equals(row.getString("message")) ? row.getString("reason") : Causes.of(message),
                row.getInt("tasks"),
                instant(row, "oldest"),
                instant(row, "newest"),
                row.getObject("example", UUID.class),
                message);
    }

    private String message(ResultSet row, String id) throws SQLException {
        return Objects.requireNonNull(
                seals.openText(SealedColumn.TASK_ERROR, row.getObject(id, UUID.class), row.getString("message")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }
}
