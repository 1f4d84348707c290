package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.TestDatabase;
import io.drover.journal.DoubtfulCalls.Filter;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.journal.TaskDecisions.Verdict;
import io.drover.who.Actor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** One decision about many calls in doubt, on a real PostgreSQL. */
class DoubtfulCallsTest {

    private static final Filter PAY = new Filter("pay", null, null, null);
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private static DriverManagerDataSource dataSource;
    private static JdbcClient jdbc;
    private static TaskStore store;
    private static TaskDecisions decisions;
    private static DoubtfulCalls doubts;

    @BeforeAll
    static void connect() {
        dataSource = new DriverManagerDataSource(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(dataSource.getUrl());
        Wakeups wakeups = new Wakeups(new PostgresFleet(dataSource, new Tracks(0, Tracks.STABLE)));
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(dataSource);
        store = new PostgresTaskStore(dataSource);
        decisions = new PostgresTaskDecisions(dataSource, transactions, wakeups);
        doubts = new PostgresDoubtfulCalls(dataSource, transactions, wakeups);
    }

    @BeforeEach
    void clean() {
        jdbc.sql("truncate task, call, audit").update();
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void settlesAThousandAsIfOneByOne(Resolution resolution) {
        jdbc.sql(
                        """
                        with doubtful as (
                            insert into task (id, workflow, status, input, wait_reason, error)
                            select gen_random_uuid(), 'order', 'WAITING', '{}', 'IN_DOUBT', '{}' from generate_series(1, 1000)
                            returning id)
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, error, started_at)
                        select id, gen_random_uuid(), 1, 'pay', 'IN_DOUBT', 0, 0, '{}', '{"message": "gone"}', now()
                          from doubtful
                        """)
                .update();
        UUID byHand = inDoubt("order", "other", NOON);
        String result = resolution == Resolution.HAPPENED ? "{\"id\": 7}" : null;
        decisions.resolve(byHand, 1, resolution, result, Actor.person("cy"));

        assertThat(doubts.look(PAY, 3).count()).isEqualTo(1_000);
        assertThat(doubts.look(PAY, 3).first()).hasSize(3);
        assertThat(doubts.settle(PAY, 1_000, resolution, result, Actor.person("cy")))
                .isEqualTo(1_000);

        String one =
                "select distinct state || ' ' || token || ' ' || coalesce(result::text, '') || ' ' || coalesce(error::text, '')"
                        + " from call where tool = ?";
        assertThat(jdbc.sql(one).param("pay").query(String.class).list())
                .isEqualTo(jdbc.sql(one).param("other").query(String.class).list());
        assertThat(jdbc.sql(
                                "select distinct status || ' ' || token || ' ' || (wait_reason is null) || ' ' || (error is null) from task")
                        .query(String.class)
                        .list())
                .containsExactly("QUEUED 1 true true");
        assertThat(jdbc.sql("select count(distinct task_id) from audit where action = 'resolve' and who = 'cy'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1_001);
        assertThat(doubts.look(PAY, 3).count()).isZero();
        assertThat(doubts.settle(PAY, 1_000, resolution, result, Actor.person("cy")))
                .isZero();
    }

    @Test
    void settlesNothingWhenAnotherNumberMatches() {
        List<UUID> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tasks.add(inDoubt("order", "pay", NOON));
        }

        assertThat(doubts.settle(PAY, 4, Resolution.FAIL, null, Actor.person("cy")))
                .isEqualTo(5);
        assertThat(doubts.settle(PAY, 6, Resolution.FAIL, null, Actor.person("cy")))
                .isEqualTo(5);

        assertThat(doubts.look(PAY, 10).count()).isEqualTo(5);
        assertThat(audits()).isZero();
        assertThat(tasks).allMatch(task -> store.find(task).orElseThrow().status() == TaskStatus.WAITING);
    }

    @Test
    void meansOnlyWhatTheFilterSays() {
        UUID early = inDoubt("order", "pay", NOON.minusSeconds(60));
        UUID late = inDoubt("order", "pay", NOON.plusSeconds(60));
        UUID other = inDoubt("refund", "pay", NOON);
        UUID running = inDoubt("order", "pay", NOON);
        run(running);
        UUID dead = inDoubt("order", "pay", NOON);
        run(dead);
        jdbc.sql("update task set status = 'DEAD', worker = null, error = '{}', finished_at = now() where id = ?")
                .param(dead)
                .update();

        assertThat(ids(new Filter("pay", null, null, null))).containsExactly(early, other, late);
        assertThat(ids(new Filter(null, "order", null, null))).containsExactly(early, late);
        assertThat(ids(new Filter("pay", null, NOON, null))).containsExactly(other, late);
        assertThat(ids(new Filter("pay", null, null, NOON))).containsExactly(early, other);
        assertThat(ids(new Filter("none", null, null, null))).isEmpty();

        assertThat(doubts.settle(new Filter("pay", "order", NOON, null), 1, Resolution.AGAIN, null, Actor.person("cy")))
                .isEqualTo(1);
        assertThat(store.find(late).orElseThrow().status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(store.find(early).orElseThrow().status()).isEqualTo(TaskStatus.WAITING);
        assertThat(store.calls(running).get(0).state()).isEqualTo(CallState.IN_DOUBT);
        assertThat(store.calls(dead).get(0).state()).isEqualTo(CallState.IN_DOUBT);
    }

    @Test
    void aTaskWaitsOnForItsCallsOfOtherTools() {
        UUID task = inDoubt("order", "pay", NOON);
        call(task, 2, "mail", NOON);

        assertThat(doubts.settle(PAY, 1, Resolution.HAPPENED, null, Actor.person("cy")))
                .isEqualTo(1);
        assertThat(store.calls(task).get(0).result()).isEqualTo("null");
        assertThat(store.find(task).orElseThrow().status()).isEqualTo(TaskStatus.WAITING);

        assertThat(doubts.settle(new Filter("mail", null, null, null), 1, Resolution.AGAIN, null, Actor.person("cy")))
                .isEqualTo(1);
        assertThat(store.find(task).orElseThrow().status()).isEqualTo(TaskStatus.QUEUED);
    }

    @Test
    void settlesNothingWhenAnotherSettlesOneOfThemMeanwhile() throws SQLException {
        UUID first = inDoubt("order", "pay", NOON);
        inDoubt("order", "pay", NOON);
        CompletableFuture<Integer> settled;
        try (Connection holder = dataSource.getConnection();
                Statement hold = holder.createStatement()) {
            holder.setAutoCommit(false);
            hold.execute("select from task where id = '%s' for update".formatted(first));
            hold.execute("update call set state = 'AGAIN' where task_id = '%s'".formatted(first));
            hold.execute("update task set status = 'QUEUED', token = 1, wait_reason = null where id = '%s'"
                    .formatted(first));
            settled = CompletableFuture.supplyAsync(
                    () -> doubts.settle(PAY, 2, Resolution.FAIL, null, Actor.person("cy")));
            Awaitility.await()
                    .until(() -> jdbc.sql(
                                            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                                    .query(Integer.class)
                                    .single()
                            == 1);
            holder.commit();
        }

        assertThat(settled.join()).isEqualTo(1);
        assertThat(store.calls(first).get(0).state()).isEqualTo(CallState.AGAIN);
        assertThat(doubts.look(PAY, 10).count()).isEqualTo(1);
        assertThat(audits()).isZero();
    }

    @Test
    void twoDecisionsAtTheSameTimeSettleEachCallOnce() {
        List<UUID> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tasks.add(inDoubt("order", "pay", NOON));
        }
        List<CompletableFuture<Integer>> all = List.of(
                CompletableFuture.supplyAsync(() -> doubts.settle(PAY, 50, Resolution.FAIL, null, Actor.person("ada"))),
                CompletableFuture.supplyAsync(() -> doubts.settle(PAY, 50, Resolution.FAIL, null, Actor.person("bo"))));

        assertThat(all.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(50, 0);
        assertThat(audits()).isEqualTo(50);
        assertThat(decisions.resolve(tasks.get(0), 1, Resolution.AGAIN, null, Actor.person("cy")))
                .isInstanceOf(Verdict.Refused.class);
    }

    private static void run(UUID task) {
        jdbc.sql("update task set status = 'QUEUED', token = 1, wait_reason = null where id = ?")
                .param(task)
                .update();
        jdbc.sql("update task set status = 'RUNNING', token = 2, attempt = 1, worker = gen_random_uuid() where id = ?")
                .param(task)
                .update();
    }

    private static List<UUID> ids(Filter filter) {
        return doubts.look(filter, 10).first().stream()
                .map(DoubtfulCalls.Doubt::task)
                .toList();
    }

    private static int audits() {
        return jdbc.sql("select count(*) from audit").query(Integer.class).single();
    }

    private static UUID inDoubt(String workflow, String tool, Instant began) {
        UUID task = TaskIds.random();
        jdbc.sql(
                        """
                        insert into task (id, workflow, status, input, wait_reason, error)
                        values (?, ?, 'WAITING', '{}', 'IN_DOUBT', '{}')
                        """)
                .params(task, workflow)
                .update();
        call(task, 1, tool, began);
        return task;
    }

    private static void call(UUID task, int n, String tool, Instant began) {
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, error, started_at)
                        values (?, gen_random_uuid(), ?, ?, 'IN_DOUBT', 0, 0, '{}', '{"message": "gone"}', ?)
                        """)
                .params(task, n, tool, java.sql.Timestamp.from(began))
                .update();
    }
}
