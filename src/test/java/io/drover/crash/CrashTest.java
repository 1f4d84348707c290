package io.drover.crash;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Effort;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.audit.AuditExport;
import io.drover.audit.AuditVerifier;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Real processes that die: nothing is lost, and no effect is repeated that must not be. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"drover.role=trigger", "drover.routes.directory=src/test/resources/routes-guard/processes"})
class CrashTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static String jdbcUrl = "";

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        jdbcUrl = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> jdbcUrl);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DataSource dataSource;

    private static final int KILLS = Effort.of(6, 50);

    private final List<DroverProcess> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(DroverProcess::close);
    }

    @Test
    void survivesKillsOverManyTasks() {
        SERVER.always("/post", after(20, json("{\"ok\":true}")));
        SERVER.always("/put", after(20, json("{\"ok\":true}")));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<UUID> submitted = new ArrayList<>();
        // One after the other, so that those before have started again meanwhile.
        DroverProcess[] workers = {worker(), worker(), worker(), worker()};

        for (int kills = 0; kills < KILLS; kills++) {
            List<CompletableFuture<UUID>> batch = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                batch.add(submit("two-steps", "{\"n\":%d}".formatted(submitted.size() + i)));
            }
            batch.forEach(one -> submitted.add(one.join()));
            int victim = kills % workers.length;
            workers[victim].awaitClaiming();
            pause(random.nextInt(400));
            workers[victim].kill();
            workers[victim] = worker();
        }

        await().untilAsserted(() -> assertThat(
                        count("select count(*) from task where status in ('QUEUED', 'RUNNING') or wait_reason in"
                                + " ('RETRY', 'DELAY')"))
                .isZero());
        assertThat(submitted).hasSize(KILLS * 40);
        assertThat(count("select count(*) from task where status not in ('COMPLETED', 'WAITING') and workflow ="
                        + " 'two-steps' and input::text like '%n%'"))
                .as("seed %d", seed)
                .isZero();
        Map<String, List<Instant>> sent = requestsByKey("/post");
        assertThat(sent)
                .as("no effect twice")
                .allSatisfy((key, times) -> assertThat(times).as(key).hasSize(1));
        List<String> succeeded = jdbc.sql("select address::text from call where tool = 'post' and state = 'SUCCEEDED'")
                .query(String.class)
                .list();
        assertThat(sent.keySet()).containsAll(succeeded);
        assertThat(count("select count(*) from task t where status = 'WAITING' and not exists (select from call"
                        + " c where c.task_id = t.id and c.state = 'IN_DOUBT')"))
                .isZero();
        audited(submitted);
        Map<String, List<Instant>> repeatable = requestsByKey("/put");
        jdbc.sql("select address::text as key, finished_at from call where tool = 'put' and state = 'SUCCEEDED'")
                .query()
                .listOfRows()
                .forEach(call -> {
                    Instant recorded = ((java.sql.Timestamp) call.get("finished_at")).toInstant();
                    assertThat(repeatable.get(call.get("key").toString()))
                            .as("not made again once recorded")
                            .allMatch(sentAt -> !sentAt.isAfter(recorded));
                });
    }

    /** The audit log has each task and each call, and is whole, whenever a process died. */
    private void audited(List<UUID> tasks) {
        List<String> problems;
        StringWriter export = new StringWriter();
        try {
            new AuditExport(dataSource).write(export, null);
            problems = new AuditVerifier(List.of(), List.of())
                    .verify(new BufferedReader(new StringReader(export.toString())))
                    .problems();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(problems).isEmpty();
        String all = String.join(
                "\n",
                jdbc.sql("select body from audit_chain").query(String.class).list());
        assertThat(tasks).allSatisfy(task -> assertThat(all).contains("[\"submitted\", \"" + task));
        jdbc.sql("select task_id, n, tool, state from call")
                .query()
                .listOfRows()
                .forEach(call -> assertThat(all)
                        .contains("[\"called\", \"%s\", %s, \"%s\", \"%s\""
                                .formatted(call.get("task_id"), call.get("n"), call.get("tool"), call.get("state"))));
    }

    @Test
    void aPausedWorkerThatComesBackCannotWrite() {
        SERVER.next("/put", after(3_000, json("{\"from\":\"the paused worker\"}")));
        UUID task =
                submit("call", "{\"tool\":\"put\",\"args\":{\"x\":\"paused\"}}").join();
        DroverProcess paused = worker("--drover.tools.put.timeout=120s").awaitClaiming();
        await().until(() ->
                SERVER.requests("/put").stream().anyMatch(r -> r.body().contains("paused")));

        paused.signal("STOP");
        DroverProcess other = worker().awaitClaiming();
        await().until(() -> status(task).equals("COMPLETED"));
        paused.signal("CONT");

        await().until(() -> paused.log().contains("declared dead"));
        assertThat(jdbc.sql("select output::text from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("{\"ok\":true}");
        await().untilAsserted(() -> assertThat(jdbc.sql("select reason from late_result where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .list())
                .containsExactly("the lease is lost"));
        assertThat(other.isAlive()).isTrue();
    }

    @Test
    @Tag("release")
    void aWorkerWhoseAttemptsStandStillLosesThemToAnother() {
        DroverProcess frozen = DroverProcess.freezing(jdbcUrl, SERVER.url());
        processes.add(frozen);
        frozen.awaitClaiming();
        UUID task = submit("call", "{\"tool\":\"post\",\"args\":{\"x\":\"frozen\"}}")
                .join();
        await().until(() -> frozen.log().contains("no attempt can make progress"));
        await().until(() -> frozen.log().matches("(?s).*live: DOWN .*no attempt could make progress for \\d+ s.*"));
        String beat = heartbeat(frozen);

        DroverProcess other = worker().awaitClaiming();

        await().until(() -> status(task).equals("COMPLETED"));
        assertThat(frozen.isAlive()).isTrue();
        assertThat(heartbeat(frozen)).as("none since, or declared dead").isIn(beat, "none");
        assertThat(SERVER.requests("/post").stream().filter(r -> r.body().contains("frozen")))
                .as("the call is made once, and by the other process")
                .hasSize(1);
        frozen.signal("USR2");
        await().until(() -> frozen.log().contains("declared dead"));
        await().until(() -> frozen.log().lastIndexOf("live: UP") > frozen.log().lastIndexOf("live: DOWN"));
        assertThat(SERVER.requests("/post").stream().filter(r -> r.body().contains("frozen")))
                .as("what had stood still does not make it again")
                .hasSize(1);
        assertThat(jdbc.sql("select count(*) from call where task_id = ? and state = 'SUCCEEDED'")
                        .param(task)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(other.isAlive()).isTrue();
    }

    private String heartbeat(DroverProcess process) {
        return jdbc.sql("select heartbeat_at::text from worker where name like ?")
                .param(process.pid() + "@%")
                .query(String.class)
                .optional()
                .orElse("none");
    }

    @Test
    void aStoppedWorkerFinishesWhatItBeganAndTakesNothingNew() {
        SERVER.always("/put", after(600, json("{\"ok\":true}")));
        DroverProcess worker = worker().awaitClaiming();
        UUID begun = submit("call", "{\"tool\":\"put\",\"args\":{\"x\":\"drained\"}}")
                .join();
        await().until(() ->
                SERVER.requests("/put").stream().anyMatch(r -> r.body().contains("drained")));

        worker.signal("TERM");

        assertThat(worker.exitCode()).isEqualTo(143);
        assertThat(status(begun)).isEqualTo("COMPLETED");
        assertThat(count("select count(*) from task where status = 'RUNNING'")).isZero();
    }

    @Test
    void aStoppedWorkerCutsNoCallOffAndBeginsNoneThatItMight() {
        CountDownLatch answered = new CountDownLatch(1);
        SERVER.next("/post", out -> {
            answered.await();
            json("{\"ok\":true}").write(out);
        });
        int puts = SERVER.requests("/put").size();
        int posts = SERVER.requests("/post").size();
        DroverProcess worker = worker("--drover.worker.drain-timeout=8s", "--drover.tools.post.timeout=60s")
                .awaitClaiming();
        UUID task = submit("two-steps", "{}").join();
        await().until(() -> SERVER.requests("/post").size() > posts);

        worker.signal("TERM");
        await().until(() -> worker.log().contains("begin no more calls"));
        answered.countDown();

        assertThat(worker.exitCode()).isEqualTo(143);
        assertThat(jdbc.sql("select t.status || ' ' || t.attempt || ' ' || c.state from task t join call c on"
                                + " c.task_id = t.id where t.id = ?")
                        .param(task)
                        .query(String.class)
                        .list())
                .containsExactly("QUEUED 0 SUCCEEDED");
        assertThat(SERVER.requests("/put")).hasSize(puts);
        worker().awaitClaiming();
        await().until(() -> status(task).equals("COMPLETED"));
        assertThat(SERVER.requests("/post")).hasSize(posts + 1);
        assertThat(SERVER.requests("/put")).hasSize(puts + 1);
    }

    @Test
    @Tag("release")
    void afterAnOutageOfTheDatabaseNobodyIsDeclaredDeadBeforeItCouldSayThatItLives() throws Exception {
        String[] beats = {"--drover.worker.lease=6s", "--drover.worker.heartbeat=2s"};
        DroverProcess first = worker(beats).awaitClaiming();
        DroverProcess second = worker(beats).awaitClaiming();

        Timestamp before;
        try (var connection = java.sql.DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            stopOutsideATransaction(second, connection, statement); // it comes back later than the first
            await().until(
                            () -> { // by then each would be dead to the other
                                try (var silent = statement.executeQuery(
                                        "select bool_and(heartbeat_at < clock_timestamp() - interval '9 seconds') from worker")) {
                                    return silent.next() && silent.getBoolean(1);
                                }
                            });
            try (var latest = statement.executeQuery("select max(heartbeat_at) from worker")) {
                latest.next();
                before = latest.getTimestamp(1);
            }
            connection.rollback();
        }
        awaitHeartbeats(before, 1);
        second.signal("CONT");
        awaitHeartbeats(now(), 2);
        awaitHeartbeats(now(), 2); // each has looked for the dead since the other is back

        assertThat(second.log()).doesNotContain("declared dead");
        assertThat(first.log()).doesNotContain("declared dead");
    }

    @Test
    @Tag("release")
    void keepsTheRateOverTwoWorkers() {
        DroverProcess first = worker("--drover.tools.slow_rate.throttle=6/1s").awaitClaiming();
        DroverProcess second = worker("--drover.tools.slow_rate.throttle=6/1s").awaitClaiming();
        awaitHeartbeats(now(), 2); // then each knows of the other
        long began = System.nanoTime();
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            all.add(submit("call", "{\"tool\":\"slow_rate\",\"args\":{\"x\":\"%d\"}}".formatted(i))
                    .join());
        }

        await().until(() -> all.stream().allMatch(task -> status(task).equals("COMPLETED")));
        List<FaultyServer.Request> requests = SERVER.requests("/slow_rate");
        assertThat(requests).hasSize(48);
        // Six a second need seven seconds, twelve need three. A slow machine only makes it longer.
        long last =
                requests.stream().mapToLong(FaultyServer.Request::nanos).max().orElseThrow();
        assertThat(Duration.ofNanos(last - began)).isGreaterThan(Duration.ofSeconds(5));
        assertThat(first.isAlive() && second.isAlive()).isTrue();
    }

    /** Stops a worker and locks the table of workers: if the worker holds a lock itself, it goes on, and is stopped again. */
    private static void stopOutsideATransaction(DroverProcess worker, Connection connection, Statement statement) {
        await().until(() -> {
            worker.signal("STOP");
            try {
                statement.execute("set local lock_timeout = '1s'");
                statement.execute("lock table worker in access exclusive mode");
                return true;
            } catch (SQLException e) {
                connection.rollback();
                worker.signal("CONT");
                return false;
            }
        });
    }

    private Timestamp now() {
        return jdbc.sql("select clock_timestamp()").query(Timestamp.class).single();
    }

    private void awaitHeartbeats(Timestamp since, int workers) {
        await().until(() -> jdbc.sql("select count(*) from worker where heartbeat_at > ?")
                        .param(since)
                        .query(Integer.class)
                        .single()
                >= workers);
    }

    private DroverProcess worker(String... more) {
        DroverProcess process = DroverProcess.worker(jdbcUrl, SERVER.url(), more);
        processes.add(process);
        return process;
    }

    private CompletableFuture<UUID> submit(String workflow, String input) {
        return tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test"))
                .thenApply(s -> s.id());
    }

    private String status(UUID task) {
        return jdbc.sql("select status from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }

    private Map<String, List<Instant>> requestsByKey(String path) {
        long nowNanos = System.nanoTime();
        Instant now = Instant.now();
        return SERVER.requests(path).stream()
                .filter(r -> r.headers().containsKey("Idempotency-Key"))
                .collect(Collectors.groupingBy(
                        r -> r.headers().get("Idempotency-Key"),
                        Collectors.mapping(r -> now.minusNanos(nowNanos - r.nanos()), Collectors.toList())));
    }

    private static void pause(int millis) {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
