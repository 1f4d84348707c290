package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.who.Actor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * Two processes, and a person, write about one family of tasks at the same time. Locks that the test holds force the order:
 * who comes first waits first, and goes on first.
 */
class FamilyRacesTest {

    private static final HikariDataSource DATA_SOURCE = new HikariDataSource();
    private static final Tracks STABLE = new Tracks(0, Tracks.STABLE);
    private static final Actor ADA = Actor.person("ada");
    private static final AttemptEnd WAITS = new AttemptEnd.Waiting(WaitReason.CHILD, null, "{}");
    private static final AttemptEnd DONE = new AttemptEnd.Completed("1");

    /** The locks of a transaction are taken in this order. */
    private static final UUID FIRST = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private static final UUID LAST = UUID.fromString("ffffffff-ffff-4fff-bfff-ffffffffffff");

    private static final LocalWorker LOCAL = new LocalWorker();

    private static PostgresFleet fleet;
    private static PostgresTaskQueue queue;
    private static PostgresTaskQueue other;
    private static PostgresChildCalls children;
    private static TaskDecisions decisions;
    private static JdbcClient jdbc;

    private final UUID worker = UUID.randomUUID();
    private final List<Connection> locks = new ArrayList<>();

    @BeforeAll
    static void connect() {
        DATA_SOURCE.setJdbcUrl(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(DATA_SOURCE.getJdbcUrl());
        fleet = new PostgresFleet(DATA_SOURCE, STABLE);
        Wakeups wakeups = new Wakeups(fleet);
        queue = new PostgresTaskQueue(DATA_SOURCE, wakeups, STABLE, new LocalWorker(), List.of());
        other = new PostgresTaskQueue(DATA_SOURCE, wakeups, STABLE, new LocalWorker(), List.of());
        children = new PostgresChildCalls(DATA_SOURCE, wakeups, STABLE, LOCAL, List.of());
        decisions = new PostgresTaskDecisions(DATA_SOURCE, new DataSourceTransactionManager(DATA_SOURCE), wakeups);
    }

    @AfterAll
    static void disconnect() {
        queue.destroy();
        other.destroy();
        children.destroy();
        DATA_SOURCE.close();
    }

    @BeforeEach
    void startEmpty() {
        jdbc.sql("truncate task, call, pending_call, worker, audit, attempt").update();
        fleet.join(worker, "test", "test");
    }

    @AfterEach
    void unlock() throws SQLException {
        for (Connection lock : locks) {
            lock.close();
        }
    }

    /** Both orders of a child's end and its parent's. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChildThatEndsAsItsParentBeginsToWaitWakesItOnce(boolean parentFirst) throws SQLException {
        ClaimedTask parent = running("parent");
        ClaimedTask child = child(parent);
        List<Supplier<CompletableFuture<Boolean>>> ends =
                new ArrayList<>(List.of(() -> queue.end(parent.lease(), WAITS), () -> other.end(child.lease(), DONE)));
        if (!parentFirst) {
            Collections.reverse(ends);
        }
        Connection lock = lock(parent.id());

        CompletableFuture<Boolean> first = ends.get(0).get();
        blocked(1);
        CompletableFuture<Boolean> second = ends.get(1).get();
        blocked(2);
        lock.rollback();

        assertThat(Stream.of(first, second).map(CompletableFuture::join)).containsExactly(true, true);
        assertThat(status(child.id())).isEqualTo("COMPLETED");
        assertWokenOnce(parent, "SUCCEEDED");
    }

    @Test
    void ofTheLastTwoChildrenOneWakesTheirParent() throws SQLException {
        ClaimedTask parent = running("parent");
        ClaimedTask one = child(parent);
        ClaimedTask two = child(parent);
        queue.end(parent.lease(), WAITS).join();
        Connection lock = lock(parent.id());

        CompletableFuture<Boolean> first = queue.end(one.lease(), DONE);
        CompletableFuture<Boolean> second = other.end(two.lease(), DONE);
        blocked(2);
        lock.rollback();

        assertThat(Stream.of(first, second).map(CompletableFuture::join)).containsExactly(true, true);
        assertWokenOnce(parent, "SUCCEEDED", "SUCCEEDED");
    }

    /** Families whose locks cross: the two processes end them in opposite orders. */
    @Test
    void manyEndsInAnyOrderWakeEachParentOnce() {
        List<ClaimedTask> parents = new ArrayList<>();
        List<ClaimedTask> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ClaimedTask parent = running("parent");
            parents.add(parent);
            for (int j = 0; j < 10; j++) {
                all.add(child(parent));
            }
        }
        Collections.shuffle(all);

        List<CompletableFuture<Boolean>> ended = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            ended.add((i % 2 == 0 ? queue : other).end(all.get(i).lease(), DONE));
            if (i % 10 == 0) {
                ended.add((i % 20 == 0 ? queue : other).end(parents.get(i / 10).lease(), WAITS));
            }
        }

        assertThat(ended.stream().map(CompletableFuture::join)).containsOnly(true);
        assertThat(jdbc.sql("select status || token from task where workflow = 'parent'")
                        .query(String.class)
                        .list())
                .hasSize(10)
                .containsOnly("QUEUED1");
    }

    /** After the end of a child the next end is written as that of a child: it need not be one. */
    @Test
    void afterAChildTasksThatStandAloneEndAsEver() {
        ClaimedTask parent = running("parent");
        ClaimedTask child = child(parent);
        ClaimedTask completes = running("alone");
        ClaimedTask fails = running("alone");

        assertThat(queue.end(child.lease(), DONE).join()).isTrue();
        assertThat(queue.end(completes.lease(), DONE).join()).isTrue();
        assertThat(queue.end(child.lease(), DONE).join()).isFalse();
        assertThat(queue.end(parent.lease(), WAITS).join()).isTrue();
        ClaimedTask other = child(claim("parent"));
        assertThat(queue.end(other.lease(), DONE).join()).isTrue();
        assertThat(queue.end(fails.lease(), new AttemptEnd.Retry("{}", Duration.ofHours(1)))
                        .join())
                .isTrue();

        assertThat(status(completes.id())).isEqualTo("COMPLETED");
        assertThat(status(fails.id())).isEqualTo("WAITING");
        assertThat(jdbc.sql("select ending from attempt where task_id = ?")
                        .param(fails.id())
                        .query(String.class)
                        .list())
                .containsExactly("FAILED");
    }

    /** A route had caught a refusal of the call and did not get over it: it is made again, as a child this time. */
    @Test
    void aChildThatWasRefusedOnceIsHeardWhenItEnds() {
        ClaimedTask parent = running("parent");
        UUID child = TaskIds.random();
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, error, started_at)
                        values (?, ?, 1, 'task:child', 'FAILED', 1, 0, '{}', '{}', now())""")
                .params(parent.id(), child)
                .update();
        begin(parent, "child", child, false);
        assertThat(OpenChildren.of(jdbc, List.of(parent.id()), 9))
                .extracting(CallRecord::address)
                .containsExactly(child);
        assertThat(queue.end(parent.lease(), WAITS).join()).isTrue();

        assertThat(other.end(claim("child").lease(), DONE).join()).isTrue();

        assertWokenOnce(parent, "SUCCEEDED");
    }

    /** A cancellation comes before or after the end of the child: the child is cancelled, or it has completed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChildEndsOrIsCancelledWithItsParent(boolean cancelledFirst) throws SQLException {
        ClaimedTask parent = running("parent");
        ClaimedTask child = child(parent);
        queue.end(parent.lease(), WAITS).join();
        Connection lock = lock(parent.id());

        CompletableFuture<Boolean> end = cancelledFirst ? null : other.end(child.lease(), DONE);
        blocked(cancelledFirst ? 0 : 1);
        CompletableFuture<TaskDecisions.Verdict> cancel =
                CompletableFuture.supplyAsync(() -> decisions.cancel(parent.id(), ADA));
        blocked(cancelledFirst ? 1 : 2);
        if (cancelledFirst) {
            end = other.end(child.lease(), DONE);
            blocked(2);
        }
        lock.rollback();

        assertThat(cancel.join()).isEqualTo(new TaskDecisions.Verdict.Done());
        assertThat(end.join()).isEqualTo(!cancelledFirst);
        assertThat(status(parent.id())).isEqualTo("CANCELLED");
        assertThat(status(child.id())).isEqualTo(cancelledFirst ? "CANCELLED" : "COMPLETED");
        assertThat(jdbc.sql(
                                "select c.state from call c join task t on t.id = c.address and t.parent = c.task_id and not t.awaited")
                        .query(String.class)
                        .list())
                .containsExactly(cancelledFirst ? "REJECTED" : "SUCCEEDED");
    }

    /** The child is dead, a person tries it again, and as it ends its parent is tried again, too. */
    @Test
    void aChildThatEndsAsItsParentIsRetriedIsHeard() throws SQLException {
        ClaimedTask parent = running("parent");
        ClaimedTask child = child(parent);
        other.end(child.lease(), new AttemptEnd.Dead("{\"message\":\"no\"}")).join();
        queue.end(parent.lease(), new AttemptEnd.Dead("{\"message\":\"no\"}")).join();
        decisions.redrive(child.id(), ADA);
        ClaimedTask again = claim("child");
        Connection lock = lock(child.id());

        CompletableFuture<TaskDecisions.Verdict> retry =
                CompletableFuture.supplyAsync(() -> decisions.redrive(parent.id(), ADA));
        blocked(1);
        CompletableFuture<Boolean> end = other.end(again.lease(), DONE);
        blocked(2);
        lock.rollback();

        assertThat(retry.join()).isEqualTo(new TaskDecisions.Verdict.Done());
        assertThat(end.join()).isTrue();
        assertThat(states(parent.id())).containsExactly("SUCCEEDED");
        assertThat(status(parent.id())).isEqualTo("QUEUED");
    }

    /** The parent began to await the child after the child's end had looked for its parents. */
    @Test
    void aParentThatComesWhileTheSharedChildEndsIsWoken() throws SQLException {
        ClaimedTask parent = running("parent");
        ClaimedTask late = running("parent");
        begin(parent, "shared", FIRST, true);
        begin(parent, "shared", LAST, true);
        queue.end(parent.lease(), WAITS).join();
        Lease first = claim("shared", FIRST);
        Lease last = claim("shared", LAST);
        ClaimedTask busy = running("busy");
        Connection onBusy = lock(busy.id());
        Connection onFirst = lock(FIRST);
        Connection onLast = lock(LAST);

        CompletableFuture<Boolean> awaits = children.begin(call(late, "shared", FIRST, true));
        blocked(1);
        other.end(busy.lease(), DONE); // so the next two go out together
        blocked(2);
        CompletableFuture<Boolean> endOfFirst = other.end(first, DONE);
        CompletableFuture<Boolean> endOfLast = other.end(last, DONE);
        onBusy.rollback();
        await().until(() -> status(busy.id()).equals("COMPLETED"));
        blocked(2);
        onFirst.rollback();
        assertThat(awaits.join()).isTrue();
        blocked(1); // it holds the lock of the first, and waits for that of the last
        Connection end = lock(late.id());
        try (Statement waits = end.createStatement()) { // as its attempt ends in a third process
            waits.execute(
                    "update task set status = 'WAITING', wait_reason = 'CHILD', worker = null, run_at = 'infinity' where id = '%s'"
                            .formatted(late.id()));
        }
        onLast.rollback();
        blocked(1);
        end.commit();

        assertThat(endOfFirst.join()).isTrue();
        assertThat(endOfLast.join()).isTrue();
        assertThat(status(late.id())).isEqualTo("QUEUED");
        assertWokenOnce(parent, "SUCCEEDED", "SUCCEEDED");
    }

    /** A child that is there already makes the transaction begin anew: what it stored before is not begun. */
    @Test
    void aChildBeginsWhereItsPlaceIsAndNotBeforeItIsCommitted() {
        ClaimedTask parent = running("parent");
        UUID known = TaskIds.random();
        begin(parent, "child", known, false);
        Places places = new Places();
        LOCAL.is(places);
        try {
            ClaimedTask busy = running("busy");
            Connection onParent = lock(parent.id());
            CompletableFuture<Boolean> first = children.begin(call(parent, "busy", TaskIds.random(), false));
            blocked(1); // so the next two go out together
            UUID child = TaskIds.random();
            CompletableFuture<Boolean> again = children.begin(call(parent, "child", known, false));
            CompletableFuture<Boolean> added = children.begin(call(parent, "child", child, false));
            onParent.rollback();

            assertThat(Stream.of(first, again, added).map(CompletableFuture::join))
                    .containsOnly(true);
            assertThat(places.begun).containsKey(child).doesNotContainKeys(known, busy.id());
            assertThat(places.seen).containsOnly("RUNNING");
            assertThat(places.begun.get(child).lease()).isEqualTo(new Lease(child, 1));
            assertThat(queue.end(places.begun.get(child).lease(), DONE).join()).isTrue();
            assertThat(places.open).as("each place was used once").hasValue(0);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            LOCAL.is(null);
        }
    }

    /** A worker that has a place for each child, and looks how the database knows it when it begins. */
    private final class Places implements LocalWorker.Host {

        final Map<UUID, ClaimedTask> begun = new ConcurrentHashMap<>();
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger open = new AtomicInteger();

        @Override
        public UUID worker() {
            return worker;
        }

        @Override
        public List<LocalWorker.@Nullable Place> keep(List<NewTask> tasks) {
            return tasks.stream()
                    .map(task -> task.workflow().equals("child") ? place() : null)
                    .toList();
        }

        private LocalWorker.Place place() {
            open.incrementAndGet();
            return new LocalWorker.Place() {

                @Override
                public long definition() {
                    return 1;
                }

                @Override
                public void begin(ClaimedTask task) {
                    seen.add(status(task.id()));
                    begun.put(task.id(), task);
                    open.decrementAndGet();
                }

                @Override
                public void giveBack() {
                    open.decrementAndGet();
                }
            };
        }
    }

    private void assertWokenOnce(ClaimedTask parent, String... states) {
        assertThat(status(parent.id())).isEqualTo("QUEUED");
        assertThat(states(parent.id())).containsExactly(states);
        jdbc.sql("update task set status = 'CANCELLED', finished_at = now() where workflow = 'parent' and id <> ?")
                .param(parent.id())
                .update();
        ClaimedTask woken = claim("parent");
        assertThat(woken.token()).isEqualTo(2);
        assertThat(jdbc.sql("select woken from task where id = ?")
                        .param(parent.id())
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    private ClaimedTask running(String workflow) {
        queue.submit(new NewTask(TaskIds.random(), workflow, null, "{}", 4, Duration.ZERO, "test", null))
                .join();
        return claim(workflow);
    }

    private ClaimedTask claim(String workflow) {
        List<ClaimedTask> claimed = queue.claim(worker, List.of(new ClaimRequest(workflow, 1, 1)), Room.of(1));
        assertThat(claimed).hasSize(1);
        return claimed.getFirst();
    }

    private Lease claim(String workflow, UUID id) {
        jdbc.sql("update task set run_at = run_at - interval '1 hour' where id = ?")
                .param(id)
                .update();
        ClaimedTask task = claim(workflow);
        assertThat(task.id()).isEqualTo(id);
        return task.lease();
    }

    private ClaimedTask child(ClaimedTask parent) {
        begin(parent, "child", TaskIds.random(), false);
        return claim("child");
    }

    private static void begin(ClaimedTask parent, String workflow, UUID child, boolean shared) {
        assertThat(children.begin(call(parent, workflow, child, shared)).join()).isTrue();
    }

    private static ChildCall call(ClaimedTask parent, String workflow, UUID child, boolean shared) {
        CallRecord pending = new CallRecord(
                parent.id(),
                shared ? UUID.randomUUID() : child,
                1,
                "task:" + workflow,
                CallState.PENDING,
                0,
                parent.token(),
                0,
                null,
                "{}",
                null,
                null,
                Instant.now(),
                null,
                null,
                null);
        Submitter submitter = new Submitter("test", null, Family.of(parent), false);
        return new ChildCall(
                pending, new NewTask(child, workflow, null, null, "{}", 4, Duration.ZERO, submitter), shared, false);
    }

    private Connection lock(UUID task) throws SQLException {
        Connection connection = DATA_SOURCE.getConnection();
        locks.add(connection);
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement()) {
            lock.execute("select from task where id = '%s' for update".formatted(task));
        }
        return connection;
    }

    private void blocked(int transactions) {
        await().until(() -> jdbc.sql(
                                """
                                select count(*) from pg_stat_activity
                                 where datname = current_database() and wait_event_type = 'Lock'""")
                        .query(Integer.class)
                        .single()
                == transactions);
    }

    private static String status(UUID task) {
        return jdbc.sql("select status from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private static List<String> states(UUID task) {
        return jdbc.sql("select state from call where task_id = ?")
                .param(task)
                .query(String.class)
                .list();
    }
}
