package io.drover.crash;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.Needed;
import io.drover.Needs;
import io.drover.TestDatabase;
import io.drover.local.RestoredPostgres;
import io.drover.local.Servers;
import io.drover.monitoring.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database that goes back in time: nothing that was done since is done again without a person's word. */
class RecoveryTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int TASKS = 1500;

    private final FaultyServer server = new FaultyServer();

    @TempDir
    Path directory;

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    @Needs({Needed.PG_DUMP, Needed.PG_RESTORE})
    void repeatsNoChargeAfterADumpIsRestored() {
        String before = database();
        Path dump = directory.resolve("dump");
        Instant[] since = new Instant[1];

        chargeAll(before, () -> {
            since[0] = Instant.now();
            run("pg_dump", "--format=custom", "--file=" + dump, uri(before));
        });
        String after = TestDatabase.create();
        run("pg_restore", "--no-owner", "--dbname=" + uri(after), dump.toString());

        recoversWithoutRepeating(after, since[0]);
    }

    @Test
    void repeatsNoChargeAfterARecoveryToAPointInTime() throws Exception {
        try (RestoredPostgres source = RestoredPostgres.archiving(directory)) {
            String before = source.database("drover");
            Flyway.configure().dataSource(before, null, null).load().migrate();
            Instant[] since = new Instant[1];
            source.backUp();
            chargeAll(before, () -> since[0] = source.now());

            try (RestoredPostgres restored = source.restoredTo(since[0])) {
                recoversWithoutRepeating(restored.database("drover"), since[0]);
            }
        }
    }

    /** Charges for all tasks; somewhere between the backup is made. */
    private void chargeAll(String database, Runnable backup) {
        server.always("/post", after(20, json("{\"ok\":true}")));
        jdbc(database)
                .sql(
                        "insert into task (id, workflow, status, input) select gen_random_uuid(), 'two-steps', 'QUEUED', '{}' from generate_series(1, :n)")
                .param("n", TASKS)
                .update();
        try (DroverProcess worker = worker(database)) {
            await().atMost(PATIENCE).until(() -> server.requests("/post").size() > TASKS / 5);
            backup.run();
            await().atMost(PATIENCE).until(() -> count(database, "status = 'COMPLETED'") == TASKS);
            worker.signal("TERM");
            worker.awaitDeath();
        }
    }

    private void recoversWithoutRepeating(String database, Instant since) {
        int lost = TASKS - count(database, "status = 'COMPLETED'");
        assertThat(lost).as("tasks that the database has forgotten the end of").isPositive();

        try (DroverProcess worker = worker(database, "--drover.recover-since=" + since)) {
            await().atMost(PATIENCE)
                    .failFast("it ended", () -> !worker.isAlive())
                    .until(() -> count(database, "status in ('COMPLETED', 'WAITING')") == TASKS);
            assertThat(worker.log()).contains("recovering what happened since " + since);
            assertThat(count(database, "status = 'WAITING'")).isPositive();
            assertThat(count(database, "status = 'WAITING' and wait_reason <> 'IN_DOUBT'"))
                    .isZero();
            assertThat(charges().values()).as("charges by key").hasSize(TASKS).containsOnly(1L);

            String key = sayCallAgain(database);
            await().atMost(PATIENCE).until(() -> charges().get(key) == 2L);
            assertThat(charges().values().stream().filter(n -> n > 1)).hasSize(1);
            worker.signal("TERM");
            worker.awaitDeath();
        }

        // The mark stays: a process that starts without the option asks as well.
        jdbc(database)
                .sql(
                        "update task set status = 'QUEUED', wait_reason = null, token = token + 1, run_at = now() where status = 'WAITING'")
                .update();
        try (DroverProcess worker = worker(database)) {
            await().atMost(PATIENCE).until(() -> count(database, "status in ('COMPLETED', 'WAITING')") == TASKS);
            assertThat(charges().values().stream().filter(n -> n > 1)).hasSize(1);
        }
    }

    /** A person's word about one of the calls in doubt, as the API writes it. */
    private static String sayCallAgain(String database) {
        String key = jdbc(database)
                .sql(
                        """
                        update call c set state = 'AGAIN', finished_at = now(), token = t.token + 1
                          from task t
                         where t.id = c.task_id and (c.task_id, c.address) =
                               (select task_id, address from call where state = 'IN_DOUBT' limit 1)
                        returning c.address::text
                        """)
                .query(String.class)
                .single();
        jdbc(database)
                .sql(
                        """
                        update task set status = 'QUEUED', wait_reason = null, token = token + 1, run_at = now()
                         where id = (select task_id from call where address = :key::uuid)
                        """)
                .param("key", key)
                .update();
        return key;
    }

    /** What becomes of a call of each kind, which the journal does not hold. */
    @ParameterizedTest
    @CsvSource({
        "put, /put, COMPLETED, 1", // the same key: the other side knows it
        "post_checked, /post_checked, COMPLETED, 0", // its reconcile tool knows that it happened
        "shaky, /shaky, WAITING, 0", // its fallback may have done it in its place
        "post, /post, WAITING, 0"
    })
    void asksWhoCanKnow(String tool, String path, String status, int sent) {
        String database = database();
        server.always("/check", json("{\"happened\":true,\"result\":{\"id\":1}}"));
        task(database, "{\"tool\":\"%s\",\"args\":{\"x\":\"1\"}}".formatted(tool));

        try (DroverProcess worker =
                worker(database, "--drover.recover-since=" + Instant.now().minusSeconds(60))) {
            await().atMost(PATIENCE)
                    .failFast("it ended", () -> !worker.isAlive())
                    .until(() -> count(database, "status in ('COMPLETED', 'WAITING', 'DEAD')") == 1);
            assertThat(count(database, "status = '%s'".formatted(status)))
                    .as(worker.log())
                    .isOne();
            assertThat(server.requests(path)).hasSize(sent);
            task(database, "{\"tool\":\"post\",\"args\":{\"x\":\"new\"}}"); // nothing is doubtful of what is new
            await().atMost(PATIENCE).until(() -> server.requests("/post").stream()
                    .anyMatch(request -> request.body().contains("new")));
        }
    }

    /** The model may have chosen other arguments, and so another key, where its answer is not the recorded one. */
    @ParameterizedTest
    @CsvSource({
        "put, /put, -1 hour, 1",
        "put, /put, 1 hour, 0",
        "post_checked, /check, -1 hour, 1",
        "post_checked, /check, 1 hour, 0"
    })
    void asksAPersonAfterAModelWasAskedAgain(String tool, String path, String asked, int requests) {
        String database = database();
        server.always("/check", json("{\"happened\":true,\"result\":{\"id\":1}}"));
        task(database, "{\"tool\":\"%s\",\"args\":{\"x\":\"1\"}}".formatted(tool));
        jdbc(database).sql("update task set token = 1").update();
        jdbc(database)
                .sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, result, started_at, finished_at)
                        select id, gen_random_uuid(), 1, 'model.helper', 'SUCCEEDED', 1, 0, '{}', '{}', now() + :asked::interval, now()
                          from task
                        """)
                .param("asked", asked)
                .update();

        try (DroverProcess worker =
                worker(database, "--drover.recover-since=" + Instant.now().minusSeconds(60))) {
            await().atMost(PATIENCE)
                    .failFast("it ended", () -> !worker.isAlive())
                    .until(() -> count(database, "status in ('COMPLETED', 'WAITING', 'DEAD')") == 1);
            assertThat(count(database, "status = '%s'".formatted(requests == 0 ? "WAITING" : "COMPLETED")))
                    .as(worker.log())
                    .isOne();
            assertThat(server.requests(path)).hasSize(requests);
        }
    }

    /** Of a call that failed, or that a person permitted, before the backup. */
    @ParameterizedTest
    @CsvSource({"FAILED", "AGAIN"})
    void whatWasAboutToBeCalledAgainIsInDoubtToo(String state) {
        String database = database();
        task(database, "{\"tool\":\"post\",\"args\":{\"x\":\"1\"}}");
        try (DroverProcess worker =
                worker(database, "--drover.recover-since=" + Instant.now().minusSeconds(60))) {
            await().atMost(PATIENCE).until(() -> count(database, "status = 'WAITING'") == 1);
            worker.signal("TERM");
            worker.awaitDeath();
        }
        jdbc(database)
                .sql("update call set state = '%s', finished_at = now() - interval '1 hour'".formatted(state))
                .update();
        jdbc(database)
                .sql("update task set status = 'QUEUED', wait_reason = null, token = token + 1, run_at = now()")
                .update();

        try (DroverProcess worker = worker(database)) {
            worker.awaitClaiming();
            await().atMost(PATIENCE).until(() -> count(database, "status = 'WAITING'") == 1);
        }
        assertThat(server.requests("/post")).isEmpty();
    }

    @Test
    void readsForgottenRecordsOfKafkaAgainAndDoubtsTheirTasks() throws Exception {
        String topic = Servers.newTopic("forgotten", 2);
        Path routes = Files.createDirectory(directory.resolve("routes"));
        for (String file : List.of("post", "two-steps", "put")) {
            Files.copy(
                    Path.of("src/test/resources/routes-guard", file + ".camel.yaml"),
                    routes.resolve(file + ".camel.yaml"));
        }
        Files.writeString(
                routes.resolve("orders.camel.yaml"),
                """
                - route:
                    id: orders
                    from: { uri: "kafka:%s", parameters: { groupId: "%s" }, steps: [ { to: { uri: "task:two-steps" } } ] }
                """
                        .formatted(topic, topic));
        String before = database();
        Instant since = Instant.now();
        try (DroverProcess process = all(routes, before)) {
            for (int i = 0; i < 6; i++) {
                send(topic, i % 2);
            }
            await().atMost(PATIENCE).until(() -> count(before, "status = 'COMPLETED'") == 6);
            process.signal("TERM"); // when it ends, the offsets are committed
            process.awaitDeath();
        }

        String after = database();
        for (int start = 0; start < 2; start++) { // the second start sets nothing back
            try (DroverProcess process = all(routes, after, "--drover.recover-since=" + since)) {
                await().atMost(PATIENCE)
                        .failFast("it ended", () -> !process.isAlive())
                        .until(() -> count(after, "wait_reason = 'IN_DOUBT'") == 6);
                assertThat(server.requests("/post")).hasSize(6 + start);
                send(topic, 0); // an event of now
                int events = 1 + start;
                await().atMost(PATIENCE).until(() -> count(after, "status = 'COMPLETED'") == events);
                assertThat(process.log().contains("reads again from")).isEqualTo(start == 0);
                process.signal("TERM");
                process.awaitDeath();
            }
        }
        assertThat(charges().values()).hasSize(8).containsOnly(1L);
    }

    @ParameterizedTest
    @CsvSource({
        "yesterday, must be the instant to which the database went back",
        "2999-01-01T00:00:00Z, is in the future"
    })
    void refusesWhatIsNoInstantOfThePast(String since, String message) {
        try (DroverProcess process = worker(database(), "--drover.recover-since=" + since)) {
            assertThat(process.exitCode()).isPositive();
            assertThat(process.log()).contains("drover.recover-since (%s) %s".formatted(since, message));
        }
    }

    private DroverProcess worker(String database, String... more) {
        String[] options = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(more),
                        java.util.stream.Stream.of("--drover.tools.post.timeout=60s", "--drover.tools.put.timeout=60s"))
                .toArray(String[]::new);
        return DroverProcess.worker(database, server.url(), null, options);
    }

    private DroverProcess all(Path routes, String database, String... more) {
        return DroverProcess.start(
                        Map.of(),
                        database,
                        java.util.stream.Stream.concat(
                                        java.util.stream.Stream.of(more),
                                        java.util.stream.Stream.of(
                                                "--drover.routes.directory=" + routes,
                                                "--camel.component.kafka.brokers=" + Servers.brokers(),
                                                "--drover.tools.post.timeout=60s",
                                                "--server.url=" + server.url()))
                                .toArray(String[]::new))
                .awaitClaiming();
    }

    private static void send(String topic, int partition) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, partition, null, "{}"));
        }
    }

    private static String database() {
        String database = TestDatabase.create();
        Flyway.configure().dataSource(database, null, null).load().migrate();
        return database;
    }

    private static void task(String database, String input) {
        jdbc(database)
                .sql(
                        "insert into task (id, workflow, status, input) values (gen_random_uuid(), 'call', 'QUEUED', :input::json)")
                .param("input", input)
                .update();
    }

    private Map<String, Long> charges() {
        return server.requests("/post").stream()
                .collect(Collectors.groupingBy(
                        request -> request.headers().get("Idempotency-Key"), Collectors.counting()));
    }

    private static int count(String database, String condition) {
        return jdbc(database)
                .sql("select count(*) from task where " + condition)
                .query(Integer.class)
                .single();
    }

    private static JdbcClient jdbc(String database) {
        return JdbcClient.create(new DriverManagerDataSource(database));
    }

    /** As libpq has it. */
    private static String uri(String jdbcUrl) {
        return jdbcUrl.replaceFirst("^jdbc:", "");
    }

    private static void run(String... command) {
        Program.Outcome outcome = Program.run(command);
        assertThat(outcome.code()).as(outcome.output()).isZero();
    }
}
