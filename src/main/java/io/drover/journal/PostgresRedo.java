package io.drover.journal;

import io.drover.json.Json;
import io.drover.who.Actor;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresRedo implements TaskRedo {

    private static final String STATUS = """
            select status from task where id = :id
            """;

    private static final String LOCK =
            """
            select status from task where id = :id for update
            """;

    // A tool that only reads today may have had effects when it was called: what was in doubt, what a person decided
    // about, and what took an effect key is kept. That an agent was stopped is forgotten with its questions.
    private static final String CALLS =
            """
            select c.n, c.address, c.tool, c.state,
                   c.n >= :from and c.state <> 'FORGOTTEN'
                   and (c.tool like 'model.%' or c.tool like 'agent:%' or c.tool = any(:reads) and c.state <> 'IN_DOUBT' and c.decided_at is null
                        and not exists (select from effect e where e.task_id = c.task_id and e.address = c.address)) as forgotten
              from call c
             where c.task_id = :id
             order by c.n, c.started_at
            """;

    // Under another address no attempt finds it, and an equal call is another one. Its approval was for this call
    // alone.
    private static final String FORGET =
            """
            with chosen as materialized (
                select x.address as was, gen_random_uuid() as address from unnest(:addresses::uuid[]) as x(address)),
            asked as (
                update approval a
                   set address = chosen.address,
                       state = case when a.state in ('OPEN', 'APPROVED') then 'CLOSED' else a.state end
                  from chosen where a.task_id = :id and a.address = chosen.was)
            update call c
               set address = chosen.address, state = 'FORGOTTEN',
                   used_at = case when c.decided_at is not null then coalesce(c.used_at, now()) end
              from chosen where c.task_id = :id and c.address = chosen.was
            """;

    private static final String QUEUE =
            """
            update task
               set status = 'QUEUED', token = token + 1, attempt = 0, begun = null, run_at = now(), error = null,
                   finished_at = null, redone = true
             where id = :id
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, task_id, detail)
            values (:who, 'redo', :id, json_build_object('status', 'DEAD', 'n', :n::int, 'calls', :calls::int,
                                                         'forgotten', :forgotten::json))
            """;

    private static final String NOTIFY = """
            select pg_notify(:channel, '')
            """;

    /** The forgotten calls that an entry of the audit table names. */
    private static final int MOST_NAMED = 200;

    private record Found(Call call, UUID address) {}

    private record Checked(Plan plan, List<UUID> addresses) {}

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final FamilyDecisions families;
    private final TransactionTemplate transaction;
    private final Wakeups wakeups;

    PostgresRedo(DataSource dataSource, PlatformTransactionManager transactions, Wakeups wakeups) {
        this.jdbc = JdbcClient.create(dataSource);
        this.template = new JdbcTemplate(dataSource);
        this.families = new FamilyDecisions(wakeups);
        this.transaction = new TransactionTemplate(transactions);
        this.wakeups = wakeups;
    }

    @Override
    public Plan plan(UUID task, int from, Collection<String> reads) {
        return check(STATUS, task, from, reads).plan;
    }

    @Override
    public Plan redo(UUID task, int from, Collection<String> reads, Actor who) {
        Plan done = Deadlocks.retry(() -> transaction.execute(status -> {
            Checked checked = check(LOCK, task, from, reads);
            if (checked.plan instanceof Plan.Calls calls) {
                write(task, from, calls.calls(), checked.addresses, who.name());
            }
            return checked.plan;
        }));
        wakeups.wake();
        return done;
    }

    private Checked check(String statement, UUID task, int from, Collection<String> reads) {
        Optional<TaskStatus> status = jdbc.sql(statement)
                .param("id", task)
                .query(String.class)
                .optional()
                .map(TaskStatus::valueOf);
        if (status.isEmpty()) {
            return new Checked(new Plan.Unknown("there is no task " + task), List.of());
        }
        if (status.get() != TaskStatus.DEAD) {
            String erased = ErasedTasks.problem(jdbc, task);
            return new Checked(
                    new Plan.WrongState(
                            erased != null
                                    ? erased
                                    : "the task is %s; only a DEAD task can be redone".formatted(status.get())),
                    List.of());
        }
        List<Found> found = calls(task, from, reads);
        Plan problem =
                RedoProblems.of(task, from, found.stream().map(Found::call).toList());
        return new Checked(
                problem,
                found.stream()
                        .filter(one -> one.call.forgotten())
                        .map(Found::address)
                        .toList());
    }

    private List<Found> calls(UUID task, int from, Collection<String> reads) {
        return jdbc.sql(CALLS)
                .param("id", task)
                .param("from", from)
                .param("reads", reads.toArray(String[]::new))
                .query((row, i) -> new Found(
                        new Call(
                                row.getInt("n"),
                                row.getString("tool"),
                                CallState.valueOf(row.getString("state")),
                                row.getBoolean("forgotten")),
                        row.getObject("address", UUID.class)))
                .list();
    }

    private void write(UUID task, int from, List<Call> calls, List<UUID> addresses, String who) {
        jdbc.sql(FORGET)
                .param("id", task)
                .param("addresses", addresses.toArray(UUID[]::new))
                .update();
        jdbc.sql(QUEUE).param("id", task).update();
        jdbc.sql(AUDIT)
                .param("who", who)
                .param("id", task)
                .param("n", from)
                .param("calls", addresses.size())
                .param(
                        "forgotten",
                        Json.write(calls.stream()
                                .filter(Call::forgotten)
                                .limit(MOST_NAMED)
                                .map(call -> call.n() + " " + call.tool())
                                .toList()))
                .update();
        template.execute((Connection connection) -> {
            families.redrive(connection, List.of(task), who);
            return null;
        });
        jdbc.sql(NOTIFY).param("channel", Wakeups.CHANNEL).query().singleRow();
    }
}
