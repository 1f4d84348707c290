package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements of the queue and the journal, on a real PostgreSQL. */
class JournalTest {

    private static final HikariDataSource DATA_SOURCE = new HikariDataSource();
    private static PostgresFleet fleet;
    private static PostgresTaskQueue queue;
    private static PostgresJournal journal;
    private static JdbcClient jdbc;

    private static final Tracks STABLE = new Tracks(0, Tracks.STABLE);

    private final UUID worker = UUID.randomUUID();

    @BeforeAll
    static void migrate() {
        DATA_SOURCE.setJdbcUrl(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(DATA_SOURCE.getJdbcUrl());
        fleet = new PostgresFleet(DATA_SOURCE, STABLE);
        queue = new PostgresTaskQueue(DATA_SOURCE, new Wakeups(fleet), STABLE, new LocalWorker(), List.of());
        journal = new PostgresJournal(DATA_SOURCE, List.of());
    }

    @AfterAll
    static void close() {
        queue.destroy();
        journal.destroy();
        DATA_SOURCE.close();
    }

    @BeforeEach
    void startEmpty() {
        jdbc.sql("truncate task, call, late_result, worker, audit, hold, approval, standing_grant")
                .update();
        fleet.join(worker, "test", "test");
    }

    @Test
    void sameWorkflowAndKeyAreOneTask() {
        List<CompletableFuture<Submission>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(queue.submit(keyed("w", "k", i % 2 == 0 ? "{\"a\":1}" : "{ \"a\" : 1 }")));
        }
        CompletableFuture<Submission> other = queue.submit(keyed("w", "k", "{\"a\":2}"));
        CompletableFuture<Submission> elsewhere = queue.submit(keyed("v", "k", "{\"a\":2}"));

        assertThat(all.stream().map(CompletableFuture::join).filter(Submission.Accepted.class::isInstance))
                .hasSize(1);
        assertThat(all.stream().map(CompletableFuture::join).filter(Submission.Known.class::isInstance))
                .hasSize(49);
        assertThat(other.join()).isInstanceOf(Submission.Conflict.class);
        assertThat(elsewhere.join()).isInstanceOf(Submission.Accepted.class);
        assertThat(count("select count(*) from task")).isEqualTo(2);
    }

    @Test
    void aRowThatTheDatabaseRefusesFailsAlone() {
        List<CompletableFuture<Submission>> good = new ArrayList<>();
        CompletableFuture<Submission> bad = null;
        for (int i = 0; i < 40; i++) {
            if (i == 17) {
                bad = queue.submit(task("w", "{not json"));
            }
            good.add(queue.submit(task("w", "{}")));
        }

        assertThat(bad).failsWithin(Duration.ofSeconds(5));
        good.forEach(one -> assertThat(one.join()).isInstanceOf(Submission.Accepted.class));
    }

    @Test
    void aNewWorkerIsKnownWhenAllOthersHaveGivenAHeartbeat() {
        jdbc.sql("update worker set heartbeat_at = now() - interval '1 second'").update();
        PostgresFleet other = new PostgresFleet(DATA_SOURCE, STABLE);
        UUID newcomer = UUID.randomUUID();
        other.join(newcomer, "new", "test");

        assertThat(other.heartbeat(newcomer, Duration.ofSeconds(12))).isTrue();
        assertThat(other.isKnown()).isFalse();
        assertThat(other.sharing(Duration.ofMillis(1))).isZero();

        await().until(() -> fleet.heartbeat(worker, Duration.ofSeconds(12))
                && other.heartbeat(newcomer, Duration.ofSeconds(12))
                && other.isKnown());
        assertThat(other.size()).isEqualTo(2);
        await().until(() -> other.sharing(Duration.ofMillis(1)) == 2);
    }

    @Test
    void claimsInOrderOfPriorityThenOfTime() {
        submit(new NewTask(UUID.randomUUID(), "w", null, "\"first\"", 4, Duration.ZERO, null, null));
        submit(new NewTask(UUID.randomUUID(), "w", null, "\"second\"", 4, Duration.ZERO, null, null));
        submit(new NewTask(UUID.randomUUID(), "w", null, "\"urgent\"", 9, Duration.ZERO, null, null));
        submit(new NewTask(UUID.randomUUID(), "w", null, "\"later\"", 9, Duration.ofHours(1), null, null));

        assertThat(claim("w", 1)).extracting(ClaimedTask::input).containsExactly("\"urgent\"");
        assertThat(claim("w", 10)).extracting(ClaimedTask::input).containsExactlyInAnyOrder("\"first\"", "\"second\"");
        assertThat(claim("w", 10)).isEmpty();
    }

    @Test
    void queuesWhatAReleasedHoldHeldInItsOrder() {
        for (int i = 0; i < 25; i++) {
            submit(task("w", "%d".formatted(i)));
        }
        List<ClaimedTask> all = new ArrayList<>(claim("w", 25));
        Collections.shuffle(all);
        all.forEach(task -> queue.end(task.lease(), AttemptEnd.Waiting.held("tool:w", "w", "held"))
                .join());
        submit(task("w", "25"));
        jdbc.sql(
                        "insert into hold (kind, name, reason, who) values ('TOOL', 'w', 'why', 'ann'), ('TOOL', 'v', 'why', 'ann')")
                .update();
        assertThat(fleet.wakeReleased(10)).isZero();
        jdbc.sql("delete from hold where name = 'w'").update();

        assertThat(fleet.wakeReleased(10)).isEqualTo(10);
        assertThat(fleet.wakeReleased(10)).isEqualTo(10);
        assertThat(fleet.wakeReleased(10)).isEqualTo(5);
        assertThat(fleet.wakeReleased(10)).isZero();

        List<String> order = new ArrayList<>();
        for (List<ClaimedTask> one = claim("w", 1); !one.isEmpty(); one = claim("w", 1)) {
            assertThat(one.get(0).attempt()).isEqualTo(1);
            order.add(one.get(0).input());
        }
        assertThat(order.subList(1, 26)).isEqualTo(inputs(0, 25));
        assertThat(order.get(0)).as("it was due before").isEqualTo("25");
    }

    private static List<String> inputs(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void noCallBeginsAfterTheCommitOfAHold() throws SQLException {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);
        try (Connection person = DATA_SOURCE.getConnection();
                Statement hold = person.createStatement()) {
            person.setAutoCommit(false);
            hold.execute("lock table hold in exclusive mode");
            hold.execute("insert into hold (kind, name, reason, who) values ('TOOL', 't', 'why', 'ann')");

            CompletableFuture<Journal.Begin> begin =
                    journal.begin(new BeginRequest(call(task, CallState.STARTED), List.of("all", "tool:t")));
            await().until(() ->
                    count("select count(*) from pg_locks where not granted and relation = 'hold'::regclass") == 1);
            person.commit();

            assertThat(begin.join()).isEqualTo(new Journal.Begin.Held());
        }
        assertThat(count("select count(*) from call")).isZero();
        assertThat(journal.begin(new BeginRequest(call(task, CallState.STARTED), List.of("all", "tool:other")))
                        .join())
                .isEqualTo(new Journal.Begin.Begun());
        assertThat(journal.record(call(task, CallState.SUCCEEDED)).join())
                .as("what began before is recorded under the hold")
                .isTrue();
    }

    @Test
    void aStandingGrantIsDrawnWithTheBeginOrNotAtAll() {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);
        CallRecord begun = call(task, CallState.STARTED);
        long standing = jdbc.sql(
                        "insert into standing_grant (tool, definition, most_calls, sum_of, most_sum, reason, who, until)"
                                + " values ('tool', 1, 1, 'x', 10, 'why', 'ann', now() + interval '1 hour') returning id")
                .query(Long.class)
                .single();
        Grant grant = new Grant(UUID.randomUUID(), begun.definition());
        List<StandingGrant.Draw> draws = List.of(new StandingGrant.Draw(standing, new BigDecimal("7.5")));
        List<StandingGrant.Draw> tooMuch = List.of(new StandingGrant.Draw(standing, new BigDecimal("10.01")));
        jdbc.sql("insert into hold (kind, name, reason, who) values ('TOOL', 'tool', 'why', 'ann')")
                .update();

        assertThat(journal.begin(new BeginRequest(begun, List.of("all", "tool:tool"), null, grant, draws))
                        .join())
                .isEqualTo(new Journal.Begin.Held());
        assertThat(journal.begin(new BeginRequest(begun, List.of("all"), null, grant, tooMuch))
                        .join())
                .isEqualTo(new Journal.Begin.Unapproved());
        assertThat(count("select count(*) from approval")).isZero();
        assertThat(count("select calls from standing_grant")).isZero();
        assertThat(journal.begin(new BeginRequest(begun, List.of("all"), null, grant, draws))
                        .join())
                .isEqualTo(new Journal.Begin.Begun());
        assertThat(count("select count(*) from approval where state = 'SPENT' and standing_id = " + standing))
                .isEqualTo(1);
        assertThat(count("select count(*) from standing_grant where calls = 1 and sum = 7.5"))
                .isEqualTo(1);
    }

    @Test
    void aHoldIsInForceWhenNoCallThatBeganBeforeIsUncommitted() throws Exception {
        try (Connection worker = DATA_SOURCE.getConnection();
                Statement begin = worker.createStatement()) {
            worker.setAutoCommit(false);
            begin.execute("select holds_in_force()");
            CompletableFuture<Void> set = CompletableFuture.runAsync(() -> {
                try (Connection person = DATA_SOURCE.getConnection();
                        Statement hold = person.createStatement()) {
                    person.setAutoCommit(false);
                    hold.execute("lock table hold in exclusive mode");
                    person.commit();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() ->
                    count("select count(*) from pg_locks where not granted and relation = 'hold'::regclass") == 1);
            assertThat(set).isNotDone();
            worker.commit();
            set.join();
        }
    }

    @Test
    void aRefusedBeginOfALostLeaseIsNoHold() {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);
        queue.end(task.lease(), new AttemptEnd.Released()).join();

        assertThat(journal.begin(new BeginRequest(call(task, CallState.STARTED), List.of("all")))
                        .join())
                .isEqualTo(new Journal.Begin.Refused());
    }

    @Test
    void takesNoMoreThanEachWorkflowHasRoomFor() {
        for (int i = 0; i < 10; i++) {
            submit(task("w", "{}"));
            submit(task("v", "{}"));
        }

        List<ClaimedTask> claimed =
                queue.claim(worker, List.of(new ClaimRequest("w", 3, 1), new ClaimRequest("v", 9, 1)), Room.of(8));

        assertThat(claimed).hasSize(8);
        assertThat(claimed.stream().filter(task -> task.workflow().equals("w"))).hasSize(3);
    }

    @Test
    void takesTasksUntilTheirInputsFillTheRoom() {
        for (int i = 0; i < 5; i++) {
            submit(task("w", json(1000)));
        }

        assertThat(claim(new Room(10, 2500, 10, true))).hasSize(3).allMatch(task -> task.bytes() == 1000);
        assertThat(claim(new Room(10, 1, 10, true))).as("one always").hasSize(1);
        assertThat(claim(new Room(10, 0, 10, true))).isEmpty();
        assertThat(claim(new Room(10, 1_000_000, 10, true))).hasSize(1);
    }

    @Test
    void countsTheJournalsOfTasksThatAreResumed() {
        submit(task("w", json(100)));
        submit(task("w", json(100)));
        for (ClaimedTask task : claim("w", 2)) {
            CallRecord call = call(task, CallState.SUCCEEDED);
            journal.record(call).join();
            queue.end(task.lease(), new AttemptEnd.Released()).join();
        }
        jdbc.sql("update call set bytes = 100000").update();

        assertThat(claim(new Room(10, 50_000, 10, true))).hasSize(1).allMatch(task -> task.bytes() == 100_100);
    }

    @Test
    void readsTheLengthsOfWhatAnEarlierReleaseWrote() {
        submit(task("w", json(3000)));
        jdbc.sql("update task set input_bytes = null").update();
        ClaimedTask task = claim("w", 1).get(0);
        assertThat(task.bytes()).isEqualTo(3000);
        journal.record(call(task, CallState.SUCCEEDED)).join();
        queue.end(task.lease(), new AttemptEnd.Released()).join();
        int known = claim("w", 1).get(0).bytes();
        jdbc.sql("update task set status = 'QUEUED', worker = null").update();
        jdbc.sql("update call set bytes = null").update();

        assertThat(claim("w", 1)).extracting(ClaimedTask::bytes).containsExactly(known);
        assertThat(known).isGreaterThan(3000);
    }

    @Test
    void aTaskWhoseWorkerDiedIsTriedWithCare() {
        for (int i = 0; i < 4; i++) {
            submit(task("w", "{}"));
        }
        ClaimedTask gotOn = claim("w", 4).get(0);
        journal.record(call(gotOn, CallState.SUCCEEDED)).join();
        loseWorker();
        submit(task("w", "\"innocent\""));

        assertThat(count("select count(*) from task where lost = 1 and attempt = 0"))
                .isEqualTo(4);
        assertThat(claim(new Room(10, 1000, 0, false)))
                .extracting(ClaimedTask::lost)
                .containsExactly(0);
        assertThat(claim(new Room(10, 1000, 3, true)))
                .extracting(ClaimedTask::lost)
                .containsExactly(1, 1, 1);
        loseWorker();

        assertThat(count("select count(*) from task where lost = 2 and attempt = 1"))
                .as("lost twice in a row")
                .isGreaterThanOrEqualTo(2);
        int twice = count("select count(*) from task where lost = 2");
        assertThat(claim(new Room(10, 1000, 10, false)))
                .as("not beside another such task")
                .noneMatch(task -> task.lost() > 1);
        jdbc.sql("update task set status = 'QUEUED', worker = null where status = 'RUNNING'")
                .update();
        jdbc.sql("update task set run_at = now() - interval '1 hour' where lost = 2")
                .update();
        List<ClaimedTask> alone = claim(new Room(10, 1000, 10, true));
        assertThat(alone.stream().filter(task -> task.lost() > 0))
                .as("alone of those that were lost")
                .hasSize(1);
        assertThat(alone.stream().filter(task -> task.lost() > 1)).hasSize(1);

        ClaimedTask proven =
                alone.stream().filter(task -> task.lost() > 1).findFirst().orElseThrow();
        queue.end(proven.lease(), new AttemptEnd.Waiting(WaitReason.DELAY, Duration.ZERO, null))
                .join();
        assertThat(count("select count(*) from task where lost = 2")).isEqualTo(twice - 1);
    }

    @Test
    void aTaskThatGetsOnInEachAttemptOutlivesItsWorkers() {
        submit(task("w", "{}"));
        for (int kill = 1; kill <= 6; kill++) {
            ClaimedTask claimed = claim(new Room(10, 1000, 10, true)).getFirst();
            assertThat(claimed.attempt()).as("attempt after %d kills", kill - 1).isEqualTo(1);
            assertThat(journal.record(call(claimed, CallState.SUCCEEDED, kill)).join())
                    .isTrue();
            loseWorker();
        }

        assertThat(count("select count(*) from task where status = 'QUEUED' and attempt = 0"))
                .isEqualTo(1);
    }

    private void loseWorker() {
        jdbc.sql("update worker set heartbeat_at = now() - interval '1 minute'").update();
        fleet.takeOver(Duration.ofSeconds(12));
        fleet.join(worker, "test", "test");
    }

    private static String json(int length) {
        return "\"" + "x".repeat(length - 2) + "\"";
    }

    private List<ClaimedTask> claim(Room room) {
        return queue.claim(worker, List.of(new ClaimRequest("w", 100, 1)), room);
    }

    @Test
    void twoWorkersNeverGetOneTask() throws Exception {
        for (int i = 0; i < 300; i++) {
            queue.submit(task("w", "{}"));
        }
        submit(task("w", "{}"));
        List<Callable<List<ClaimedTask>>> claims = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            claims.add(() -> claim("w", 7));
        }

        Set<UUID> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<List<ClaimedTask>> claim : threads.invokeAll(claims, 2, TimeUnit.MINUTES)) {
                claim.get().forEach(task -> assertThat(seen.add(task.id())).isTrue());
            }
        }
        assertThat(seen).hasSize(301);
    }

    @Test
    void aWorkerThatWasDeclaredDeadGetsNothing() {
        submit(task("w", "{}"));
        jdbc.sql("update worker set heartbeat_at = now() - interval '1 minute'").update();

        fleet.takeOver(Duration.ofSeconds(12));

        assertThat(fleet.heartbeat(worker, Duration.ofSeconds(12))).isFalse();
        assertThat(claim("w", 1)).isEmpty();
    }

    @Test
    void anOldTokenWritesNothing() {
        submit(task("w", "{}"));
        ClaimedTask old = claim("w", 1).get(0);
        jdbc.sql("update worker set heartbeat_at = now() - interval '1 minute'").update();
        assertThat(fleet.takeOver(Duration.ofSeconds(12))).isEqualTo(1);
        fleet.join(worker, "test", "test");
        ClaimedTask current = claim("w", 1).get(0);

        assertThat(current.id()).isEqualTo(old.id());
        assertThat(current.token()).isGreaterThan(old.token());
        assertThat(journal.record(call(old, CallState.STARTED)).join()).isFalse();
        assertThat(journal.record(call(old, CallState.SUCCEEDED)).join()).isFalse();
        assertThat(queue.end(old.lease(), new AttemptEnd.Completed("1")).join()).isFalse();
        assertThat(journal.record(call(current, CallState.SUCCEEDED)).join()).isTrue();
        assertThat(queue.end(current.lease(), new AttemptEnd.Completed("2")).join())
                .isTrue();
        assertThat(queue.end(current.lease(), new AttemptEnd.Completed("3")).join())
                .isFalse();
        assertThat(jdbc.sql("select output::text from task").query(String.class).single())
                .isEqualTo("2");
    }

    @Test
    void aRecordedResultIsNeverOverwritten() {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);
        assertThat(journal.record(call(task, CallState.STARTED)).join()).isTrue();
        assertThat(journal.record(call(task, CallState.SUCCEEDED)).join()).isTrue();

        assertThat(journal.record(call(task, CallState.FAILED)).join()).isFalse();
        assertThat(journal.record(call(task, CallState.STARTED)).join()).isFalse();
        assertThat(journal.record(call(task, CallState.SUCCEEDED)).join())
                .as("sent again after a lost answer")
                .isTrue();
        assertThat(journal.callsToUse(List.of(task.id())).get(task.id()))
                .extracting(CallRecord::state)
                .containsExactly(CallState.SUCCEEDED);
    }

    /** Every step from every state, but for those of the same attempt that may be the repetition of a write. */
    @ParameterizedTest
    @EnumSource(CallState.class)
    void anAttemptTakesACallNoStepButTheLegalOnes(CallState before) {
        for (CallState next : CallState.values()) {
            startEmpty();
            submit(task("w", "{}"));
            ClaimedTask first = claim("w", 1).get(0);
            assertThat(journal.record(call(first, CallState.SUCCEEDED)).join()).isTrue();
            jdbc.sql("update call set state = :state, result = :result::json, error = '{}'")
                    .param("state", before.name())
                    .param("result", before == CallState.SUCCEEDED ? "{}" : null, Types.VARCHAR)
                    .update();
            queue.end(first.lease(), new AttemptEnd.Released()).join();
            ClaimedTask second = claim("w", 1).get(0);

            assertThat(journal.record(call(second, next)).join())
                    .as("%s -> %s", before, next)
                    .isEqualTo(CallState.byAttempt(before).contains(next));
        }
    }

    @Test
    void aCallThatAnEarlierAttemptBeganIsNotBegunAgain() {
        submit(task("w", "{}"));
        ClaimedTask first = claim("w", 1).get(0);
        assertThat(journal.record(call(first, CallState.STARTED)).join()).isTrue();
        queue.end(first.lease(), new AttemptEnd.Released()).join();
        ClaimedTask second = claim("w", 1).get(0);

        assertThat(journal.record(call(second, CallState.STARTED)).join()).isFalse();
        assertThat(journal.record(call(second, CallState.FAILED)).join())
                .as("it surely did not happen")
                .isTrue();
        assertThat(journal.record(call(second, CallState.STARTED)).join()).isTrue();
    }

    @Test
    void waitingGivesTheAttemptBackAndComesDue() {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);

        queue.end(task.lease(), new AttemptEnd.Waiting(WaitReason.DELAY, Duration.ZERO, null))
                .join();

        assertThat(count("select attempt from task")).isZero();
        assertThat(fleet.promoteDue(10)).isEqualTo(1);
        assertThat(claim("w", 1)).extracting(ClaimedTask::attempt).containsExactly(1);
    }

    @Test
    void aTaskThatWaitsForAPersonDoesNotComeDue() {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);

        queue.end(task.lease(), new AttemptEnd.Waiting(WaitReason.IN_DOUBT, null, null))
                .join();

        assertThat(fleet.promoteDue(10)).isZero();
    }

    @Test
    void writesGoOutWhenTheDatabaseIsBack() {
        try (HikariDataSource own = new HikariDataSource()) { // its connections break, and no other test's
            own.setJdbcUrl(TestDatabase.migrated());
            PostgresTaskQueue breaking = new PostgresTaskQueue(
                    own, new Wakeups(new PostgresFleet(own, STABLE)), STABLE, new LocalWorker(), List.of());
            List<CompletableFuture<Submission>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(breaking.submit(task("w", "{}")));
                if (i % 50 == 0) {
                    breakConnections(own);
                }
            }

            all.forEach(one ->
                    assertThat(one.orTimeout(2, TimeUnit.MINUTES).join()).isNotInstanceOf(Submission.Conflict.class));
            await().ignoreExceptions().untilAsserted(() -> assertThat(JdbcClient.create(own)
                            .sql("select count(*) from task")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(200));
            breaking.destroy();
        }
    }

    private static void breakConnections(HikariDataSource source) {
        String database = source.getJdbcUrl().replaceFirst(".*/([^?]+).*", "$1");
        jdbc.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?")
                .param(database)
                .query()
                .listOfRows();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status = 'RUNNING', token = 1 | leased_iff_running",
                "status = 'WAITING' | reason_iff_waiting",
                "status = 'COMPLETED' | finished_iff_terminal",
                "status = 'LOST' | known_status",
                "priority = 10 | priority_in_range",
                "status = 'RUNNING' | QUEUED -> RUNNING",
                "token = -1 | is not a transition",
            })
    void theTableRefusesWhatIsNotATask(String change, String rule) {
        submit(task("w", "{}"));

        assertThatThrownBy(() -> jdbc.sql("update task set " + change).update()).hasMessageContaining(rule);
    }

    @Test
    void aFinishedTaskStaysFinished() {
        submit(task("w", "{}"));
        ClaimedTask task = claim("w", 1).get(0);
        queue.end(task.lease(), new AttemptEnd.Completed("{}")).join();

        assertThatThrownBy(() -> jdbc.sql("update task set status = 'QUEUED', output = null, finished_at = null")
                        .update())
                .hasMessageContaining("COMPLETED -> QUEUED");
    }

    @Test
    void aKeyIsItsOwnersAlone() {
        Submission first =
                queue.submit(owned("k", "{\"by\":1}", "ada", "user:ada")).join();

        Submission other = queue.submit(owned("k", "{\"by\":2}", "nightly", "event:nightly"))
                .join();

        assertThat(first).isEqualTo(new Submission.Accepted(TaskIds.of("w", "k")));
        assertThat(other).isEqualTo(new Submission.Accepted(TaskIds.of("w", "event:nightly", "k")));
        assertThat(queue.submit(owned("k", "{\"by\":1}", "bob", "user:ada")).join())
                .isEqualTo(new Submission.Known(first.id()));
        assertThat(queue.submit(owned("k", "{\"by\":2}", "nightly", "event:nightly"))
                        .join())
                .isEqualTo(new Submission.Known(other.id()));
        assertThat(queue.submit(owned("k", "{\"by\":3}", "nightly", "event:nightly"))
                        .join())
                .isEqualTo(new Submission.Conflict(other.id()));
        assertThat(queue.submit(owned("k", "{\"by\":2}", "bob", "user:bob")).join())
                .isEqualTo(new Submission.Accepted(TaskIds.of("w", "user:bob", "k")));
    }

    @Test
    void ownersWhoUseAKeyAtTheSameTimeHaveATaskEach() {
        List<java.util.concurrent.CompletableFuture<Submission>> all = new java.util.ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(queue.submit(owned("k" + i % 10, "{}", "x", "user:" + i % 20)));
        }

        List<Submission> results =
                all.stream().map(java.util.concurrent.CompletableFuture::join).toList();

        assertThat(results).noneMatch(Submission.Conflict.class::isInstance);
        assertThat(results.stream().filter(Submission.Accepted.class::isInstance))
                .hasSize(20);
        assertThat(results.stream().map(Submission::id).distinct()).hasSize(20);
    }

    @Test // the version before wrote no owner
    void aTaskOfTheVersionBeforeIsFoundByWhoSubmittedIt() {
        submit(keyed("w", "tickets/0/7", "{}"));
        jdbc.sql("update task set submitted_by = 'tickets'").update();
        UUID before = TaskIds.of("w", "tickets/0/7");

        assertThat(queue.submit(owned("tickets/0/7", "{}", "tickets", "event")).join())
                .isEqualTo(new Submission.Known(before));
        assertThat(queue.submit(owned("tickets/0/7", "{}", "ada", "user:ada")).join())
                .isEqualTo(new Submission.Accepted(TaskIds.of("w", "user:ada", "tickets/0/7")));
    }

    private static NewTask owned(String key, String input, String by, String owner) {
        return new NewTask(TaskIds.of("w", key), "w", key, owner, input, 4, Duration.ZERO, new Submitter(by, null));
    }

    private static NewTask task(String workflow, String input) {
        return new NewTask(TaskIds.random(), workflow, null, input, 4, Duration.ZERO, "test", null);
    }

    private static NewTask keyed(String workflow, String key, String input) {
        return new NewTask(TaskIds.of(workflow, key), workflow, key, input, 4, Duration.ZERO, "test", null);
    }

    private void submit(NewTask task) {
        queue.submit(task).join();
    }

    private List<ClaimedTask> claim(String workflow, int limit) {
        return queue.claim(worker, List.of(new ClaimRequest(workflow, limit, 1)), Room.of(limit));
    }

    private static CallRecord call(ClaimedTask task, CallState state) {
        return call(task, state, 1);
    }

    private static CallRecord call(ClaimedTask task, CallState state, int n) {
        CallScope scope = new CallScope(task.id(), null);
        UUID address = scope.nextAddress("", "tool", "{}");
        for (int i = 1; i < n; i++) {
            address = scope.nextAddress("", "tool", "{}");
        }
        return new CallRecord(
                task.id(),
                address,
                n,
                "tool",
                state,
                1,
                task.token(),
                1,
                null,
                "{}",
                state == CallState.SUCCEEDED ? "{}" : null,
                state == CallState.SUCCEEDED || state == CallState.STARTED ? null : "{}",
                Instant.EPOCH,
                null,
                null,
                null);
    }

    private static int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }
}
