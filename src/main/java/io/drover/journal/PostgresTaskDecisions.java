package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.who.Actor;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresTaskDecisions implements TaskDecisions {

    // Whoever decides holds the row: an attempt's end that comes between waits, and is then refused by its token.
    private static final String LOCK =
            """
            select status from task where id = :id for update
            """;

    // The children that were cancelled with the task ask nobody any more, either.
    private static final String CLOSE_APPROVALS =
            """
            update approval a set state = 'CLOSED'
              from task t
             where t.id = a.task_id and t.status = 'CANCELLED' and a.state in ('OPEN', 'APPROVED')
            """;

    private static final String REDRIVE =
            """
            update task
               set status = 'QUEUED', token = token + 1, attempt = 0, begun = null, run_at = now(), error = null, finished_at = null
             where id = :id and status = 'DEAD'
            """;

    private static final String FIND_CALL =
            """
            select address, tool, state, result, decision, decided_by, decided_at, used_at from call where task_id = :id and n = :n
            """;

    private static final String LOCK_CALL = FIND_CALL + " for update";

    // A worker's record locks the call and not the task: one that began while the task was running may come after this.
    // The token of the attempt that is next refuses it.
    private static final String RESOLVE =
            """
            update call
               set token = (select token + 1 from task where id = :id), state = :state, result = :result::json, bytes = null, finished_at = now(),
                   decision = :decision, decided_by = :who, decided_at = now(), used_at = null,
                   error = case :state
                           when 'SUCCEEDED' then null
                           when 'REJECTED' then json_build_object('message', 'decided to have failed', 'by', :who::text, 'before', error)
                           else error end
             where task_id = :id and n = :n
            """;

    private static final String WAKE_UNLESS_IN_DOUBT =
            """
            update task
               set status = 'QUEUED', token = token + 1, wait_reason = null, run_at = now(), error = null
             where id = :id and status = 'WAITING' and wait_reason = 'IN_DOUBT'
               and not exists (select from call where task_id = :id and state = 'IN_DOUBT')
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, task_id, detail)
            values (:who, :action, :id, json_strip_nulls(json_build_object(
                    'status', :status::text, 'n', :n::int, 'tool', :tool::text, 'state', :state::text, 'resolution', :resolution::text,
                    'result', :result::text, 'replaces', :replaces::text)))
            """;

    private static final String LAST =
            """
            select action, who, at from audit
             where task_id = :id and action not in ('forbid', 'ask') order by id desc limit 1
            """;

    private static final String NOTIFY = """
            select pg_notify(:channel, '')
            """;

    private static final int LONGEST_SHOWN = 1_000;

    private record Entry(String who, String action, UUID task, TaskStatus status) {}

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Seals seals;
    private final JdbcTemplate template;
    private final FamilyDecisions families;
    private final TransactionTemplate transaction;
    private final Wakeups wakeups;

    PostgresTaskDecisions(DataSource dataSource, PlatformTransactionManager transactions, Wakeups wakeups) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource);
        this.template = new JdbcTemplate(dataSource);
        this.families = new FamilyDecisions(wakeups);
        this.transaction = new TransactionTemplate(transactions);
        this.wakeups = wakeups;
    }

    @Override
    public Verdict cancel(UUID task, Actor who) {
        return decide(() -> {
            Set<UUID> family = template.execute((Connection connection) -> families.lock(connection, task));
            TaskStatus status = lock(task);
            if (status == null) {
                return unknown(task);
            }
            if (status == TaskStatus.COMPLETED) {
                return new Verdict.Refused("the task is COMPLETED, so it cannot be cancelled" + lastDecision(task));
            }
            if (status != TaskStatus.CANCELLED) {
                template.execute((Connection connection) -> {
                    families.cancel(connection, task, family, who.name());
                    return null;
                });
                jdbc.sql(CLOSE_APPROVALS).update();
            }
            return new Verdict.Done();
        });
    }

    @Override
    public Verdict redrive(UUID task, Actor who) {
        return decide(() -> {
            TaskStatus status = lock(task);
            if (status == null) {
                return unknown(task);
            }
            if (jdbc.sql(REDRIVE).param("id", task).update() == 0) {
                String erased = ErasedTasks.problem(jdbc, task);
                return new Verdict.Refused(
                        erased != null
                                ? erased
                                : "the task is %s; only a DEAD task can be retried%s"
                                        .formatted(status, lastDecision(task)));
            }
            audit(new Entry(who.name(), "redrive", task, status), null, null, null);
            template.execute((Connection connection) -> {
                families.redrive(connection, List.of(task), who.name());
                return null;
            });
            return new Verdict.Done();
        });
    }

    @Override
    public Verdict resolve(UUID task, int n, Decision decision, Actor who) {
        DecidedCall seen = call(FIND_CALL, task, n);
        return decide(() -> {
            TaskStatus status = lock(task);
            if (status == null) {
                return unknown(task);
            }
            String erased = ErasedTasks.problem(jdbc, task);
            if (erased != null) {
                return new Verdict.Refused(erased);
            }
            DecidedCall call = call(LOCK_CALL, task, n);
            if (call == null) {
                return new Verdict.Unknown("task %s has no call %d".formatted(task, n));
            }
            if (call.isRepeatedBy(decision, who)) {
                return new Verdict.Done();
            }
            String problem = call.problem(n, decision, who, status, seen);
            if (problem != null) {
                return new Verdict.Refused(problem);
            }
            write(task, n, call.tool(), decision, who);
            EffectWaits.ended(dataSource, task);
            jdbc.sql(WAKE_UNLESS_IN_DOUBT).param("id", task).update();
            audit(new Entry(who.name(), "resolve", task, status), n, call, decision);
            return new Verdict.Done();
        });
    }

    private @Nullable DecidedCall call(String statement, UUID task, int n) {
        return jdbc.sql(statement)
                .param("id", task)
                .param("n", n)
                .query((row, i) -> DecidedCall.read(row, task, seals))
                .optional()
                .orElse(null);
    }

    private void write(UUID task, int n, String tool, Decision decision, Actor who) {
        jdbc.sql(RESOLVE)
                .param("id", task)
                .param("n", n)
                .param("state", state(decision.resolution()).name())
                .param("result", seals.seal(SealedColumn.resultOf(tool), task, decision.recorded()))
                .param("decision", decision.resolution().word())
                .param("who", who.name())
                .update();
    }

    static CallState state(Resolution resolution) {
        return switch (resolution) {
            case HAPPENED -> CallState.SUCCEEDED;
            case AGAIN -> CallState.AGAIN;
            case FAIL -> CallState.REJECTED;
        };
    }

    /** One transaction; workers here and elsewhere look again when it is committed. */
    private Verdict decide(Supplier<Verdict> decision) {
        Verdict verdict = Deadlocks.retry(() -> transaction.execute(status -> {
            Verdict made = decision.get();
            if (made instanceof Verdict.Done) {
                jdbc.sql(NOTIFY).param("channel", Wakeups.CHANNEL).query().singleRow();
            }
            return made;
        }));
        wakeups.wake();
        return verdict;
    }

    private @Nullable TaskStatus lock(UUID task) {
        return jdbc.sql(LOCK)
                .param("id", task)
                .query(String.class)
                .optional()
                .map(TaskStatus::valueOf)
                .orElse(null);
    }

    /** Who hears that a decision is refused hears of the one that came before it. */
    private String lastDecision(UUID task) {
        return jdbc.sql(LAST)
                .param("id", task)
                .query((row, i) -> " (last decision: %s by %s at %s)"
                        .formatted(
                                row.getString(1),
                                row.getString(2),
                                row.getTimestamp(3).toInstant()))
                .optional()
                .orElse("");
    }

    private static Verdict unknown(UUID task) {
        return new Verdict.Unknown("there is no task " + task);
    }

    /** A result as the audit table shows it: its beginning. */
    static @Nullable String shown(Seals seals, UUID task, @Nullable String result) {
        String beginning = result == null || result.codePointCount(0, result.length()) <= LONGEST_SHOWN
                ? result
                : result.substring(0, result.offsetByCodePoints(0, LONGEST_SHOWN));
        return seals.sealText(SealedColumn.AUDIT_DETAIL, task, beginning);
    }

    private void audit(Entry entry, @Nullable Integer n, @Nullable DecidedCall call, @Nullable Decision decision) {
        jdbc.sql(AUDIT)
                .param("who", entry.who)
                .param("action", entry.action)
                .param("id", entry.task)
                .param("status", entry.status.name())
                .param("n", n)
                .param("tool", call == null ? null : call.tool())
                .param("state", call == null ? null : call.state().name())
                .param(
                        "resolution",
                        decision == null ? null : decision.resolution().word())
                .param("result", decision == null ? null : shown(seals, entry.task, decision.recorded()))
                .param("replaces", call == null ? null : call.replaced())
                .update();
    }
}
