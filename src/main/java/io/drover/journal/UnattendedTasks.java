package io.drover.journal;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tasks that no worker looks after: those of dead workers, of a canary that is gone, and those that have come due. */
final class UnattendedTasks {

    private static final String BURY =
            """
            delete from worker where heartbeat_at < now() - :lease_ms * interval '1 millisecond'
            """;

    // The partial index holds running tasks only, so the cost grows with what is running, not with what is stored.
    // A task that has made progress since it was claimed hardly caused the death of its worker.
    // Neither its loss nor a first loss counts as an attempt.
    private static final String REQUEUE_ORPHANS =
            """
            update task
               set status = 'QUEUED', worker = null, run_at = now(),
                   attempt = greatest(0, attempt - case when got_on or lost = 0 then 1 else 0 end),
                   lost = case when got_on then 1 else least(lost + 1, 1000) end
              from (select t.id, exists (select from call c
                                          where c.task_id = t.id and c.token = t.token and c.state = 'SUCCEEDED') as got_on
                      from task t
                     where t.status = 'RUNNING' and not exists (select from worker w where w.id = t.worker)
                       for update of t skip locked) orphan
             where task.id = orphan.id
            """;

    private static final String RETURN_FROM_CANARY =
            """
            update task
               set track = 'stable'
             where id in (select id from task
                           where track = 'canary' and status in ('QUEUED', 'WAITING')
                             and not exists (select from worker where track = 'canary' and not leaving)
                           limit :limit
                             for update skip locked)
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

    private final JdbcClient jdbc;

    UnattendedTasks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** See {@link Fleet#takeOver}; both statements belong to one transaction. */
    int takeOver(Duration lease) {
        jdbc.sql(BURY).param("lease_ms", lease.toMillis()).update();
        return jdbc.sql(REQUEUE_ORPHANS).update();
    }

    /** See {@link Fleet#returnFromCanary}. */
    int returnFromCanary(int limit) {
        return jdbc.sql(RETURN_FROM_CANARY).param("limit", limit).update();
    }

    /** See {@link Fleet#promoteDue}. */
    int promoteDue(int limit) {
        return jdbc.sql(PROMOTE_DUE).param("limit", limit).update();
    }
}
