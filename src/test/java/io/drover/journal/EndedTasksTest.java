package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.TestDatabase;
import io.drover.encryption.Seals;
import io.drover.journal.EndedTasks.Kind;
import io.drover.journal.EndedTasks.Place;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** What is removed of a task that ended long ago, what stays, and what keeps it, on a real PostgreSQL. */
class EndedTasksTest {

    private static final String MARK = "s3cret-mark";
    private static final Duration DAY = Duration.ofDays(1);

    /** Tables that name tasks and keep their rows. */
    private static final Set<String> OTHERS = Set.of(
            "audit", // has an age of its own
            "outcome", // numbers, which go some time after the end of their rollout
            "evaluation", // scores and numbers, which go after 30 days
            "shadow", // how it differed, which goes some time after the end of its rollout
            "memory", // facts are kept for drover.memory.retention
            "recovery_task", // an id, which goes with the outcome
            "execution"); // that a plan was executed, which goes with the outcome

    private static JdbcClient jdbc;
    private static EndedTasks ended;
    private static PostgresTaskQueue queue;

    @BeforeAll
    static void connect() {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(dataSource.getUrl());
        Tracks stable = new Tracks(0, Tracks.STABLE);
        queue = new PostgresTaskQueue(
                dataSource, new Wakeups(new PostgresFleet(dataSource, stable)), stable, new LocalWorker(), List.of());
        ended = new PostgresEndedTasks(
                JdbcClient.create(dataSource), new TransactionTemplate(new DataSourceTransactionManager(dataSource)));
    }

    @AfterAll
    static void disconnect() {
        queue.destroy();
    }

    @BeforeEach
    void clean() {
        jdbc.sql(
                        "truncate task, call, pending_call, late_result, attempt, preview, approval, vote, approval_notice, effect,"
                                + " effect_wait, call_subject, execution, recovery_task")
                .update();
    }

    @Test
    void whatHangsOnATaskGoesAndItsOutcomeStays() {
        UUID id = task("w", "COMPLETED", 2);
        call(id, "tool", "'{\"a\": \"%s\"}'".formatted(MARK));
        call(
                id,
                "model.default",
                "'{\"content\": \"%s\", \"usd\": 0.25, \"usage\": {\"in\": 7, \"out\": 8}}'".formatted(MARK));
        call(id, "task:part", "'{\"x\": \"%s\"}'".formatted(MARK));
        jdbc.sql("update call set usd = 0.5, tokens = 10 where tool = 'task:part'")
                .update();
        everythingElse(id);
        assertThat(tablesOf(id))
                .as("where a task has rows, else nothing is shown")
                .isEqualTo(tablesWithTasks());
        assertThat(tablesWith(MARK))
                .contains("task", "call", "vote", "approval", "late_result", "attempt", "pending_call");

        assertThat(ended.remove(List.of(id))).isEqualTo(1);

        assertThat(tablesWith(MARK)).isEmpty();
        assertThat(tablesOf(id)).isEqualTo(OTHERS);
        assertThat(jdbc.sql("select * from task")
                        .query((row, n) -> TaskRows.read(row, Seals.NONE))
                        .single())
                .satisfies(task -> {
                    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
                    assertThat(task.usd()).isEqualByComparingTo(new BigDecimal("0.75"));
                    assertThat(task.key()).isEqualTo("key");
                    assertThat(task.definition()).isEqualTo(7);
                    assertThat(task.submitter().name()).isEqualTo("ann");
                    assertThat(task.removedAt()).isNotNull();
                    assertThat(task.output()).isEqualTo("null");
                });
        assertThat(jdbc.sql("select tokens from task").query(Long.class).single())
                .isEqualTo(25);
        assertThat(ended.remove(List.of(id))).as("once").isZero();
        assertThatThrownBy(() -> jdbc.sql("update task set status = 'QUEUED', finished_at = null, output = null")
                        .update())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("is not a transition");
    }

    @ParameterizedTest
    @CsvSource({"DEAD,dead", "CANCELLED,cancelled"})
    void oneThatDidNotCompleteCannotGoOnAndSaysHowItEnded(String status, String word) {
        UUID id = task("w", status, 2);

        assertThat(ended.remove(List.of(id))).isEqualTo(1);

        assertThat(jdbc.sql("select status || error from task")
                        .query(String.class)
                        .single())
                .isEqualTo(
                        "CANCELLED{\"type\" : \"Broken\", \"message\" : \"the task was %s, and its content is removed\"}"
                                .formatted(word));
    }

    @Test
    void itsKeyStillNamesIt() {
        UUID id = TaskIds.of("w", "key");
        NewTask first = new NewTask(id, "w", "key", "{\"a\":1}", 4, Duration.ZERO, "ann", null);
        queue.submit(first).join();
        jdbc.sql("update task set status = 'CANCELLED', finished_at = now() - interval '2 days'")
                .update();
        ended.remove(List.of(id));

        assertThat(queue.submit(first).join()).isEqualTo(new Submission.Known(id));
        assertThat(queue.submit(new NewTask(id, "w", "key", "{\"b\":2}", 4, Duration.ZERO, "ann", null))
                        .join())
                .as("with which input it came is not known any more")
                .isEqualTo(new Submission.Known(id));

        assertThat(ended.forget(DAY, 10)).as("not yet").isZero();
        jdbc.sql("alter table task disable trigger legal_transition").update();
        jdbc.sql("update task set removed_at = now() - interval '2 days'").update();
        jdbc.sql("alter table task enable trigger legal_transition").update();
        assertThat(ended.forget(DAY, 10)).isEqualTo(1);
        assertThat(queue.submit(first).join()).isEqualTo(new Submission.Accepted(id));
    }

    /** Each row keeps the task until the second statement is over. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    update call set state = 'IN_DOUBT', result = null, error = '{}'                    | update call set state = 'REJECTED'
                    insert into effect select 'all', 'pay', 'k', 'pay', task_id, address from call       | delete from effect
                    insert into call_subject select gen_random_uuid(), task_id, address, 't', now() - interval '30 days' from call | update call_subject set began_at = now() - interval '32 days'
                    insert into task (id, workflow, status, input, parent, parent_n) select gen_random_uuid(), 'c', 'QUEUED', '1', id, 1 from task | update task set status = 'CANCELLED', finished_at = now() where workflow = 'c'
                    update task set parent = gen_random_uuid(), parent_n = 1, awaited = true             | update task set awaited = false
                    with w as (insert into task (id, workflow, status, input) values (gen_random_uuid(), 'p', 'QUEUED', '1') returning id) insert into pending_call (task_id, address, reason, name, since, due_at, child) select w.id, gen_random_uuid(), 'CHILD', 'w', now(), 'infinity', t.id from w, task t | update pending_call set settled_at = now()
                    with x as (insert into task (id, workflow, status, input) values (gen_random_uuid(), 'x', 'QUEUED', '1') returning id), d as (update task set mode = 'dry-run') insert into execution select t.id, x.id, 'ann', true from x, task t | update task set status = 'CANCELLED', finished_at = now() where workflow = 'x'
                    """)
    void whatSomethingStillNeedsStays(String need, String over) {
        jdbc.sql("alter table task disable trigger legal_transition").update();
        UUID id = task("w", "COMPLETED", 2);
        call(id, "pay", "'1'");
        assertThat(jdbc.sql(need).update()).isPositive();

        assertThat(ended.remove(List.of(id))).isZero();
        assertThat(jdbc.sql("select removed_at is null and output::text like '%s3cret%' from task where id = ?")
                        .param(id)
                        .query(Boolean.class)
                        .single())
                .isTrue();

        assertThat(jdbc.sql(over).update()).isPositive();
        assertThat(ended.remove(List.of(id))).isEqualTo(1);
        jdbc.sql("alter table task enable trigger legal_transition").update();
    }

    /** A child's part of a plan goes after the plan. */
    @Test
    void aDryRunsChildStaysAsLongAsItsPlan() {
        UUID plan = task("w", "COMPLETED", 2);
        UUID child = task("w", "COMPLETED", 2);
        jdbc.sql("alter table task disable trigger legal_transition").update();
        jdbc.sql("update task set mode = 'dry-run', root = case when id = :child then :plan::uuid end")
                .param("child", child)
                .param("plan", plan)
                .update();
        jdbc.sql("alter table task enable trigger legal_transition").update();

        assertThat(ended.remove(List.of(child))).isZero();
        assertThat(ended.remove(List.of(plan))).isEqualTo(1);
        assertThat(ended.remove(List.of(child))).isEqualTo(1);
    }

    @Test
    void findsTheOldOnesOfEachKindPageByPage() {
        List<UUID> old = List.of(task("b", "DEAD", 5), task("b", "DEAD", 4), task("b", "DEAD", 3));
        task("b", "DEAD", 0);
        task("b", "COMPLETED", 9);
        task("a", "CANCELLED", 9);
        Kind dead = new Kind("b", TaskStatus.DEAD);

        assertThat(ended.kinds())
                .containsExactly(new Kind("a", TaskStatus.CANCELLED), new Kind("b", TaskStatus.COMPLETED), dead);
        List<Place> page = ended.older(dead, DAY, null, 2);
        assertThat(page).extracting(Place::id).containsExactly(old.get(0), old.get(1));
        assertThat(ended.older(dead, DAY, page.getLast(), 2))
                .extracting(Place::id)
                .containsExactly(old.get(2));
        assertThat(ended.older(dead, Duration.ofDays(6), null, 2)).isEmpty();

        ended.remove(old);
        assertThat(ended.older(dead, DAY, null, 2)).isEmpty();
    }

    private static UUID task(String workflow, String status, int days) {
        UUID id = UUID.randomUUID();
        jdbc.sql(
                        """
                        insert into task (id, workflow, key, key_owner, status, submitted_by, definition, input, output, error, finished_at)
                        values (:id, :workflow, 'key', 'trigger', :status, 'ann', 7, to_json(:mark::text),
                                case when :status = 'COMPLETED' then to_json(:mark::text) end,
                                case when :status <> 'COMPLETED' then json_build_object('type', 'Broken', 'message', :mark::text) end,
                                now() - make_interval(days => :days))
                        """)
                .params(Map.of("id", id, "workflow", workflow, "status", status, "mark", MARK, "days", days))
                .update();
        return id;
    }

    private static void call(UUID task, String tool, String result) {
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, result, started_at)
                        values (:task, gen_random_uuid(), 1, :tool, 'SUCCEEDED', 1, 1, '{}', %s, :at)
                        """
                                .formatted(result))
                .param("task", task)
                .param("tool", tool)
                .param("at", Timestamp.from(Instant.now()))
                .update();
    }

    private static void everythingElse(UUID id) {
        for (String sql : List.of(
                "insert into late_result select task_id, address, tool, 1, 'late', to_json(:mark::text) from call where tool = 'tool'",
                "insert into attempt (task_id, token, n, ending, error) values (:id, 1, 1, 'FAILED', to_json(:mark::text))",
                "insert into preview select task_id, address, 'echo', :mark from call where tool = 'tool'",
                """
                insert into approval (task_id, address, tool, arguments_digest, definition, summary, need, decide_by, state)
                select task_id, address, tool, address, 1, :mark, 1, 'infinity', 'SPENT' from call where tool = 'tool'
                """,
                "insert into vote select id, 'ann', true, :mark from approval",
                "insert into approval_notice select id, 'reminder', :mark, now() from approval",
                """
                insert into pending_call (task_id, address, reason, name, key, since, due_at, settled_at)
                select task_id, address, 'SIGNAL', 'n', :mark, now(), 'infinity', now() from call where tool = 'tool'
                """,
                "insert into effect select 'task:' || task_id, 'n', :mark, tool, task_id, address from call where tool = 'tool'",
                "insert into effect_wait select 'all', 'n', :mark, :id",
                "insert into call_subject select address, task_id, address, :mark, now() - interval '40 days' from call where tool = 'tool'",
                "insert into recovery_task values (:id)",
                """
                insert into outcome (task_id, rollout, version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls)
                values (:id, 'r', 2, false, false, false, 1, 0.75, 1, 3)
                """,
                "insert into shadow (task_id, live, rollout) values (:id, gen_random_uuid(), 'r')",
                "insert into evaluation (task_id, workflow, version) values (:id, 'w', 1)",
                "insert into execution select gen_random_uuid(), :id, 'ann', true",
                "insert into audit (who, action, task_id) values ('ann', 'redrive', :id)",
                """
                insert into memory (id, key, fact, embedding, created_at, refreshed_at, task_id)
                values (gen_random_uuid(), 'k', 'f', array_fill(0::real, array[384]), now(), now(), :id)
                """)) {
            jdbc.sql(sql).params(Map.of("id", id, "mark", MARK)).update();
        }
    }

    /** Every table that says of which task a row is: one that comes later has to be decided. */
    private static Set<String> tablesWithTasks() {
        return new TreeSet<>(jdbc.sql(
                        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'task_id'")
                .query(String.class)
                .list());
    }

    private static Set<String> tablesOf(UUID task) {
        return tablesWithTasks().stream()
                .filter(table -> jdbc.sql("select count(*) from %s where task_id = ?".formatted(table))
                                .param(task)
                                .query(Integer.class)
                                .single()
                        > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tablesWith(String mark) {
        return TestDatabase.tablesWith(jdbc, mark);
    }
}
