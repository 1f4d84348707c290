package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Drover;
import io.drover.DroverJvm;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.local.EmbeddedKafkaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user or a Kubernetes Job runs them: in a process of their own. */
class CommandsTest {

    private static final FaultyServer SERVER = new FaultyServer();

    private record Result(int exitCode, String out, String err) {}

    @TempDir
    Path directory;

    private final String database = TestDatabase.create();

    @Test
    void runPrintsTheOutputAndNothingElse() throws Exception {
        SERVER.next("/read", FaultyServer.json("{\"found\":true}"));

        Result result = run("{\"tool\":\"read\",\"args\":{\"x\":\"1\"}}", "--key", "once");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().strip()).startsWith("{").endsWith("}").hasLineCount(1);
        assertThat(result.err()).contains("claims tasks");
        int calls = SERVER.requests("/read").size();

        Result again = run("{\"tool\":\"read\",\"args\":{\"x\":\"1\"}}", "--key", "once");

        assertThat(again.out()).isEqualTo(result.out());
        assertThat(SERVER.requests("/read")).hasSize(calls);
    }

    @Test
    void runFailsWithTheErrorOnStderr() throws Exception {
        SERVER.always("/post", FaultyServer.status(400, "", "no"));

        Result result = run("{\"tool\":\"post\",\"args\":{\"x\":\"1\"}}");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("is DEAD: {").contains("tool:post");
    }

    @Test
    void runRefusesAnUnknownWorkflow() throws Exception {
        Path input = Files.writeString(directory.resolve("input.json"), "{}");

        Result result = drover("run", "nobody", "--input", input.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("there is no workflow 'nobody'");
    }

    @Test
    void drainWorksUntilNothingIsDue() throws Exception {
        SERVER.always("/read", FaultyServer.json("{}"));
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            assertThat(drover("drain").exitCode()).isZero(); // makes the tables, and has nothing to do
            queue(statement, 50);

            Result result = drover("drain");

            assertThat(result.exitCode()).as(result.err()).isZero();
            try (var left = statement.executeQuery("select count(*) from task where status <> 'COMPLETED'")) {
                left.next();
                assertThat(left.getInt(1)).isZero();
            }
        }
    }

    @Test
    void drainLeavesWhatIsHeld() throws Exception {
        for (String path : List.of("/read", "/post", "/put")) {
            SERVER.always(path, FaultyServer.json("{}"));
        }
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            migrate();
            queue(statement, 4);
            statement.execute(
                    "insert into task (id, workflow, status, input) values (gen_random_uuid(), 'two-steps', 'QUEUED', '{}')");
            statement.execute(
                    "insert into hold (kind, name, reason, who) values ('TOOL', 'read', 'an incident', 'ann'),"
                            + " ('WORKFLOW', 'two-steps', 'an incident', 'ann')");

            Result some = drover("drain");
            statement.execute("delete from hold where kind = 'TOOL'");
            statement.execute("update hold set kind = 'ALL', name = null");
            Result all = drover("drain");
            statement.execute("delete from hold");
            Result released = drover("drain");

            assertThat(List.of(some, all)).allSatisfy(held -> {
                assertThat(held.exitCode()).as(held.err()).isEqualTo(3);
                assertThat(held.err()).contains("5 tasks are held", "an incident", "ann");
            });
            assertThat(released.exitCode()).as(released.err()).isZero();
            try (var done =
                    statement.executeQuery("select count(*) from task where status = 'COMPLETED' and attempt = 1")) {
                done.next();
                assertThat(done.getInt(1)).isEqualTo(5);
            }
        }
    }

    @Test
    void drainStaysForTheTasksOfAWorkerThatDied() throws Exception {
        SERVER.always("/read", FaultyServer.json("{}"));
        String[] shortLease = {"drain", "--drover.worker.lease=1500ms", "--drover.worker.heartbeat=500ms"};
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            migrate();
            statement.execute(
                    """
                    with dead as (
                        insert into worker (id, name, version, heartbeat_at)
                        values (gen_random_uuid(), 'dead', '1', now() + interval '1 minute') returning id)
                    insert into task (id, workflow, status, worker, token, attempt, input)
                    select gen_random_uuid(), 'call', 'RUNNING', id, 1, 1, '{"tool":"read","args":{"x":"1"}}'::json from dead
                    """);

            Result living = drover(shortLease);
            statement.execute("update worker set heartbeat_at = now()");
            Result dead = drover(shortLease);

            assertThat(living.exitCode()).as(living.err()).isZero();
            assertThat(dead.exitCode()).as(dead.err()).isZero();
            assertThat(dead.out()).contains("requeued 1 tasks of workers that are gone");
            try (var task = statement.executeQuery("select status, token, attempt from task")) {
                task.next();
                assertThat(task.getString(1)).isEqualTo("COMPLETED");
                assertThat(task.getInt(2)).as("its second claim").isEqualTo(2);
                assertThat(task.getInt(3)).as("a first loss costs no attempt").isEqualTo(1);
            }
        }
    }

    @Test
    void drainTakesTasksForAsLongAsItIsToldAndEndsWhatItRuns() throws Exception {
        SERVER.always("/read", FaultyServer.after(500, FaultyServer.json("{}")));
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            migrate();
            queue(statement, 500);

            Result result = drover("drain", "--for=1s", "--drover.worker.concurrency=1");

            assertThat(result.exitCode()).as(result.err()).isZero();
            try (var left = statement.executeQuery(
                    "select count(*) filter (where status = 'QUEUED'), count(*) filter (where status = 'COMPLETED')"
                            + " from task")) {
                left.next();
                assertThat(left.getInt(1)).isPositive();
                assertThat(left.getInt(2)).isPositive().isEqualTo(500 - left.getInt(1));
            }
        }
    }

    @Test
    void drainServesMetricsWhereItIsAskedTo() throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        SERVER.always("/read", out -> {
            if (calls.incrementAndGet() == 2) { // by then one task is completed
                looked.await();
            }
            FaultyServer.json("{}").write(out);
        });
        int port = EmbeddedKafkaServer.freePort();
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            migrate();
            queue(statement, 3);
            CompletableFuture<Result> drain = CompletableFuture.supplyAsync(() -> drover(
                    "drain",
                    "--serve",
                    "--drover.tools.read.timeout=1m",
                    "--drover.worker.concurrency=1",
                    "--server.address=127.0.0.1",
                    "--server.port=" + port,
                    "--drover.security.users[0].name=ada",
                    "--drover.security.users[0].password-hash=$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
                    "--drover.security.users[0].roles=viewer"));
            ApiClient api = new ApiClient(port, "ada", "secret");

            Awaitility.await().atMost(60, TimeUnit.SECONDS).ignoreExceptions().until(() -> api.get("/metrics")
                    .body()
                    .contains("agent_tasks_completed_total{mode=\"live\",track=\"stable\",workflow=\"call\"} 1"));
            looked.countDown();

            assertThat(drain.join().exitCode()).as(drain.join().err()).isZero();
        }
    }

    @Test
    void drainRefusesAnUnknownWorkflow() throws Exception {
        Result result = drover("drain", "--drover.worker.workflows=nobody");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("drover.worker.workflows: there is no workflow [nobody]");
    }

    @Test
    void validateNeedsNeitherDatabaseNorKafka() throws Exception {
        Result clean = process("validate", "routes");
        Result broken = process("validate", "src/test/resources/routes-broken");

        Result senseless = process("validate", "routes", "--drover.tools.x.retries=-1");

        assertThat(clean.exitCode()).as(clean.out() + clean.err()).isZero();
        assertThat(clean.out()).matches("\\d+ route files, no problems\\s+");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.out()).contains("src/test/resources/routes-broken/tools/bad.camel.yaml:4: not YAML");
        assertThat(broken.err()).isEmpty();
        assertThat(senseless.exitCode()).as(senseless.err()).isEqualTo(1);
        assertThat(senseless.out()).startsWith("drover.tools.x.retries (-1) must be from 0 to 100, as in 2");
        assertThat(senseless.err()).isEmpty();
    }

    @Test
    void egressWritesANetworkPolicyFromTheConfiguration() throws Exception {
        Result policy = process("egress", "--networkpolicy", "--drover.egress.hosts=10.0.0.0/8,api.example.com");
        Result list = process("egress", "--drover.tools.x.hosts=10.1.2.3:80");
        Result malformed = process("egress", "--drover.egress.hosts=http://example.com");
        Result validated =
                process("validate", "src/test/resources/routes-guard", "--drover.tools.x.hosts=http://example.com");

        assertThat(policy.exitCode()).as(policy.out() + policy.err()).isZero();
        assertThat(policy.out()).startsWith("# Written by").contains("kind: NetworkPolicy", "cidr: \"10.0.0.0/8\"");
        assertThat(list.out()).containsPattern("10\\.1\\.2\\.3:80 +drover\\.tools\\.x\\.hosts");
        assertThat(malformed.exitCode()).isEqualTo(1);
        assertThat(malformed.err()).startsWith("drover.egress.hosts (http://example.com) must be a host, ");
        assertThat(validated.exitCode()).isEqualTo(1);
        assertThat(validated.out()).startsWith("drover.tools.x.hosts (http://example.com) must be a host, ");
    }

    @Test
    void migrateMakesTheTablesAndEnds() throws Exception {
        Result migrated = process("migrate", "--spring.datasource.url=" + database);
        Result again = process("migrate", "--spring.datasource.url=" + database);
        Result nowhere = process("migrate", "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x");

        assertThat(migrated.exitCode()).as(migrated.out() + migrated.err()).isZero();
        assertThat(migrated.out()).containsPattern("The schema has version \\d+");
        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        assertThat(nowhere.exitCode()).as(nowhere.out() + nowhere.err()).isEqualTo(1);
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            assertThat(statement.executeQuery("select from task").next()).isFalse();
        }
    }

    private void migrate() {
        TestDatabase.migrate(database);
    }

    private static void queue(Statement statement, int tasks) throws SQLException {
        statement.execute(
                """
                insert into task (id, workflow, status, input)
                select gen_random_uuid(), 'call', 'QUEUED', '{"tool":"read","args":{"x":"1"}}'::json
                  from generate_series(1, %d)
                """
                        .formatted(tasks));
    }

    private Result run(String input, String... more) throws Exception {
        Path file = Files.writeString(directory.resolve("input.json"), input);
        List<String> args = new ArrayList<>(List.of("run", "call", "--input", file.toString(), "--timeout", "1m"));
        args.addAll(List.of(more));
        return drover(args.toArray(String[]::new));
    }

    private Result drover(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--drover.routes.directory=src/test/resources/routes-guard/processes");
        all.add("--spring.datasource.url=" + database);
        all.add("--server.url=" + SERVER.url());
        return process(all.toArray(String[]::new));
    }

    private Result process(String... args) {
        try {
            return await(args);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Result await(String... args) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        List<String> command = DroverJvm.command(Drover.class);
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
