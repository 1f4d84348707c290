package io.drover.journal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tasks that no worker looks after: those of dead workers, of a canary that is gone, and those that have come due. */
final class UnattendedTasks {

    private static final String BURY =
            """
            delete from worker where heartbeat_at < now() - :lease_ms * interval '1 millisecond' returning id, name
            """;

    // The partial index holds running tasks only, so the cost grows with what is running, not with what is stored.
    // A task that has made progress since it was claimed hardly caused the death of its worker.
    // Neither its loss nor a first loss counts as an attempt.
    private static final String REQUEUE_ORPHANS =
            """
            with orphan as materialized (
                select t.id, t.token, t.attempt, t.worker, case when t.begun = t.attempt then t.begun_at end as began_at,
                       exists (select from call c
                                where c.task_id = t.id and c.token = t.token and c.state = 'SUCCEEDED') as got_on
                  from task t
                 where t.status = 'RUNNING' and not exists (select from worker w where w.id = t.worker)
                   for update of t skip locked),
            kept as (
                insert into attempt (task_id, token, n, worker, began_at, ending)
                select id, token, attempt, buried.name, began_at, 'WORKER_LOST'
                  from orphan left join unnest(:ids::uuid[], :names::text[]) as buried(worker, name) using (worker)
                    on conflict (task_id, token) do nothing)
            update task
               set status = 'QUEUED', worker = null, run_at = now(), begun = null,
                   attempt = greatest(0, task.attempt - case when got_on or lost = 0 then 1 else 0 end),
                   lost = case when got_on then 1 else least(lost + 1, 1000) end
              from orphan
             where task.id = orphan.id
            """;

    // The tasks of first versions and those of later ones stand in an index each.
    private static final String RETURN_FROM_CANARY =
            """
            with first as materialized (
                select id from task
                 where track = 'canary' and status in ('QUEUED', 'WAITING')
                   and not exists (select from worker where track = 'canary' and not leaving)
                 limit :limit
                   for update skip locked),
            later as materialized (
                select id from task
                 where track like 'canary@%' and status in ('QUEUED', 'WAITING')
                   and not exists (select from worker where track = 'canary' and not leaving)
                 limit :limit
                   for update skip locked)
            update task
               set track = 'stable' || substr(track, length('canary') + 1)
             where id = any(array(select id from first union all select id from later limit :limit))
            """;

    private static final String PROMOTE_DUE =
            """
            update task
               set status = 'QUEUED', wait_reason = null
             where id in (select id from task
                           where status = 'WAITING' and run_at <= now()
                           order by run_at limit :limit
                             for update skip locked)
            """;

    // One step of the index for each subject, however many tasks wait for it. One worker at a time, else the order is
    // lost:
    // tasks that are queued together are claimed in the order of their microseconds.
    private static final String WAKE_RELEASED =
            """
            with recursive subject as (
                (select held_by from task where status = 'WAITING' and wait_reason = 'HELD' order by held_by limit 1)
                union all
                select (select t.held_by from task t
                         where t.status = 'WAITING' and t.wait_reason = 'HELD' and t.held_by > s.held_by
                         order by t.held_by limit 1)
                  from subject s where s.held_by is not null),
            released as materialized (
                select held_by from subject
                 where held_by is not null and held_by not in (select subject from hold where until is null or until > now())
                   and pg_try_advisory_xact_lock(hashtext('drover_hold'))
                 limit 1)
            update task
               set status = 'QUEUED', wait_reason = null, held_by = null, error = null,
                   run_at = now() + woken.place * interval '1 microsecond'
              from (select due.id, row_number() over (order by due.created_at, due.id) as place
                      from (select t.id, t.created_at from task t
                             where t.held_by = (select held_by from released)
                               and t.status = 'WAITING' and t.wait_reason = 'HELD'
                             order by t.created_at, t.id limit :limit
                               for update of t skip locked) due) woken
             where task.id = woken.id
            """;

    private final JdbcClient jdbc;
    private final AtomicLong buried = new AtomicLong();

    UnattendedTasks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many workers were taken off the list since the start, because their lease had ended. */
    long buried() {
        return buried.get();
    }

    /** See {@link Fleet#takeOver}; both statements belong to one transaction. */
    int takeOver(Duration lease) {
        Map<UUID, String> dead = new LinkedHashMap<>();
        jdbc.sql(BURY).param("lease_ms", lease.toMillis()).query(row -> {
            dead.put(row.getObject(1, UUID.class), row.getString(2));
        });
        buried.addAndGet(dead.size());
        return jdbc.sql(REQUEUE_ORPHANS)
                .param("ids", dead.keySet().toArray(UUID[]::new))
                .param("names", dead.values().toArray(String[]::new))
                .update();
    }

    /** See {@link Fleet#returnFromCanary}. */
    int returnFromCanary(int limit) {
        return jdbc.sql(RETURN_FROM_CANARY).param("limit", limit).update();
    }

    /** See {@link Fleet#wakeReleased}. */
    int wakeReleased(int limit) {
        return jdbc.sql(WAKE_RELEASED).param("limit", limit).update();
    }

    /** See {@link Fleet#promoteDue}. */
    int promoteDue(int limit) {
        return jdbc.sql(PROMOTE_DUE).param("limit", limit).update();
    }
}
