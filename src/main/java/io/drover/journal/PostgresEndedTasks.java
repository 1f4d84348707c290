package io.drover.journal;

import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresEndedTasks implements EndedTasks {

    // From kind to kind through the index task_ended.
    private static final String KINDS =
            """
            with recursive kind(workflow, status) as (
                (select workflow, status from task where finished_at is not null and removed_at is null
                  order by workflow, status limit 1)
                union all
                select n.workflow, n.status
                  from kind k
                 cross join lateral (
                       select t.workflow, t.status from task t
                        where t.finished_at is not null and t.removed_at is null
                          and (t.workflow, t.status) > (k.workflow, k.status)
                        order by t.workflow, t.status limit 1) n)
            select workflow, status from kind
            """;

    private static final String OLDER =
            """
            select finished_at, id from task
             where workflow = :workflow and status = :status and finished_at is not null and removed_at is null
               and finished_at < now() - :ms * interval '1 millisecond'
               and (:at::timestamptz is null or (finished_at, id) > (:at, :id))
             order by finished_at, id
             limit :most
            """;

    // What holds a row decides about it: it is left to the next time. Rules count calls of at most 31 days.
    private static final String LOCK =
            """
            select t.id from task t
             where t.id = any(:ids) and t.removed_at is null and t.status in ('COMPLETED', 'DEAD', 'CANCELLED')
               and not (t.parent_n is not null and t.awaited)
               and not exists (select from pending_call p
                                 join task w on w.id = p.task_id and w.status in ('QUEUED', 'RUNNING', 'WAITING')
                                where p.child = t.id and p.settled_at is null)
               and not exists (select from task c
                                where c.parent = t.id and c.parent_n is not null and c.status in ('QUEUED', 'RUNNING', 'WAITING'))
               and not exists (select from call c where c.task_id = t.id and c.state = 'IN_DOUBT')
               and not exists (select from effect e where e.task_id = t.id and e.scope not like 'task:%')
               and not exists (select from call_subject s where s.task_id = t.id and s.began_at > now() - interval '31 days')
               and not (t.mode <> 'live'
                        and (exists (select from task r where r.id = t.root and r.removed_at is null)
                             or exists (select from execution e
                                          join task x on x.id = e.task_id and x.status in ('QUEUED', 'RUNNING', 'WAITING')
                                         where e.plan = coalesce(t.root, t.id))))
             order by t.id
               for update of t skip locked
            """;

    private static final String REMOVE =
            """
            update task t
               set removed_at = now(), usd = x.usd, tokens = x.tokens,
                   status = case t.status when 'DEAD' then 'CANCELLED' else t.status end,
                   input = 'null', input_bytes = null, output = case when t.output is not null then 'null'::json end,
                   error = case when t.error is not null
                                then json_build_object('type', t.error -> 'type', 'message',
                                                       'the task was ' || lower(t.status) || ', and its content is removed') end,
                   on_end = null, held_by = null, address_key = null
              from (select c.id, cost.usd, cost.tokens from task c cross join lateral %s where c.id = any(:ids)) x
             where t.id = x.id
            """
                    .formatted(ChildResults.COST);

    private static final String NOTICES =
            """
            delete from approval_notice n using approval a where a.id = n.approval_id and a.task_id = any(:ids)
            """;
    private static final String VOTES =
            """
            delete from vote v using approval a where a.id = v.approval_id and a.task_id = any(:ids)
            """;
    private static final String APPROVALS =
            """
            delete from approval where task_id = any(:ids)
            """;
    private static final String PENDING_CALLS =
            """
            delete from pending_call where task_id = any(:ids)
            """;
    private static final String EFFECT_WAITS =
            """
            delete from effect_wait where task_id = any(:ids)
            """;
    private static final String EFFECTS = """
            delete from effect where task_id = any(:ids)
            """;
    private static final String SUBJECTS =
            """
            delete from call_subject where task_id = any(:ids)
            """;
    private static final String LATE_RESULTS =
            """
            delete from late_result where task_id = any(:ids)
            """;
    private static final String PREVIEWS =
            """
            delete from preview where task_id = any(:ids)
            """;
    private static final String ATTEMPTS =
            """
            delete from attempt where task_id = any(:ids)
            """;
    private static final String CALLS = """
            delete from call where task_id = any(:ids)
            """;

    /** What hangs on a task; what others need is not there any more. */
    private static final List<String> CONTENT = List.of(
            NOTICES,
            VOTES,
            APPROVALS,
            PENDING_CALLS,
            EFFECT_WAITS,
            EFFECTS,
            SUBJECTS,
            LATE_RESULTS,
            PREVIEWS,
            ATTEMPTS,
            CALLS);

    private static final String FORGET =
            """
            with gone as (
                delete from task
                 where id in (select id from task
                               where removed_at is not null and removed_at < now() - :ms * interval '1 millisecond'
                               order by removed_at limit :most for update skip locked)
                returning id),
            plans as (delete from execution where plan in (select id from gone)),
            recovered as (delete from recovery_task where task_id in (select id from gone))
            select count(*) from gone
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PostgresEndedTasks(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @Override
    public List<Kind> kinds() {
        return jdbc.sql(KINDS)
                .query((row, n) -> new Kind(row.getString(1), TaskStatus.valueOf(row.getString(2))))
                .list();
    }

    @Override
    public List<Place> older(Kind kind, Duration keep, @Nullable Place after, int most) {
        return jdbc.sql(OLDER)
                .param("workflow", kind.workflow())
                .param("status", kind.outcome().name())
                .param("ms", keep.toMillis())
                .param(
                        "at",
                        after == null ? null : OffsetDateTime.ofInstant(after.endedAt(), ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("most", most)
                .query((row, n) -> new Place(row.getTimestamp(1).toInstant(), row.getObject(2, UUID.class)))
                .list();
    }

    @Override
    public int remove(List<UUID> tasks) {
        return Objects.requireNonNull(transaction.execute(status -> {
            UUID[] ids = jdbc.sql(LOCK)
                    .param("ids", tasks.toArray(UUID[]::new))
                    .query(UUID.class)
                    .list()
                    .toArray(UUID[]::new);
            jdbc.sql(REMOVE).param("ids", ids).update();
            CONTENT.forEach(sql -> jdbc.sql(sql).param("ids", ids).update());
            return ids.length;
        }));
    }

    @Override
    public int forget(Duration age, int most) {
        return jdbc.sql(FORGET)
                .param("ms", age.toMillis())
                .param("most", most)
                .query(Integer.class)
                .single();
    }
}
