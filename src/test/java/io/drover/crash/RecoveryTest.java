package io.drover.crash;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Effort;
import io.drover.FaultyServer;
import io.drover.Needed;
import io.drover.Needs;
import io.drover.TestDatabase;
import io.drover.local.RestoredPostgres;
import io.drover.local.Servers;
import io.drover.monitoring.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database that goes back in time: nothing that was done since is done again without a person's word. */
class RecoveryTest {

    private static final int TASKS = Effort.of(300, 1500);

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
    @Tag("release")
    void repeatsNoChargeAfterARecoveryToAPointInTime() throws Exception {
        try (RestoredPostgres source = RestoredPostgres.archiving(directory)) {
            String before = source.database("drover");
            TestDatabase.migrate(before);
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
        server.always("/post", after(100, json("{\"ok\":true}"))); // slow enough to be backed up meanwhile
        jdbc(database)
                .sql("insert into task (id, workflow, status, input) select gen_random_uuid(), 'two-steps',"
                        + " 'QUEUED', '{}' from generate_series(1, :n)")
                .param("n", TASKS)
                .update();
        try (DroverProcess worker = worker(database)) {
            await().until(() -> server.requests("/post").size() > TASKS / 5);
            backup.run();
            await().until(() -> count(database, "status = 'COMPLETED'") == TASKS);
            worker.signal("TERM");
            worker.awaitDeath();
        }
    }

    private void recoversWithoutRepeating(String database, Instant since) {
        int lost = TASKS - count(database, "status = 'COMPLETED'");
        assertThat(lost).as("tasks that the database has forgotten the end of").isPositive();

        try (DroverProcess worker = worker(database, "--drover.recover-since=" + since)) {
            await().failFast("it ended", () -> !worker.isAlive())
                    .until(() -> count(database, "status in ('COMPLETED', 'WAITING')") == TASKS);
            assertThat(worker.log()).contains("recovering what happened since " + since);
            assertThat(count(database, "status = 'WAITING'")).isPositive();
            assertThat(count(database, "status = 'WAITING' and wait_reason <> 'IN_DOUBT'"))
                    .isZero();
            assertThat(charges().values()).as("charges by key").hasSize(TASKS).containsOnly(1L);

            String key = sayCallAgain(database);
            await().until(() -> charges().get(key) == 2L);
            assertThat(charges().values().stream().filter(n -> n > 1)).hasSize(1);
            worker.signal("TERM");
            worker.awaitDeath();
        }

        // The mark stays: a process that starts without the option asks as well.
        jdbc(database)
                .sql("update task set status = 'QUEUED', wait_reason = null, token = token + 1, run_at = now()"
                        + " where status = 'WAITING'")
                .update();
        try (DroverProcess worker = worker(database)) {
            await().until(() -> count(database, "status in ('COMPLETED', 'WAITING')") == TASKS);
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
    @Test
    void asksWhoCanKnow() {
        String database = database();
        server.always("/check", json("{\"happened\":true,\"result\":{\"id\":1}}"));
        for (String tool : List.of("put", "post_checked", "shaky", "post")) {
            task(database, tool);
        }

        try (DroverProcess worker =
                worker(database, "--drover.recover-since=" + Instant.now().minusSeconds(60))) {
            assertThat(statuses(worker, database, "input->>'tool'"))
                    .as(worker.log())
                    .isEqualTo(Map.of(
                            "put", "COMPLETED", // the same key: the other side knows it
                            "post_checked", "COMPLETED", // its reconcile tool knows that it happened
                            "shaky", "WAITING", // its fallback may have done it in its place
                            "post", "WAITING"));
            assertThat(server.requests("/put")).hasSize(1);
            assertThat(List.of("/post_checked", "/shaky", "/post"))
                    .allSatisfy(path -> assertThat(server.requests(path)).isEmpty());
            task(database, "post"); // nothing is doubtful of what is new
            await().until(() -> !server.requests("/post").isEmpty());
        }
    }

    /** The model may have chosen other arguments, and so another key, where its answer is not the recorded one. */
    @Test
    void asksAPersonAfterAModelWasAskedAgain() {
        String database = database();
        server.always("/check", json("{\"happened\":true,\"result\":{\"id\":1}}"));
        for (String tool : List.of("put", "post_checked")) {
            for (String asked : List.of("-1 hour", "1 hour")) {
                recordAnswer(database, task(database, tool), asked);
            }
        }

        try (DroverProcess worker =
                worker(database, "--drover.recover-since=" + Instant.now().minusSeconds(60))) {
            String call = "concat(input->>'tool', ' ', (select started_at > now() from call"
                    + " where task_id = task.id and tool = 'model.helper'))";
            assertThat(statuses(worker, database, call))
                    .as(worker.log())
                    .isEqualTo(Map.of(
                            "put f", "COMPLETED",
                            "put t", "WAITING",
                            "post_checked f", "COMPLETED",
                            "post_checked t", "WAITING"));
            assertThat(server.requests("/put")).hasSize(1);
            assertThat(server.requests("/check")).hasSize(1);
            assertThat(server.requests("/post_checked")).isEmpty();
        }
    }

    /** The answer of a model, asked at this distance from now. */
    private static void recordAnswer(String database, UUID task, String asked) {
        jdbc(database)
                .sql(
                        """
                        with model as (
                            insert into call (task_id, address, n, tool, state, token, definition, arguments, result,
                                              started_at, finished_at)
                            values (:task, gen_random_uuid(), 1, 'model.helper', 'SUCCEEDED', 1, 0, '{}', '{}',
                                    now() + :asked::interval, now()))
                        update task set token = 1 where id = :task
                        """)
                .param("task", task)
                .param("asked", asked)
                .update();
    }

    /** What the tasks have come to, by an expression that tells them apart. */
    private static Map<String, String> statuses(DroverProcess worker, String database, String name) {
        await().failFast("it ended", () -> !worker.isAlive())
                .until(() -> count(database, "status not in ('COMPLETED', 'WAITING', 'DEAD')") == 0);
        return jdbc(database)
                .sql("select %s as name, status from task".formatted(name))
                .query((row, n) -> Map.entry(row.getString("name"), row.getString("status")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Of a call that failed, or that a person permitted, before the backup. */
    @ParameterizedTest
    @Tag("release")
    @CsvSource({"FAILED", "AGAIN"})
    void whatWasAboutToBeCalledAgainIsInDoubtToo(String state) {
        String database = database();
        task(database, "post");
        try (DroverProcess worker =
                worker(database, "--drover.recover-since=" + Instant.now().minusSeconds(60))) {
            await().until(() -> count(database, "status = 'WAITING'") == 1);
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
            await().until(() -> count(database, "status = 'WAITING'") == 1);
        }
        assertThat(server.requests("/post")).isEmpty();
    }

    @Test
    @Tag("release")
    void readsForgottenRecordsOfKafkaAgainAndDoubtsTheirTasks() throws Exception {
        String topic = Servers.newTopic("forgotten", 2);
        Path routes = Files.createDirectory(directory.resolve("routes"));
        for (String file : List.of("post", "two-steps", "put")) {
            Files.copy(
                    Path.of("src/test/resources/routes-guard/processes", file + ".camel.yaml"),
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
            await().until(() -> count(before, "status = 'COMPLETED'") == 6);
            process.signal("TERM"); // when it ends, the offsets are committed
            process.awaitDeath();
        }

        String after = database();
        for (int start = 0; start < 2; start++) { // the second start sets nothing back
            try (DroverProcess process = all(routes, after, "--drover.recover-since=" + since)) {
                await().failFast("it ended", () -> !process.isAlive())
                        .until(() -> count(after, "wait_reason = 'IN_DOUBT'") == 6);
                assertThat(server.requests("/post")).hasSize(6 + start);
                send(topic, 0); // an event of now
                int events = 1 + start;
                await().until(() -> count(after, "status = 'COMPLETED'") == events);
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
        return DroverProcess.worker(database, server.url(), options);
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
        String database = TestDatabase.migrated();
        return database;
    }

    private static UUID task(String database, String tool) {
        UUID id = UUID.randomUUID();
        jdbc(database)
                .sql("insert into task (id, workflow, status, input) values (:id, 'call', 'QUEUED', :input::json)")
                .param("id", id)
                .param("input", "{\"tool\":\"%s\",\"args\":{\"x\":\"1\"}}".formatted(tool))
                .update();
        return id;
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
