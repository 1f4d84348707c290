package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The dry runs whose plans are executed: which live task does that, and who had it done. */
@Repository
public class Executions {

    private static final String KEEP =
            """
            with kept as (
                insert into execution (plan, task_id, who, votes) values (:plan, :task, :who, :votes)
                    on conflict (plan) do nothing returning who)
            insert into audit (who, action, task_id, detail)
            select who, 'execute', :plan, json_build_object('task', :task::text) from kept
            """;

    private static final String OF_TASK =
            """
            select plan, task_id, who, votes from execution where task_id = :task
            """;

    private static final String OF_PLAN =
            """
            select plan, task_id, who, votes from execution where plan = :plan
            """;

    private static final String CALLS =
            """
            select c.tool, c.arguments::text
              from call c
              left join preview p on p.task_id = c.task_id and p.address = c.address
             where c.task_id = :plan and c.state = 'SUCCEEDED'
               and (p.address is not null or c.tool like 'signal:%')
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * A plan that is executed.
     *
     * @param who   had it executed
     * @param votes whether that person may approve calls
     */
    public record Execution(UUID plan, UUID task, String who, boolean votes) {

        /** Who votes for the calls of the plan, or null. */
        public @Nullable Actor voter() {
            return votes ? Actor.person(who, Role.APPROVER) : null;
        }
    }

    /** A call that a dry run did not make. @param arguments their canonical JSON */
    public record Planned(String tool, String arguments) {}

    private final JdbcClient jdbc;
    private final JdbcClient bounded;

    Executions(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.bounded = BoundedQueries.of(dataSource, PATIENCE);
    }

    /** Keeps that a plan is executed, before its task is submitted. The first who did it stays. */
    public void keep(UUID plan, UUID task, Actor who) {
        jdbc.sql(KEEP)
                .param("plan", plan)
                .param("task", task)
                .param("who", who.name())
                .param("votes", who.is(Role.APPROVER))
                .update();
    }

    /** Of the live task, or null where it executes no plan. */
    public @Nullable Execution ofTask(UUID task) {
        return find(jdbc.sql(OF_TASK).param("task", task));
    }

    /** Of the dry run, or null where it is not executed. */
    public @Nullable Execution ofPlan(UUID plan) {
        return find(bounded.sql(OF_PLAN).param("plan", plan));
    }

    private static @Nullable Execution find(JdbcClient.StatementSpec query) {
        return query.query((row, i) -> new Execution(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getString(3),
                        row.getBoolean(4)))
                .optional()
                .orElse(null);
    }

    /** The calls that a plan leaves to be made, and its signals, each as often as it stands there. */
    public List<Planned> calls(UUID plan) {
        return jdbc.sql(CALLS)
                .param("plan", plan)
                .query((row, i) -> new Planned(row.getString(1), row.getString(2)))
                .list();
    }
}
