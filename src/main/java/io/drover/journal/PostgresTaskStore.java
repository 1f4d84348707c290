package io.drover.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresTaskStore implements TaskStore {

    /** The maximum number of bytes of a task's calls, and of its late results, that are shown. */
    private static final int MOST_SHOWN = 8 << 20;

    private static final String FIND = """
            select * from task where id = :id
            """;

    private static final String LIST =
            """
            select id, workflow, key, status, wait_reason, priority, attempt, token, run_at, worker, definition, submitted_by, trace, track,
                   'null'::json as input, null::json as output, error, created_at, started_at, finished_at
              from task
             where (:workflow::text is null or workflow = :workflow)
               and (:at::timestamptz is null or (created_at, id) < (:at, :id))
             order by created_at desc, id desc
             limit :limit
            """;

    // The status is a literal, so that the planner may choose the partial index of that status.
    private static final String LIST_BY_STATUS =
            """
            select id, workflow, key, status, wait_reason, priority, attempt, token, run_at, worker, definition, submitted_by, trace, track,
                   'null'::json as input, null::json as output, error, created_at, started_at, finished_at
              from task
             where status = '%s'
               and (:workflow::text is null or workflow = :workflow)
               and (:at::timestamptz is null or (created_at, id) < (:at, :id))
             order by created_at desc, id desc
             limit :limit
            """;

    // What is longer than a person reads is left out, so that the calls of one task do not fill the memory. What a
    // model's
    // answer cost stays.
    private static final String CALLS =
            """
            select c.task_id, c.address, c.n, c.tool, c.state, c.tries, c.token, c.definition, c.fallback, c.error,
                   c.started_at, c.finished_at,
                   case when fits then c.arguments else json_build_object('omitted', 'too long to show') end as arguments,
                   case when fits or c.result is null then c.result
                        when c.tool like 'model.%%'
                        then json_build_object('omitted', 'too long to show', 'usd', c.result -> 'usd')
                        else json_build_object('omitted', 'too long to show') end as result
              from (select address, sum(coalesce(bytes, octet_length(arguments::text)
                                                        + coalesce(octet_length(result::text), 0)))
                                        over (order by n, started_at, address) <= %1$d as fits
                      from call where task_id = :id) sized
              join call c on c.task_id = :id and c.address = sized.address
             order by c.n, c.started_at
            """
                    .formatted(MOST_SHOWN);

    private static final String LATE_RESULTS =
            """
            select task_id, address, tool, token, reason, received_at,
                   case when sum(octet_length(result::text)) over (order by received_at, address) <= %1$d then result
                        else json_build_object('omitted', 'too long to show') end as result
              from late_result where task_id = :id order by received_at limit 1000
            """
                    .formatted(MOST_SHOWN);

    private static final String REPLACEABLE =
            """
            select n, decided_at from call join task on task.id = task_id
             where task_id = :id and decided_at is not null and used_at is null and status <> 'RUNNING'
            """;

    private static final String WAITS =
            """
            select workflow, wait_reason, count(*), extract(epoch from now() - min(coalesce(started_at, created_at)))
              from (select * from task where status = 'WAITING' order by run_at desc limit :most) waiting
             group by workflow, wait_reason
            """;

    // Steps from workflow to workflow through the index task_claimable_by_track, then counts each up to the limit; the
    // one that is due longest is at the head of one of the ten priorities of one of its two tracks.
    static final String DEPTHS =
            """
            with recursive queued(workflow) as (
                (select workflow from task where status = 'QUEUED' order by workflow limit 1)
                union all
                select (select t.workflow from task t
                         where t.status = 'QUEUED' and t.workflow > q.workflow order by t.workflow limit 1)
                  from queued q where q.workflow is not null)
            select q.workflow, 'QUEUED' as status, counted.n, oldest.seconds
              from queued q
             cross join lateral (
                   select count(*) as n
                     from (select from task t where t.status = 'QUEUED' and t.workflow = q.workflow limit :most) one) counted
             cross join lateral (
                   select extract(epoch from now() - min(head.run_at)) as seconds
                     from (values ('stable'), ('canary')) as tracks(track)
                    cross join generate_series(0, 9) p
                    cross join lateral (
                          select t.run_at from task t
                           where t.status = 'QUEUED' and t.workflow = q.workflow and t.track = tracks.track
                             and t.priority = p
                           order by t.run_at limit 1) head) oldest
             where q.workflow is not null
            union all
            select workflow, 'RUNNING', count(*), 0
              from (select workflow from task where status = 'RUNNING' limit :most) running group by workflow
            union all
            select workflow, 'WAITING', count(*), 0
              from (select workflow from task where status = 'WAITING' limit :most) waiting group by workflow
            """;

    private static final String DEAD =
            """
            select workflow, count(*) from (select workflow from task where status = 'DEAD' limit :most) dead
             group by workflow
            """;
    // The calls that failed for good, or not yet for good, are those of dead and waiting tasks: no index of all calls
    // is needed.
    private static final String CALL_ERRORS =
            """
            with looked_at as (
                (select id from task where status = 'DEAD' order by finished_at desc limit :tasks)
                union all
                (select id from task where status = 'WAITING' order by run_at desc limit :tasks))
            select *
              from (select call.*, row_number() over (partition by tool order by coalesce(finished_at, started_at) desc) as latest
                      from looked_at join call on task_id = id
                     where state in ('FAILED', 'IN_DOUBT', 'REJECTED')) failed
             where latest <= :each
             order by tool, latest
            """;
    private static final String BACKLOG =
            """
            select count(*) from (select from task where status = 'QUEUED' limit :limit) queued
            """;

    private static final int TASKS_LOOKED_AT = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JdbcClient jdbc;

    PostgresTaskStore(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
    }

    @Override
    public Optional<TaskView> find(UUID id) {
        return jdbc.sql(FIND).param("id", id).query((row, i) -> task(row)).optional();
    }

    @Override
    public List<TaskView> list(
            @Nullable TaskStatus status, @Nullable String workflow, int limit, @Nullable TaskCursor after) {
        return jdbc.sql(status == null ? LIST : LIST_BY_STATUS.formatted(status.name()))
                .param("workflow", workflow, Types.VARCHAR)
                .param(
                        "at",
                        after == null ? null : OffsetDateTime.ofInstant(after.createdAt(), ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("limit", limit)
                .query((row, i) -> task(row))
                .list();
    }

    @Override
    public List<CallRecord> calls(UUID task) {
        return jdbc.sql(CALLS)
                .param("id", task)
                .query((row, i) -> PostgresJournal.read(row))
                .list();
    }

    @Override
    public Map<Integer, Instant> replaceable(UUID task) {
        Map<Integer, Instant> decided = new TreeMap<>();
        jdbc.sql(REPLACEABLE).param("id", task).query(row -> {
            decided.put(row.getInt("n"), row.getTimestamp("decided_at").toInstant());
        });
        return decided;
    }

    @Override
    public List<Late> lateResults(UUID task) {
        return jdbc.sql(LATE_RESULTS)
                .param("id", task)
                .query((row, i) -> late(row))
                .list();
    }

    @Override
    public List<Depth> depths() {
        return jdbc.sql(DEPTHS)
                .param("most", MOST_COUNTED)
                .query((row, i) -> new Depth(
                        row.getString(1), TaskStatus.valueOf(row.getString(2)), row.getLong(3), age(row.getDouble(4))))
                .list();
    }

    @Override
    public List<Waits> waits() {
        return jdbc.sql(WAITS)
                .param("most", MOST_COUNTED)
                .query((row, i) -> new Waits(
                        row.getString(1), WaitReason.valueOf(row.getString(2)), row.getLong(3), age(row.getDouble(4))))
                .list();
    }

    @Override
    public Map<String, Integer> lost() {
        Map<String, Integer> lost = new TreeMap<>();
        jdbc.sql("select workflow, count(*) from task where status = 'RUNNING' and lost > 1 group by workflow")
                .query(row -> {
                    lost.put(row.getString(1), row.getInt(2));
                });
        return lost;
    }

    @Override
    public List<Depth> dead() {
        return jdbc.sql(DEAD)
                .param("most", MOST_COUNTED)
                .query((row, i) -> new Depth(row.getString(1), TaskStatus.DEAD, row.getLong(2), Duration.ZERO))
                .list();
    }

    @Override
    public List<CallRecord> lastErrors(int each) {
        return jdbc.sql(CALL_ERRORS)
                .param("tasks", TASKS_LOOKED_AT)
                .param("each", each)
                .query((row, i) -> PostgresJournal.read(row))
                .list();
    }

    private static Duration age(double seconds) {
        return Duration.ofMillis(Math.max(0, (long) (seconds * 1000)));
    }

    @Override
    public int backlog(int limit) {
        return jdbc.sql(BACKLOG).param("limit", limit).query(Integer.class).single();
    }

    private static Late late(ResultSet row) throws SQLException {
        return new Late(
                new LateResult(
                        row.getObject("task_id", UUID.class),
                        row.getObject("address", UUID.class),
                        row.getString("tool"),
                        row.getLong("token"),
                        row.getString("reason"),
                        row.getString("result")),
                row.getTimestamp("received_at").toInstant());
    }

    static TaskView task(ResultSet row) throws SQLException {
        String waitReason = row.getString("wait_reason");
        return new TaskView(
                row.getObject("id", UUID.class),
                row.getString("workflow"),
                row.getString("key"),
                TaskStatus.valueOf(row.getString("status")),
                waitReason == null ? null : WaitReason.valueOf(waitReason),
                row.getInt("priority"),
                row.getInt("attempt"),
                row.getLong("token"),
                "infinity".equals(row.getString("run_at")) ? null : instant(row, "run_at"),
                row.getObject("worker", UUID.class),
                row.getObject("definition", Long.class),
                row.getString("submitted_by"),
                row.getString("trace"),
                row.getString("track"),
                row.getString("input"),
                row.getString("output"),
                row.getString("error"),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
