package io.drover.erasure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What a person did beside submitting tasks: each row keeps what was done, and not who did it. */
final class PersonTraces {

    /** The rows of one transaction. */
    private static final int BATCH = 1_000;

    private static final String SIGNALS =
            """
            update signal
               set name = '(erased)', key = 'erased', body = 'null', sent_by = null
             where id in (
                   select s.id from signal s
                    where s.sent_by = :user and s.delivered_at is not null
                      and not exists (select from pending_call o join task w on w.id = o.task_id and w.status in ('QUEUED', 'RUNNING', 'WAITING')
                                       where o.name = s.name and o.key = s.key and o.reason = 'SIGNAL' and o.settled_at is null)
                    limit :most)
            """;

    private static final String RESOLUTIONS =
            """
            update call
               set decided_by = 'erased'
             where (task_id, address) in (
                   select c.task_id, c.address
                     from (select distinct task_id from audit where who = :user and action = 'resolve') a
                     join task t on t.id = a.task_id and t.submitted_by is distinct from :user
                     join call c on c.task_id = a.task_id and c.decided_by = :user
                    limit :most)
            """;

    // A person has one vote, also under this name. A vote that may still count stays.
    private static final String VOTES =
            """
            update vote
               set who = 'erased:' || gen_random_uuid(), reason = null
             where who = :user and approval_id in (
                   select v.approval_id from vote v join approval a on a.id = v.approval_id
                    where v.who = :user and a.state not in ('OPEN', 'APPROVED') limit :most)
            """;

    private static final String APPROVERS =
            """
            update approval set approvers = array_replace(approvers, :user, 'erased')
             where id in (select id from approval
                           where :user = any(approvers) and state not in ('OPEN', 'APPROVED') limit :most)
            """;

    private static final String STANDING_GRANTS =
            """
            update standing_grant
               set who = case when who = :user then 'erased' else who end,
                   reason = case when who = :user then 'erased' else reason end,
                   revoked_by = case when revoked_by = :user then 'erased' else revoked_by end
             where id in (select id from standing_grant
                           where (who = :user or revoked_by = :user) and (revoked_at is not null or until < now()) limit :most)
            """;

    private static final String EXECUTIONS =
            """
            update execution set who = 'erased'
             where plan in (select e.plan from execution e
                              left join task t on t.id = e.task_id
                             where e.who = :user and (t.id is null or t.status in ('COMPLETED', 'DEAD', 'CANCELLED'))
                             limit :most)
            """;

    private static final String KEYS =
            """
            update api_key
               set created_by = case when created_by = :user then 'erased' else created_by end,
                   revoked_by = case when revoked_by = :user then 'erased' else revoked_by end
             where id in (select id from api_key where created_by = :user or revoked_by = :user limit :most)
            """;

    private static final String SKIPS =
            """
            update record_skip set who = 'erased', reason = 'erased'
             where (trigger_id, topic, kafka_partition, kafka_offset) in (
                   select trigger_id, topic, kafka_partition, kafka_offset from record_skip where who = :user limit :most)
            """;

    private static final String ROLLOUTS =
            """
            update rollout set who = 'erased', reason = 'erased'
             where id in (select id from rollout where who = :user limit :most)
            """;

    private static final String BUDGETS =
            """
            delete from budget
             where (scope, starts) in (select scope, starts from budget where scope = 'user.' || :user limit :most)
            """;

    private static final String FACTS =
            """
            delete from memory where id in (select id from memory where key = any(:keys) limit :most)
            """;

    private static final String DECISIONS = "select audit_erase(:user, :most)";

    // The entries of the audit table say which calls a person decided about, so they come last.
    private static final List<Store> STORES = List.of(
            new Store("facts in memory under the given keys", FACTS),
            new Store("signals that the user sent", SIGNALS),
            new Store("resolved calls", RESOLUTIONS),
            new Store("votes", VOTES),
            new Store("named approvers", APPROVERS),
            new Store("standing grants", STANDING_GRANTS),
            new Store("executed plans", EXECUTIONS),
            new Store("makers of API keys", KEYS),
            new Store("skipped records", SKIPS),
            new Store("decided rollouts", ROLLOUTS),
            new Store("budgets", BUDGETS),
            new Store("decisions", DECISIONS));

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PersonTraces(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** @param keys of long memory */
    void erase(String user, List<String> keys, boolean dryRun, Tally tally) {
        Map<String, ?> parameters = Map.of("user", user, "keys", keys.toArray(String[]::new), "most", BATCH);
        for (Store store : STORES) {
            long rows = BATCH;
            while (rows == BATCH) {
                rows = Objects.requireNonNull(transaction.execute(status -> {
                    if (dryRun) {
                        status.setRollbackOnly();
                    }
                    return store.erase(jdbc, parameters);
                }));
                tally.add(store.name(), rows);
                if (dryRun) {
                    break;
                }
            }
        }
    }
}
