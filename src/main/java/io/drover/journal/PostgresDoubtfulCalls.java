package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.who.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresDoubtfulCalls implements DoubtfulCalls {

    private static final String MATCHING =
            """
              from task join call on call.task_id = task.id
             where task.status = 'WAITING' and task.wait_reason = 'IN_DOUBT' and call.state = 'IN_DOUBT'
               and (:tool::text is null or call.tool = :tool)
               and (:workflow::text is null or task.workflow = :workflow)
               and (:allowed::text is null or task.workflow ~ :allowed)
               and (:since::timestamptz is null or call.started_at >= :since)
               and (:until::timestamptz is null or call.started_at <= :until)
            """;

    private static final String COUNT =
            """
            select count(*) from (select %s limit :most) matching
            """.formatted(MATCHING);

    private static final String FIRST =
            """
            select task.id, call.n, call.tool, task.workflow, task.key, call.address,
                   call.error ->> 'message' as reason,
                   call.started_at
            %s
             order by call.started_at, task.id, call.n
             limit :limit
            """
                    .formatted(MATCHING);

    // Task before call, as a decision about one call locks them. A row that another has decided about meanwhile is left
    // out.
    // The tokens: PostgresTaskDecisions says why.
    private static final String PICK =
            """
            select task.id, call.address, call.tool
            %s
             order by task.id, call.n
             limit :limit
               for update of task, call
            """
                    .formatted(MATCHING);

    private static final String SETTLE =
            """
            with picked as materialized (
                select x.id, x.address, x.result, x.shown, task.token
                  from unnest(:tasks::uuid[], :addresses::uuid[], :results::text[], :shown::text[]) as x(id, address, result, shown)
                  join task on task.id = x.id),
            settled as (
                update call
                   set token = picked.token + 1, state = :state, result = picked.result::json, bytes = null, finished_at = now(),
                       decision = :resolution, decided_by = :who, decided_at = now(), used_at = null,
                       error = case :state
                               when 'SUCCEEDED' then null
                               when 'REJECTED' then
                                   json_build_object('message', 'decided to have failed', 'by', :who::text, 'before', error)
                               else error end
                  from picked
                 where call.task_id = picked.id and call.address = picked.address
                returning call.task_id, call.n, call.tool, picked.shown),
            audited as (
                insert into audit (who, action, task_id, detail)
                select :who, 'resolve', task_id,
                       json_strip_nulls(json_build_object(
                               'status', 'WAITING', 'n', n, 'tool', tool, 'state', 'IN_DOUBT', 'resolution', :resolution::text,
                               'result', shown, 'of', :expected::int))
                  from settled)
            select task_id from settled
            """;

    private static final String WAKE =
            """
            update task
               set status = 'QUEUED', token = token + 1, wait_reason = null, run_at = now(), error = null
             where id = any(:ids) and status = 'WAITING' and wait_reason = 'IN_DOUBT'
               and not exists (select from call where task_id = task.id and state = 'IN_DOUBT')
            """;

    private static final String NOTIFY = """
            select pg_notify(:channel, '')
            """;

    private static final int LONGEST_REASON = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Picked(UUID task, UUID address, String tool) {}

    private final DataSource dataSource;
    private final Seals seals;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Wakeups wakeups;

    PostgresDoubtfulCalls(DataSource dataSource, PlatformTransactionManager transactions, Wakeups wakeups) {
        this.dataSource = dataSource;
        this.seals = Seals.of(dataSource);
        this.jdbc = BoundedQueries.of(dataSource, PATIENCE);
        this.transaction = new TransactionTemplate(transactions);
        this.wakeups = wakeups;
    }

    @Override
    public Doubts look(Filter filter, int limit) {
        List<Doubt> first = matching(FIRST, filter)
                .param("limit", limit)
                .query((row, i) -> new Doubt(
                        row.getObject("id", UUID.class),
                        row.getInt("n"),
                        row.getString("tool"),
                        row.getString("workflow"),
                        row.getString("key"),
                        row.getObject("address", UUID.class),
                        reason(row),
                        row.getTimestamp("started_at").toInstant()))
                .list();
        return new Doubts(count(filter), first);
    }

    private int count(Filter filter) {
        return matching(COUNT, filter)
                .param("most", MOST_COUNTED)
                .query(Integer.class)
                .single();
    }

    @Override
    public int settle(Filter filter, int expected, Resolution resolution, @Nullable String result, Actor who) {
        if (expected > MOST) {
            throw new IllegalArgumentException("one decision settles at most %d calls".formatted(MOST));
        }
        boolean settled = Boolean.TRUE.equals(transaction.execute(status -> {
            List<Picked> picked = matching(PICK, filter)
                    .param("limit", expected + 1)
                    .query((row, i) -> new Picked(
                            row.getObject("id", UUID.class),
                            row.getObject("address", UUID.class),
                            row.getString("tool")))
                    .list();
            if (picked.size() != expected) {
                status.setRollbackOnly();
                return false;
            }
            List<UUID> tasks = settle(
                    picked,
                    resolution,
                    resolution != Resolution.HAPPENED ? null : result == null ? "null" : result,
                    who);
            EffectWaits.ended(dataSource, tasks.toArray(UUID[]::new));
            jdbc.sql(WAKE).param("ids", tasks.toArray(UUID[]::new)).update();
            jdbc.sql(NOTIFY).param("channel", Wakeups.CHANNEL).query().singleRow();
            return true;
        }));
        if (!settled) {
            return count(filter);
        }
        wakeups.wake();
        return expected;
    }

    private List<UUID> settle(List<Picked> picked, Resolution resolution, @Nullable String result, Actor who) {
        return jdbc.sql(SETTLE)
                .param("tasks", picked.stream().map(Picked::task).toArray(UUID[]::new))
                .param("addresses", picked.stream().map(Picked::address).toArray(UUID[]::new))
                .param(
                        "results",
                        picked.stream()
                                .map(one -> seals.seal(SealedColumn.resultOf(one.tool), one.task, result))
                                .toArray(String[]::new))
                .param(
                        "shown",
                        picked.stream()
                                .map(one -> PostgresTaskDecisions.shown(seals, one.task, result))
                                .toArray(String[]::new))
                .param("expected", picked.size())
                .param("state", PostgresTaskDecisions.state(resolution).name())
                .param("resolution", resolution.word())
                .param("who", who.name())
                .query(UUID.class)
                .list();
    }

    private String reason(ResultSet row) throws SQLException {
        String reason = String.valueOf(seals.forPeople()
                .openText(SealedColumn.CALL_ERROR, row.getObject("id", UUID.class), row.getString("reason")));
        return reason.codePointCount(0, reason.length()) <= LONGEST_REASON
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, LONGEST_REASON));
    }

    private StatementSpec matching(String statement, Filter filter) {
        return jdbc.sql(statement)
                .param("tool", filter.tool(), Types.VARCHAR)
                .param("workflow", filter.workflow(), Types.VARCHAR)
                .param("allowed", filter.allowed().regex(), Types.VARCHAR)
                .param("since", time(filter.since()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("until", time(filter.until()), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
