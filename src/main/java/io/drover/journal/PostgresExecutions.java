package io.drover.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.json.Json;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresExecutions implements Executions {

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
            select c.task_id, c.tool, c.arguments::text
              from call c
              left join preview p on p.task_id = c.task_id and p.address = c.address
             where c.task_id = :plan and c.state = 'SUCCEEDED'
               and (p.address is not null or c.tool like 'signal:%')
            """;

    /** With the children that tasks of the plan awaited as their own: the id of such a child is the address of its call. */
    private static final String FAMILY =
            """
            recursive family(id, path) as (
                select :plan::uuid, array[]::integer[]
                 union all
                select t.id, f.path || c.n
                  from family f
                  join call c on c.task_id = f.id and c.tool like 'task:%' and c.state = 'SUCCEEDED'
                  join task t on t.id = c.address and t.status = 'COMPLETED')
            """;

    private static final String SHOWN = "with " + FAMILY
            + """
            select c.task_id, c.n, c.tool, c.arguments::text, p.asks
              from family f
              join call c on c.task_id = f.id
              left join preview p on p.task_id = c.task_id and p.address = c.address
             where c.state = 'SUCCEEDED' and (p.address is not null or c.tool like 'signal:%')
             order by f.path, c.n
            """;

    private static final String OUTSIDE = "with " + FAMILY
            + """
            select c.task_id, c.n, c.tool, t.status
              from family f
              join call c on c.task_id = f.id and c.tool like 'task:%' and c.state <> 'FORGOTTEN'
              left join task t on t.id = c.address
             where c.state <> 'SUCCEEDED' or t.status is distinct from 'COMPLETED'
             order by f.path, c.n
             limit 1
            """;

    private static final String CHILDREN =
            """
            select t.id, t.workflow, t.key, t.input::text
              from call c
              join task t on t.id = c.address and t.status = 'COMPLETED'
             where c.task_id = :plan and c.tool like 'task:%' and c.state = 'SUCCEEDED'
               and not exists (select from execution e where e.plan = t.id)
             order by c.n
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Seals seals;
    private final JdbcClient bounded;

    PostgresExecutions(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource);
        this.bounded = BoundedQueries.of(dataSource, PATIENCE);
    }

    @Override
    public void keep(UUID plan, UUID task, Actor who) {
        keep(plan, task, who.name(), who.is(Role.APPROVER));
    }

    @Override
    public void keepChild(Execution parent, UUID plan, UUID task) {
        keep(plan, task, parent.who(), parent.votes());
    }

    private void keep(UUID plan, UUID task, String who, boolean votes) {
        jdbc.sql(KEEP)
                .param("plan", plan)
                .param("task", task)
                .param("who", who)
                .param("votes", votes)
                .update();
    }

    @Override
    public @Nullable Execution ofTask(UUID task) {
        return find(jdbc.sql(OF_TASK).param("task", task));
    }

    @Override
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

    @Override
    public List<Planned> calls(UUID plan) {
        return jdbc.sql(CALLS)
                .param("plan", plan)
                .query((row, i) ->
                        new Planned(row.getString(2), arguments(seals, row.getObject(1, UUID.class), row.getString(3))))
                .list();
    }

    @Override
    public List<Shown> shown(UUID plan) {
        return bounded.sql(SHOWN)
                .param("plan", plan)
                .query((row, i) -> new Shown(
                        row.getObject(1, UUID.class),
                        row.getInt(2),
                        row.getString(3),
                        arguments(seals.forPeople(), row.getObject(1, UUID.class), row.getString(4)),
                        seals.forPeople()
                                .openText(SealedColumn.PREVIEW_ASKS, row.getObject(1, UUID.class), row.getString(5))))
                .list();
    }

    @Override
    public @Nullable Outside outside(UUID plan) {
        return bounded.sql(OUTSIDE)
                .param("plan", plan)
                .query((row, i) ->
                        new Outside(row.getObject(1, UUID.class), row.getInt(2), row.getString(3), row.getString(4)))
                .optional()
                .orElse(null);
    }

    @Override
    public Map<Child, Queue<UUID>> children(UUID plan) {
        Map<Child, Queue<UUID>> children = new HashMap<>();
        jdbc.sql(CHILDREN).param("plan", plan).query(row -> {
            UUID id = row.getObject(1, UUID.class);
            String input = Objects.requireNonNull(seals.open(SealedColumn.TASK_INPUT, id, row.getString(4)));
            Child child = new Child(row.getString(2), row.getString(3), canonical(input));
            children.computeIfAbsent(child, one -> new ArrayDeque<>()).add(id);
        });
        return children;
    }

    private static String arguments(Seals seals, UUID task, String stored) {
        return Objects.requireNonNull(seals.open(SealedColumn.CALL_ARGUMENTS, task, stored));
    }

    private static String canonical(String input) {
        try {
            return Json.canonical(Json.parse(input));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an input that is stored is not JSON", e);
        }
    }
}
