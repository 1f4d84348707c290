package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
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

    /** As many children as a task may have. */
    private static final int MOST_OPEN_SHOWN = 100_000;

    private static final String FIND = """
            select * from task where id = :id
            """;

    private static final String LIST = "select " + TaskRows.LISTED
            + """
              from task
             where (:workflow::text is null or workflow = :workflow)
               and (:at::timestamptz is null or (created_at, id) < (:at, :id))
             order by created_at desc, id desc
             limit :limit
            """;

    // The status is a literal, so that the planner may choose the partial index of that status.
    private static final String LIST_BY_STATUS = "select " + TaskRows.LISTED
            + """
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
                   c.started_at, c.finished_at, c.rule, c.branch,
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

    private static final String EFFECT_KEYS =
            """
            select c.n, e.key from effect e join call c on c.task_id = e.task_id and c.address = e.address where e.task_id = :id
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
    private static final int TASKS_LOOKED_AT = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final Seals seals;
    private final TaskCounts counts;

    PostgresTaskStore(DataSource dataSource) {
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.seals = Seals.of(dataSource).forPeople();
        this.counts = new TaskCounts(jdbc);
    }

    @Override
    public Optional<TaskView> find(UUID id) {
        return jdbc.sql(FIND)
                .param("id", id)
                .query((row, i) -> TaskRows.read(row, seals))
                .optional();
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
                .query((row, i) -> TaskRows.read(row, seals))
                .list();
    }

    @Override
    public List<CallRecord> calls(UUID task) {
        List<CallRecord> calls = new ArrayList<>(jdbc.sql(CALLS)
                .param("id", task)
                .query((row, i) -> PostgresJournal.read(row, seals))
                .list());
        calls.addAll(OpenChildren.of(jdbc, List.of(task), MOST_OPEN_SHOWN));
        calls.sort(Comparator.comparingInt(CallRecord::n).thenComparing(CallRecord::startedAt));
        return calls;
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
    public Map<Integer, String> effectKeys(UUID task) {
        Map<Integer, String> keys = new TreeMap<>();
        jdbc.sql(EFFECT_KEYS).param("id", task).query(row -> {
            keys.put(row.getInt("n"), row.getString("key"));
        });
        return keys;
    }

    @Override
    public List<TaskAttempt> attempts(UUID task) {
        return AttemptRows.of(jdbc, task, seals);
    }

    @Override
    public List<Late> lateResults(UUID task) {
        return jdbc.sql(LATE_RESULTS)
                .param("id", task)
                .query((row, i) -> late(row))
                .list();
    }

    @Override
    public List<CallRecord> lastErrors(int each) {
        return jdbc.sql(CALL_ERRORS)
                .param("tasks", TASKS_LOOKED_AT)
                .param("each", each)
                .query((row, i) -> PostgresJournal.read(row, seals))
                .list();
    }

    @Override
    public List<Depth> depths() {
        return counts.depths();
    }

    @Override
    public List<Waits> waits() {
        return counts.waits();
    }

    @Override
    public Map<String, Integer> lost() {
        return counts.lost();
    }

    @Override
    public List<Depth> dead() {
        return counts.dead();
    }

    @Override
    public int backlog(int limit) {
        return counts.backlog(limit);
    }

    private Late late(ResultSet row) throws SQLException {
        UUID task = row.getObject("task_id", UUID.class);
        return new Late(
                new LateResult(
                        task,
                        row.getObject("address", UUID.class),
                        row.getString("tool"),
                        row.getLong("token"),
                        row.getString("reason"),
                        seals.open(SealedColumn.LATE_RESULT, task, row.getString("result"))),
                row.getTimestamp("received_at").toInstant());
    }
}
