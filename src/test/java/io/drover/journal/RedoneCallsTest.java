package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.TestDatabase;
import io.drover.journal.TaskRedo.Plan;
import io.drover.who.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a redo forgets and keeps, on a real PostgreSQL. */
class RedoneCallsTest {

    private static final UUID WORKER = UUID.randomUUID();
    private static final Actor ANN = Actor.person("ann");
    private static final Set<String> READS = Set.of("look");

    private static JdbcClient jdbc;
    private static PostgresTaskQueue queue;
    private static PostgresJournal journal;
    private static TaskStore store;
    private static TaskRedo redo;

    @BeforeAll
    static void connect() {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(dataSource.getUrl());
        PostgresFleet fleet = new PostgresFleet(dataSource, new Tracks(0, Tracks.STABLE));
        fleet.join(WORKER, "test", "test");
        Wakeups wakeups = new Wakeups(fleet);
        queue = new PostgresTaskQueue(dataSource, wakeups, new Tracks(0, Tracks.STABLE), new LocalWorker(), List.of());
        journal = new PostgresJournal(dataSource, List.of());
        store = new PostgresTaskStore(dataSource);
        redo = new PostgresRedo(dataSource, new DataSourceTransactionManager(dataSource), wakeups);
    }

    @AfterAll
    static void disconnect() {
        queue.destroy();
        journal.destroy();
    }

    @Test
    void forgetsModelsAndReadsAndKeepsWhatMayHaveHadAnEffect() {
        UUID task = submit();
        run(task);
        call(task, 1, "model.default", CallState.SUCCEEDED);
        call(task, 2, "look", CallState.SUCCEEDED);
        call(task, 3, "pay", CallState.SUCCEEDED);
        call(task, 4, "model.default", CallState.STARTED);
        call(task, 5, "look", CallState.FAILED);
        call(task, 6, "look", CallState.IN_DOUBT);
        call(task, 7, "not_loaded", CallState.FAILED);
        call(task, 8, "task:child", CallState.PENDING);
        call(task, 9, "look", CallState.SUCCEEDED);
        call(task, 10, "look", CallState.SUCCEEDED);
        call(task, 11, "look", CallState.STARTED);
        jdbc.sql("update call set decided_at = now() where task_id = ? and n = 9")
                .param(task)
                .update();
        jdbc.sql(
                        "insert into effect (scope, name, key, tool, task_id, address)"
                                + " select 'all', 'look', task_id::text, tool, task_id, address from call where task_id = ? and n = 10")
                .param(task)
                .update();
        long asked = approval(task, 11, "APPROVED");
        long spent = approval(task, 2, "SPENT");
        long kept = approval(task, 3, "SPENT");
        die(task);
        long token = store.find(task).orElseThrow().token();
        List<UUID> before = addresses(task);

        Plan plan = redo.redo(task, 1, READS, ANN);

        assertThat(plan).isInstanceOf(Plan.Calls.class);
        assertThat(store.calls(task).stream()
                        .filter(call -> call.state() == CallState.FORGOTTEN)
                        .map(CallRecord::n))
                .containsExactly(1, 2, 4, 5, 11);
        assertThat(store.calls(task).getFirst().result()).as("for people").isEqualTo("{\"usd\":1}");
        assertThat(jdbc.sql("select id from approval where state = 'CLOSED' and task_id = ?")
                        .param(task)
                        .query(Long.class)
                        .list())
                .containsExactly(asked);
        assertThat(jdbc.sql("select a.id from approval a where a.task_id = ? and a.address = any(?) order by id")
                        .param(task)
                        .param(before.toArray(UUID[]::new))
                        .query(Long.class)
                        .list())
                .as("no yes to a forgotten call is good for an equal one")
                .containsExactly(kept)
                .doesNotContain(spent);
        TaskView after = store.find(task).orElseThrow();
        assertThat(after.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(after.token()).isEqualTo(token + 1);
        assertThat(after.submitter().redone()).isTrue();

        run(task);
        Attempt attempt =
                new Attempt(claimed(task), journal.callsToUse(List.of(task)).get(task));
        assertThat(before.stream().filter(address -> attempt.recorded(address) != null))
                .hasSize(6);
        assertThat(attempt.recordedOf("model.")).isEmpty();
        assertThat(attempt.forgotten()).hasSize(5);
        assertThat(attempt.number(UUID.randomUUID())).isEqualTo(12);
    }

    @Test
    void ofManyWhoRedoOneDoes() {
        UUID task = submit();
        run(task);
        call(task, 1, "model.default", CallState.SUCCEEDED);
        die(task);

        List<Plan> plans = Stream.generate(() -> CompletableFuture.supplyAsync(() -> redo.redo(task, 1, READS, ANN)))
                .limit(6)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(plans).filteredOn(Plan.Calls.class::isInstance).hasSize(1);
        assertThat(plans)
                .filteredOn(plan -> !(plan instanceof Plan.Calls))
                .hasSize(5)
                .containsOnly(new Plan.WrongState("the task is QUEUED; only a DEAD task can be redone"));
        assertThat(jdbc.sql("select count(*) from audit where task_id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isOne();
    }

    @Test
    void changesNothingWhereItDoesNotComeToItsEnd() {
        UUID task = submit();
        run(task);
        call(task, 1, "model.default", CallState.SUCCEEDED);
        die(task);
        jdbc.sql("create function stop() returns trigger language plpgsql as $$ begin raise 'stopped'; end $$")
                .update();
        jdbc.sql("create trigger stop before insert on audit for each row execute function stop()")
                .update();
        try {
            assertThatThrownBy(() -> redo.redo(task, 1, READS, ANN)).hasMessageContaining("stopped");
        } finally {
            jdbc.sql("drop trigger stop on audit").update();
        }

        TaskView after = store.find(task).orElseThrow();
        assertThat(after.status()).isEqualTo(TaskStatus.DEAD);
        assertThat(after.submitter().redone()).isFalse();
        assertThat(store.calls(task).getFirst().state()).isEqualTo(CallState.SUCCEEDED);
        assertThat(redo.redo(task, 1, READS, ANN)).isInstanceOf(Plan.Calls.class);
    }

    @Test
    void forgetsNothingTwice() {
        UUID task = submit();
        run(task);
        call(task, 1, "model.default", CallState.SUCCEEDED);
        die(task);
        redo.redo(task, 1, READS, ANN);
        run(task);
        call(task, 2, "model.default", CallState.SUCCEEDED);
        die(task);

        assertThat(redo.redo(task, 1, READS, ANN))
                .isEqualTo(
                        new Plan.Kept(
                                "call 1 (tool:model.default) is forgotten already; redo the task from call 2 or from an earlier one"));
        assertThat(redo.redo(task, 2, READS, ANN)).isInstanceOf(Plan.Calls.class);
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, mode = Mode.EXCLUDE, names = "DEAD")
    void redoesNothingElse(TaskStatus status) {
        UUID task = submit();
        run(task);
        call(task, 1, "model.default", CallState.SUCCEEDED);
        switch (status) {
            case COMPLETED ->
                queue.end(lease(task), new AttemptEnd.Completed("1")).join();
            case WAITING ->
                queue.end(lease(task), new AttemptEnd.Waiting(WaitReason.IN_DOUBT, null, "{}"))
                        .join();
            case QUEUED ->
                jdbc.sql("update task set status = 'QUEUED', worker = null where id = ?")
                        .param(task)
                        .update();
            case CANCELLED ->
                jdbc.sql("update task set status = 'CANCELLED', worker = null, finished_at = now() where id = ?")
                        .param(task)
                        .update();
            default -> assertThat(status).isEqualTo(TaskStatus.RUNNING);
        }

        Plan refused = new Plan.WrongState("the task is %s; only a DEAD task can be redone".formatted(status));

        assertThat(redo.plan(task, 1, READS)).isEqualTo(refused);
        assertThat(redo.redo(task, 1, READS, ANN)).isEqualTo(refused);
        assertThat(store.calls(task).getFirst().state()).isEqualTo(CallState.SUCCEEDED);
    }

    private static UUID submit() {
        UUID id = TaskIds.random();
        queue.submit(new NewTask(id, "asking", null, "{}", 4, java.time.Duration.ZERO, "test", null))
                .join();
        return id;
    }

    private static void run(UUID task) {
        jdbc.sql("update task set status = 'RUNNING', worker = ?, token = token + 1, attempt = 1 where id = ?")
                .param(WORKER)
                .param(task)
                .update();
    }

    private static void die(UUID task) {
        queue.end(lease(task), new AttemptEnd.Dead("{}")).join();
    }

    private static Lease lease(UUID task) {
        return new Lease(task, store.find(task).orElseThrow().token());
    }

    private static ClaimedTask claimed(UUID task) {
        return new ClaimedTask(
                task,
                "asking",
                null,
                lease(task).token(),
                1,
                "{}",
                Instant.EPOCH,
                null,
                Instant.EPOCH,
                null,
                0,
                0,
                null,
                true);
    }

    private static void call(UUID task, int n, String tool, CallState state) {
        boolean succeeded = state == CallState.SUCCEEDED;
        CallRecord call = new CallRecord(
                task,
                UUID.randomUUID(),
                n,
                tool,
                state,
                1,
                lease(task).token(),
                0,
                null,
                "{}",
                succeeded ? "{\"usd\":1}" : null,
                succeeded ? null : "{\"message\":\"no\"}",
                Instant.EPOCH,
                null,
                null,
                null);
        assertThat(journal.record(call).join()).isTrue();
    }

    private static long approval(UUID task, int n, String state) {
        return jdbc.sql(
                        """
                        insert into approval (task_id, address, tool, arguments_digest, definition, need, decide_by, state, use_by)
                        select task_id, address, tool, gen_random_uuid(), 0, 1, 'infinity', ?, 'infinity'
                          from call where task_id = ? and n = ? returning id
                        """)
                .param(state)
                .param(task)
                .param(n)
                .query(Long.class)
                .single();
    }

    private static List<UUID> addresses(UUID task) {
        return jdbc.sql("select address from call where task_id = ? order by n")
                .param(task)
                .query(UUID.class)
                .list();
    }
}
