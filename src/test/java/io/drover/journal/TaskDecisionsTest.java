package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.TestDatabase;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.journal.TaskDecisions.Verdict;
import io.drover.who.Actor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Decisions and reads on a real PostgreSQL, against tasks in every state. */
class TaskDecisionsTest {

    private static final UUID WORKER = UUID.randomUUID();

    private static DriverManagerDataSource dataSource;
    private static JdbcClient jdbc;
    private static PostgresTaskQueue queue;
    private static PostgresJournal journal;
    private static TaskStore store;
    private static TaskDecisions decisions;

    @BeforeAll
    static void connect() {
        dataSource = new DriverManagerDataSource(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(dataSource.getUrl());
        PostgresFleet fleet = new PostgresFleet(dataSource, new Tracks(0, Tracks.STABLE));
        fleet.join(WORKER, "test", "test");
        Wakeups wakeups = new Wakeups(fleet);
        queue = new PostgresTaskQueue(dataSource, wakeups, new Tracks(0, Tracks.STABLE), new LocalWorker(), List.of());
        journal = new PostgresJournal(dataSource, List.of());
        store = new PostgresTaskStore(dataSource);
        decisions = new PostgresTaskDecisions(dataSource, new DataSourceTransactionManager(dataSource), wakeups);
    }

    @AfterAll
    static void disconnect() {
        queue.destroy();
        journal.destroy();
    }

    @BeforeEach
    void clean() {
        jdbc.sql("truncate task, call, late_result, audit").update();
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskStatus.class,
            mode = Mode.EXCLUDE,
            names = {"COMPLETED", "CANCELLED"})
    void cancelsWhatIsNotCompletedAndFencesItsAttempt(TaskStatus status) {
        UUID task = in(status);
        TaskView before = store.find(task).orElseThrow();

        assertThat(decisions.cancel(task, Actor.person("ada"))).isEqualTo(new Verdict.Done());

        TaskView after = store.find(task).orElseThrow();
        assertThat(after.status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(after.token()).isEqualTo(before.token() + 1);
        assertThat(after.worker()).isNull();
        assertThat(after.finishedAt()).isNotNull();
        assertThat(queue.end(new Lease(task, before.token()), new AttemptEnd.Completed("1"))
                        .join())
                .isFalse();
        assertAudit(task, "ada", "cancel", "{\"status\":\"%s\"}".formatted(status));
    }

    @Test
    void doesNotCancelACompletedTaskNorACancelledOneTwice() {
        UUID completed = in(TaskStatus.COMPLETED);
        UUID cancelled = in(TaskStatus.CANCELLED);

        assertThat(decisions.cancel(completed, Actor.person("ada"))).isInstanceOf(Verdict.Refused.class);
        assertThat(decisions.cancel(cancelled, Actor.person("ada"))).isEqualTo(new Verdict.Done());
        assertThat(decisions.cancel(UUID.randomUUID(), Actor.person("ada"))).isInstanceOf(Verdict.Unknown.class);
        assertThat(audit()).isEmpty();
    }

    @Test
    void redrivesADeadTaskAndKeepsItsCalls() {
        UUID task = in(TaskStatus.RUNNING);
        call(task, 1, CallState.SUCCEEDED);
        queue.end(lease(task), new AttemptEnd.Dead("{}")).join();
        long token = store.find(task).orElseThrow().token();

        assertThat(decisions.redrive(task, Actor.person("bo"))).isEqualTo(new Verdict.Done());

        TaskView after = store.find(task).orElseThrow();
        assertThat(after.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(after.attempt()).isZero();
        assertThat(after.token()).isEqualTo(token + 1);
        assertThat(after.error()).isNull();
        assertThat(after.finishedAt()).isNull();
        assertThat(store.calls(task)).singleElement().satisfies(call -> assertThat(call.state())
                .isEqualTo(CallState.SUCCEEDED));
        assertAudit(task, "bo", "redrive", "{\"status\":\"DEAD\"}");
        assertThat(decisions.redrive(task, Actor.person("cy")))
                .asInstanceOf(InstanceOfAssertFactories.type(Verdict.Refused.class))
                .satisfies(
                        refused -> assertThat(refused.why())
                                .startsWith(
                                        "the task is QUEUED; only a DEAD task can be retried (last decision: redrive by bo at 2"));
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, mode = Mode.EXCLUDE, names = "DEAD")
    void redrivesNothingElse(TaskStatus status) {
        assertThat(decisions.redrive(in(status), Actor.person("bo"))).isInstanceOf(Verdict.Refused.class);
        assertThat(audit()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void resolvesACallInDoubtAndWakesTheTask(Resolution resolution) {
        UUID task = inDoubt(1);
        long token = store.find(task).orElseThrow().token();
        String result = resolution == Resolution.HAPPENED ? "{\"id\": 7}" : null;

        assertThat(decisions.resolve(task, 1, resolution, result, Actor.person("cy")))
                .isEqualTo(new Verdict.Done());

        CallRecord call = store.calls(task).get(0);
        assertThat(call.state())
                .isEqualTo(
                        switch (resolution) {
                            case HAPPENED -> CallState.SUCCEEDED;
                            case AGAIN -> CallState.AGAIN;
                            case FAIL -> CallState.REJECTED;
                        });
        assertThat(call.result()).isEqualTo(result);
        TaskView after = store.find(task).orElseThrow();
        assertThat(after.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(after.token()).isEqualTo(token + 1);
        assertAudit(
                task,
                "cy",
                "resolve",
                "{\"status\":\"WAITING\",\"n\":1,\"tool\":\"pay\",\"state\":\"IN_DOUBT\",\"resolution\":\"%s\"%s}"
                        .formatted(resolution.word(), result == null ? "" : ",\"result\":\"{\\\"id\\\": 7}\""));
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void replacesADecisionThatNoAttemptHasUsed(Resolution first) {
        UUID task = inDoubt(2);
        Actor cy = Actor.person("cy");
        decisions.resolve(task, 1, first, null, cy);

        for (Resolution next : List.of(Resolution.FAIL, Resolution.AGAIN, Resolution.HAPPENED)) {
            assertThat(decisions.resolve(task, 1, next, next == Resolution.HAPPENED ? "2" : null, cy))
                    .isEqualTo(new Verdict.Done());
        }
        decisions.resolve(task, 2, Resolution.AGAIN, null, cy);
        decisions.resolve(task, 1, Resolution.HAPPENED, "3", cy); // queued, and not yet claimed

        assertThat(store.calls(task).get(0).result()).isEqualTo("3");
        assertThat(store.replaceable(task)).containsOnlyKeys(1, 2);
        run(task);
        assertThat(journal.callsToUse(List.of(task)).get(task).get(0).result()).isEqualTo("3");
        assertThat(store.replaceable(task)).isEmpty();
        queue.end(lease(task), new AttemptEnd.Retry("{}", Duration.ofHours(1))).join();
        for (int n = 1; n <= 2; n++) {
            assertThat(decisions.resolve(task, n, Resolution.FAIL, null, cy))
                    .asInstanceOf(InstanceOfAssertFactories.type(Verdict.Refused.class))
                    .satisfies(refused ->
                            assertThat(refused.why()).contains("by cy at", "an attempt has used that since"));
        }
        assertThat(store.calls(task).get(0).result()).isEqualTo("3");
    }

    @Test
    void replacesTheDecisionOfAnotherOnlyWhenItIsNamed() {
        UUID task = inDoubt(2);
        decisions.resolve(task, 1, Resolution.AGAIN, null, Actor.person("cy"));
        Instant at = store.replaceable(task).get(1);
        Actor di = Actor.person("di");

        assertThat(decisions.resolve(task, 1, Resolution.FAIL, null, di))
                .isEqualTo(new Verdict.Refused(
                        "call 1 (tool:pay) was decided 'again' by cy at %s; to replace that decision, send its time as 'replaces'"
                                .formatted(at)));
        assertThat(decisions.resolve(task, 1, new TaskDecisions.Decision(Resolution.FAIL, null, at.minusMillis(1)), di))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(decisions.resolve(task, 1, new TaskDecisions.Decision(Resolution.FAIL, null, at), di))
                .isEqualTo(new Verdict.Done());
        assertThat(store.calls(task).get(0).state()).isEqualTo(CallState.REJECTED);
    }

    @Test
    void refusesADecisionThatArrivedBeforeTheOneThatCounts() throws SQLException {
        UUID task = inDoubt(2);
        CompletableFuture<Verdict> second;
        try (Connection first = dataSource.getConnection();
                Statement statement = first.createStatement()) {
            first.setAutoCommit(false);
            statement.execute("select from task where id = '%s' for update".formatted(task));
            second = CompletableFuture.supplyAsync(
                    () -> decisions.resolve(task, 1, Resolution.HAPPENED, "1", Actor.person("cy")));
            await().until(() -> jdbc.sql(
                                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                            .query(Integer.class)
                            .single()
                    == 1);
            statement.execute(
                    "update call set state = 'AGAIN', decision = 'again', decided_by = 'cy', decided_at = now() where task_id = '%s' and n = 1"
                            .formatted(task));
            first.commit();
        }

        assertThat(second.join())
                .asInstanceOf(InstanceOfAssertFactories.type(Verdict.Refused.class))
                .satisfies(refused -> assertThat(refused.why())
                        .contains("was decided 'again' by cy at", "while this decision was made; nothing is changed"));
        assertThat(store.calls(task).get(0).state()).isEqualTo(CallState.AGAIN);
    }

    @Test
    void aCallThatIsInDoubtAgainIsDecidedAgain() {
        UUID task = inDoubt(1);
        decisions.resolve(task, 1, Resolution.AGAIN, null, Actor.person("cy"));
        run(task);
        CallRecord again = journal.callsToUse(List.of(task)).get(task).get(0);
        assertThat(decisions.resolve(task, 1, Resolution.FAIL, null, Actor.person("cy")))
                .isInstanceOf(Verdict.Refused.class);
        jdbc.sql("update call set state = 'IN_DOUBT' where address = :address")
                .param("address", again.address())
                .update();
        queue.end(lease(task), new AttemptEnd.Waiting(WaitReason.IN_DOUBT, null, "{}"))
                .join();

        assertThat(decisions.resolve(task, 1, Resolution.HAPPENED, "5", Actor.person("di")))
                .isEqualTo(new Verdict.Done());
        assertThat(store.replaceable(task)).containsOnlyKeys(1);
    }

    /** As a claim does. */
    private static void run(UUID task) {
        jdbc.sql(
                        "update task set status = 'RUNNING', worker = :worker, token = token + 1, attempt = attempt + 1 where id = :id and status = 'QUEUED'")
                .param("worker", WORKER)
                .param("id", task)
                .update();
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void aRecordThatBeganBeforeADecisionDoesNotUndoIt(Resolution resolution) throws SQLException {
        UUID other = in(TaskStatus.RUNNING);
        UUID task = in(TaskStatus.RUNNING);
        call(other, 1, CallState.STARTED);
        call(task, 1, CallState.STARTED);
        List<CallStatement.Write> ended = List.of(
                new CallStatement.Write(succeeded(other), null), new CallStatement.Write(succeeded(task), null));
        try (Connection holder = dataSource.getConnection();
                Connection worker = dataSource.getConnection();
                Statement hold = holder.createStatement()) {
            holder.setAutoCommit(false);
            hold.execute("select from call where task_id = '%s' for update".formatted(other));
            CompletableFuture<List<Journal.Begin>> recorded = CompletableFuture.supplyAsync(() -> {
                try {
                    return CallStatement.write(worker, ended);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> jdbc.sql("select count(*) from pg_stat_activity where datname = current_database() and"
                                    + " wait_event_type = 'Lock'")
                            .query(Integer.class)
                            .single()
                    == 1);
            queue.end(lease(task), new AttemptEnd.Waiting(WaitReason.IN_DOUBT, null, "{}"))
                    .join();

            assertThat(decisions.resolve(task, 1, resolution, "\"by hand\"", Actor.person("cy")))
                    .isEqualTo(new Verdict.Done());
            CallRecord decided = store.calls(task).get(0);
            holder.commit();

            assertThat(recorded.join()).containsExactly(new Journal.Begin.Begun(), new Journal.Begin.Refused());
            assertThat(store.calls(task)).containsExactly(decided);
        }
    }

    @Test
    void wakesTheTaskOnlyWhenNoCallIsInDoubtAnyMore() {
        UUID task = inDoubt(2);

        decisions.resolve(task, 1, Resolution.AGAIN, null, Actor.person("cy"));
        assertThat(store.find(task).orElseThrow().status()).isEqualTo(TaskStatus.WAITING);

        decisions.resolve(task, 2, Resolution.HAPPENED, null, Actor.person("cy"));
        assertThat(store.find(task).orElseThrow().status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(store.calls(task).get(1).result()).isEqualTo("null");
    }

    @Test
    void resolvesAnInterruptedCallOfADeadTask() {
        UUID task = in(TaskStatus.RUNNING);
        call(task, 1, CallState.STARTED);
        assertThat(decisions.resolve(task, 1, Resolution.AGAIN, null, Actor.person("cy")))
                .isInstanceOf(Verdict.Refused.class);
        queue.end(lease(task), new AttemptEnd.Dead("{}")).join();

        assertThat(decisions.resolve(task, 1, Resolution.HAPPENED, "1", Actor.person("cy")))
                .isEqualTo(new Verdict.Done());

        assertThat(store.find(task).orElseThrow().status()).isEqualTo(TaskStatus.DEAD);
    }

    @ParameterizedTest
    @EnumSource(
            value = CallState.class,
            mode = Mode.EXCLUDE,
            names = {"IN_DOUBT", "STARTED"})
    void resolvesNoCallWhoseEndIsKnown(CallState state) {
        UUID task = in(TaskStatus.RUNNING);
        call(task, 1, state);
        queue.end(lease(task), new AttemptEnd.Retry("{}", Duration.ofHours(1))).join();

        assertThat(decisions.resolve(task, 1, Resolution.AGAIN, null, Actor.person("cy")))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(decisions.resolve(task, 5, Resolution.AGAIN, null, Actor.person("cy")))
                .isInstanceOf(Verdict.Unknown.class);
        assertThat(audit()).isEmpty();
    }

    @Test
    void writesNothingWhenTheAuditCannotBeWritten() {
        UUID task = in(TaskStatus.QUEUED);
        jdbc.sql("alter table audit add constraint nobody check (who <> 'mallory')")
                .update();
        try {
            assertThatThrownBy(() -> decisions.cancel(task, Actor.person("mallory")))
                    .isInstanceOf(DataIntegrityViolationException.class);
            assertThat(store.find(task).orElseThrow().status()).isEqualTo(TaskStatus.QUEUED);
        } finally {
            jdbc.sql("alter table audit drop constraint nobody").update();
        }
    }

    @Test
    void listsNewestFirstInParts() {
        List<UUID> submitted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitted.add(0, in(TaskStatus.QUEUED));
        }
        in(TaskStatus.WAITING);

        List<UUID> listed = new ArrayList<>();
        TaskCursor after = null;
        do {
            List<TaskView> part = store.list(TaskStatus.QUEUED, "pay-out", 2, after);
            part.forEach(task -> listed.add(task.id()));
            after = part.size() < 2
                    ? null
                    : TaskCursor.parse(TaskCursor.behind(part.get(1)).toString());
        } while (after != null);

        assertThat(listed).isEqualTo(submitted);
        assertThat(store.list(null, null, 100, null)).hasSize(6);
        assertThat(store.list(null, "other", 100, null)).isEmpty();
    }

    @Test
    void countsTheQueueByWorkflowAndStatus() {
        for (int i = 0; i < 3; i++) {
            in(TaskStatus.QUEUED);
            in(TaskStatus.DEAD);
        }
        submit("b", Duration.ZERO);
        submit("b", Duration.ofHours(1));
        jdbc.sql("update task set run_at = now() - interval '90 seconds' where workflow = 'b' and status = 'QUEUED'")
                .update();

        assertThat(store.depths())
                .extracting(depth -> depth.workflow() + " " + depth.status() + " " + depth.count())
                .containsExactlyInAnyOrder("pay-out QUEUED 3", "b QUEUED 1", "b WAITING 1");
        assertThat(store.depths())
                .filteredOn(depth -> depth.workflow().equals("b") && depth.status() == TaskStatus.QUEUED)
                .first()
                .satisfies(
                        depth -> assertThat(depth.oldest()).isBetween(Duration.ofSeconds(89), Duration.ofSeconds(100)));
        assertThat(store.backlog(10)).isEqualTo(4);
        assertThat(store.backlog(2)).isEqualTo(2);
    }

    @Test
    void findsTheOldestOfALongQueueByTheIndex() throws JsonProcessingException {
        jdbc.sql(
                        """
                insert into task (id, workflow, status, input)
                select gen_random_uuid(), 'pay-out', 'QUEUED', '{}' from generate_series(1, 100000)
                """)
                .update();
        UUID oldest = in(TaskStatus.QUEUED);
        jdbc.sql("update task set track = 'canary', priority = 7, run_at = now() - interval '1 hour' where id = :id")
                .param("id", oldest)
                .update();
        jdbc.sql("analyze task").update();

        String plan = jdbc.sql("explain (analyze, buffers, format json) " + TaskCounts.DEPTHS)
                .param("most", 1)
                .query(String.class)
                .single();

        JsonNode top = new ObjectMapper().readTree(plan).get(0).get("Plan");
        assertThat(top.get("Shared Hit Blocks").asInt()
                        + top.get("Shared Read Blocks").asInt())
                .as("pages read: %s", plan)
                .isLessThan(100); // a pass over the index reads more than this
        assertThat(store.depths()).singleElement().satisfies(depth -> assertThat(depth.oldest())
                .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(62)));
    }

    @Test
    void showsResultsThatCameTooLate() {
        UUID task = in(TaskStatus.RUNNING);
        journal.keepLate(new LateResult(task, UUID.randomUUID(), "pay", 1, "it came after the timeout", "{}"))
                .join();

        assertThat(store.lateResults(task))
                .singleElement()
                .satisfies(late -> assertThat(late.result().reason()).isEqualTo("it came after the timeout"));
    }

    /** A task that went the ordinary way into this state. */
    private static UUID in(TaskStatus status) {
        UUID task = submit("pay-out", status == TaskStatus.WAITING ? Duration.ofHours(1) : Duration.ZERO);
        if (status == TaskStatus.QUEUED || status == TaskStatus.WAITING) {
            return task;
        }
        if (status == TaskStatus.CANCELLED) {
            decisions.cancel(task, Actor.person("before"));
            jdbc.sql("truncate audit").update();
            return task;
        }
        jdbc.sql("update task set status = 'RUNNING', worker = :worker, token = token + 1, attempt = 1 where id = :id")
                .param("worker", WORKER)
                .param("id", task)
                .update();
        if (status != TaskStatus.RUNNING) {
            AttemptEnd end = status == TaskStatus.DEAD ? new AttemptEnd.Dead("{}") : new AttemptEnd.Completed("1");
            queue.end(lease(task), end).join();
        }
        return task;
    }

    private static UUID submit(String workflow, Duration delay) {
        UUID id = TaskIds.random();
        queue.submit(new NewTask(id, workflow, null, "{}", 4, delay, "test", null))
                .join();
        return id;
    }

    private static UUID inDoubt(int calls) {
        UUID task = in(TaskStatus.RUNNING);
        for (int n = 1; n <= calls; n++) {
            call(task, n, CallState.IN_DOUBT);
        }
        queue.end(lease(task), new AttemptEnd.Waiting(WaitReason.IN_DOUBT, null, "{}"))
                .join();
        return task;
    }

    private static Lease lease(UUID task) {
        return new Lease(task, store.find(task).orElseThrow().token());
    }

    private static void call(UUID task, int n, CallState state) {
        journal.record(new CallRecord(
                        task,
                        UUID.randomUUID(),
                        n,
                        "pay",
                        state,
                        1,
                        lease(task).token(),
                        0,
                        null,
                        "{}",
                        state == CallState.SUCCEEDED ? "1" : null,
                        "{\"message\":\"gone\"}",
                        Instant.EPOCH,
                        null,
                        null,
                        null))
                .join();
    }

    /** What the attempt that began the task's call writes when it has succeeded. */
    private static CallRecord succeeded(UUID task) {
        CallRecord began = store.calls(task).get(0);
        return new CallRecord(
                task,
                began.address(),
                began.n(),
                began.tool(),
                CallState.SUCCEEDED,
                began.tries(),
                began.token(),
                began.definition(),
                null,
                "{}",
                "\"by the worker\"",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null);
    }

    private static List<Map<String, Object>> audit() {
        return jdbc.sql("select who, action, task_id, detail::text as detail from audit order by id")
                .query()
                .listOfRows();
    }

    private static void assertAudit(UUID task, String who, String action, String detail) {
        assertThat(audit())
                .singleElement()
                .isEqualTo(Map.of("who", who, "action", action, "task_id", task, "detail", detail));
    }
}
