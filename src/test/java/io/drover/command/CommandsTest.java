package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.audit.Keys;
import io.drover.encryption.Keysets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user or a Kubernetes Job runs them, some of them in a process of their own. */
class CommandsTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static final CommandProcess COMMANDS = new CommandProcess();

    @TempDir
    Path directory;

    private final String database = TestDatabase.create();
    private boolean isAlone;

    @AfterAll
    static void end() {
        COMMANDS.close();
        SERVER.close();
    }

    @Test
    void runPrintsTheOutputAndNothingElse() throws Exception {
        eachAlone();
        SERVER.next("/read", FaultyServer.json("{\"found\":true}"));

        CommandRun result = run("{\"tool\":\"read\",\"args\":{\"x\":\"1\"}}", "--key", "once");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().strip()).startsWith("{").endsWith("}").hasLineCount(1);
        assertThat(result.err()).contains("claims tasks");
        int calls = SERVER.requests("/read").size();

        CommandRun again = run("{\"tool\":\"read\",\"args\":{\"x\":\"1\"}}", "--key", "once");

        assertThat(again.out()).isEqualTo(result.out());
        assertThat(SERVER.requests("/read")).hasSize(calls);
    }

    /** By the option, and by the mode of the environment. */
    @Test
    void aDryRunMakesNoCall() throws Exception {
        int calls = SERVER.requests("/post").size();
        String input = "{\"tool\":\"post\",\"args\":{\"x\":\"1\"}}";

        CommandRun asked = run(input, "--dry-run");
        CommandRun usual = run(input, "--drover.mode=dry-run");

        for (CommandRun result : List.of(asked, usual)) {
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).contains("\"dryRun\":true");
        }
        assertThat(SERVER.requests("/post")).hasSize(calls);
    }

    @Test
    void runFailsWithTheErrorOnStderr() throws Exception {
        eachAlone();
        SERVER.always("/post", FaultyServer.status(400, "", "no"));

        CommandRun result = run("{\"tool\":\"post\",\"args\":{\"x\":\"1\"}}");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("is DEAD: {").contains("tool:post");
    }

    @Test
    void runRefusesAnUnknownWorkflow() throws Exception {
        Path input = Files.writeString(directory.resolve("input.json"), "{}");

        CommandRun result = drover("run", "nobody", "--input", input.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("there is no workflow 'nobody'");
    }

    @Test
    void drainWorksUntilNothingIsDue() throws Exception {
        SERVER.always("/read", FaultyServer.json("{}"));
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            eachAlone();
            assertThat(drover("drain").exitCode()).isZero(); // makes the tables, and has nothing to do
            queue(statement, 50);

            CommandRun result = drover("drain");

            assertThat(result.exitCode()).as(result.err()).isZero();
            try (var left = statement.executeQuery("select count(*) from task where status <> 'COMPLETED'")) {
                left.next();
                assertThat(left.getInt(1)).isZero();
            }
        }
    }

    /** Workers of their own take them: those that name the workflow, whatever else the settings of all say. */
    @Test
    @Tag("release")
    void workflowsMayBeLeftToOtherWorkers() throws Exception {
        SERVER.always("/read", FaultyServer.json("{}"));
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            migrate();
            queue(statement, 3);

            CommandRun others = drover("drain", "--drover.worker.except-workflows=call");

            assertThat(others.exitCode()).as(others.err()).isZero();
            assertThat(completed(statement)).isEmpty();
            CommandRun own = drover("drain", "--drover.worker.except-workflows=call", "--drover.worker.workflows=call");
            assertThat(own.exitCode()).as(own.err()).isZero();
            assertThat(completed(statement)).containsExactly("call", "call", "call");
        }
    }

    private static List<String> completed(Statement statement) throws SQLException {
        List<String> workflows = new ArrayList<>();
        try (var done = statement.executeQuery("select workflow from task where status = 'COMPLETED'")) {
            while (done.next()) {
                workflows.add(done.getString(1));
            }
        }
        return workflows;
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

            CommandRun some = drover("drain");
            statement.execute("delete from hold where kind = 'TOOL'");
            statement.execute("update hold set kind = 'ALL', name = null");
            CommandRun all = drover("drain");
            statement.execute("delete from hold");
            CommandRun released = drover("drain");

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
    @Tag("release")
    void drainStaysForTheTasksOfAWorkerThatDied() throws Exception {
        SERVER.always("/read", FaultyServer.json("{}"));
        String[] shortLease = {"drain", "--drover.worker.lease=5s", "--drover.worker.heartbeat=1s"};
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

            CommandRun living = drover(shortLease);
            statement.execute("update worker set heartbeat_at = now()");
            CommandRun dead = drover(shortLease);

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

            CommandRun result = drover("drain", "--for=1s", "--drover.worker.concurrency=1");

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
    @Tag("release")
    void drainServesMetricsWhereItIsAskedTo() throws Exception {
        eachAlone();
        CountDownLatch looked = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        SERVER.always("/read", out -> {
            if (calls.incrementAndGet() == 2) { // by then one task is completed
                looked.await();
            }
            FaultyServer.json("{}").write(out);
        });
        int port = FreePort.next();
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            migrate();
            queue(statement, 3);
            CompletableFuture<CommandRun> drain = CompletableFuture.supplyAsync(() -> drover(
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

            Awaitility.await()
                    .ignoreExceptions()
                    .until(
                            () -> api.get("/metrics")
                                    .body()
                                    .contains(
                                            "agent_tasks_completed_total{mode=\"live\",track=\"stable\",version=\"1\",workflow=\"call\"} 1"));
            looked.countDown();

            assertThat(drain.join().exitCode()).as(drain.join().err()).isZero();
        }
    }

    @Test
    void drainRefusesAnUnknownWorkflow() throws Exception {
        CommandRun result = drover("drain", "--drover.worker.workflows=nobody");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("drover.worker.workflows: there is no workflow [nobody]");
    }

    @Test
    void validateNeedsNeitherDatabaseNorKafka() throws Exception {
        eachAlone();
        CommandRun clean = process("validate", "routes");
        CommandRun broken = process("validate", "src/test/resources/routes-broken");
        CommandRun senseless = process("validate", "routes", "--drover.tools.x.retries=-1");

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
        CommandRun policy = process("egress", "--networkpolicy", "--drover.egress.hosts=10.0.0.0/8,api.example.com");
        CommandRun list = process("egress", "--drover.tools.x.hosts=10.1.2.3:80");
        CommandRun malformed = process("egress", "--drover.egress.hosts=http://example.com");
        CommandRun validated =
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
        CommandRun migrated = process("migrate", "--spring.datasource.url=" + database);
        CommandRun again = process("migrate", "--spring.datasource.url=" + database);
        CommandRun nowhere = process("migrate", "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x");

        assertThat(migrated.exitCode()).as(migrated.out() + migrated.err()).isZero();
        assertThat(migrated.out()).containsPattern("The schema has version \\d+");
        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        assertThat(nowhere.exitCode()).as(nowhere.out() + nowhere.err()).isEqualTo(1);
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            assertThat(statement.executeQuery("select from task").next()).isFalse();
        }
    }

    /** A process that worked, and an attacker; the key is that of the process's log. */
    @Test
    void auditIsExportedAndVerified() throws Exception {
        Path pem = Keys.write(directory.resolve("key.pem"));
        SERVER.always("/read", FaultyServer.after(3_000, FaultyServer.json("{}"))); // so that there is a checkpoint
        migrate();
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            queue(statement, 20);
            CommandRun worked = drover("drain", "--drover.audit.key-file=" + pem, "--drover.audit.every=1s");
            assertThat(worked.exitCode()).as(worked.err()).isZero();
            String key = Pattern.compile("--key (\\S+?)`")
                    .matcher(worked.out() + worked.err())
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElseThrow();
            String export = directory.resolve("audit.ndjson").toString();

            CommandRun exported = process("audit", "export", export, "--spring.datasource.url=" + database);
            CommandRun verified = process("audit", "verify", export, "--key", key);
            CommandRun note = process("audit", "checkpoints", export);
            ResultSet tasks = statement.executeQuery("select id from task limit 1");
            tasks.next();
            String task = tasks.getString(1);
            CommandRun proof = process("audit", "prove", export, task);
            Path proofFile = Files.writeString(directory.resolve("task.proof"), proof.out());
            CommandRun proved = process("audit", "verify", proofFile.toString(), "--key", key);
            CommandRun nothing =
                    process("audit", "prove", export, UUID.randomUUID().toString());
            String late = directory.resolve("late.ndjson").toString();
            CommandRun since = process(
                    "audit", "export", late, "--since", "2099-01-01T00:00:00Z", "--spring.datasource.url=" + database);
            CommandRun left = process("audit", "verify", late, "--key", key);
            statement.execute("update audit_chain set body = replace(body, 'SUCCEEDED', 'FAILED')");
            process("audit", "export", export, "--spring.datasource.url=" + database);
            CommandRun changed = process("audit", "verify", export, "--key", key);
            CommandRun wrong = process("audit", "verify", export, "--key", "none");
            CommandRun nowhere = process(
                    "audit",
                    "export",
                    export,
                    "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x",
                    "--spring.datasource.hikari.connection-timeout=1000");

            assertThat(exported.exitCode()).as(exported.out() + exported.err()).isZero();
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
            assertThat(verified.out()).contains("nothing was changed");
            assertThat(note.out()).startsWith("drover\n").contains("— drover ");
            assertThat(proof.exitCode()).as(proof.err()).isZero();
            assertThat(proved.exitCode()).as(proved.out() + proved.err()).isZero();
            assertThat(proved.out())
                    .contains("[\"submitted\", \"" + task, ": proved")
                    .doesNotContain("not checked");
            assertThat(nothing.exitCode()).isEqualTo(1);
            assertThat(nothing.err()).contains("has no rows about");
            assertThat(since.exitCode()).as(since.out() + since.err()).isZero();
            assertThat(left.exitCode()).as(left.out() + left.err()).isZero();
            assertThat(left.out()).contains("not checked: the rows under the checkpoint of size");
            assertThat(changed.exitCode()).isEqualTo(1);
            assertThat(changed.out()).contains("was changed: its hash is another", "NOT as it was");
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err()).contains("name+id+base64");
            assertThat(nowhere.exitCode()).isEqualTo(1);
            assertThat(nowhere.err()).contains("the audit log cannot be exported");
            SERVER.always("/read", FaultyServer.json("{}"));
        }
    }

    @Test
    void rekeySealsWhatIsInClearAndNamesTheKeys() throws Exception {
        migrate();
        SERVER.always("/read", FaultyServer.json("{}"));
        Path keyset = Keysets.create(directory);
        try (var connection = java.sql.DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            queue(statement, 3);

            CommandRun plan = rekey(keyset, "--dry-run");
            assertThat(plan.exitCode()).as(plan.err()).isZero();
            assertThat(plan.out()).containsPattern("task +not sealed +3\n").contains("nothing was changed");
            CommandRun sealed = rekey(keyset);
            assertThat(sealed.exitCode()).as(sealed.err()).isZero();
            assertThat(sealed.out()).containsPattern("task +key \\d+ +3\n").contains("changed 3 rows");
            CommandRun worked = drover("drain", "--drover.encryption.keyset=" + keyset);
            assertThat(worked.exitCode()).as(worked.err()).isZero();
            ResultSet row = statement.executeQuery(
                    "select count(*) from task where status = 'COMPLETED' and input::text like '\"drv1:%'");
            row.next();
            assertThat(row.getInt(1)).isEqualTo(3);

            CommandRun other = rekey(Keysets.create(directory));
            assertThat(other.exitCode()).isEqualTo(1);
            assertThat(other.err()).contains("is sealed with key", "which this process does not have");
            CommandRun none = process("rekey", "--spring.datasource.url=" + database);
            assertThat(none.exitCode()).isEqualTo(1);
            assertThat(none.err()).contains("drover.encryption.keyset is not set");
        }
    }

    private CommandRun rekey(Path keyset, String... more) {
        List<String> args = new ArrayList<>(List.of("rekey"));
        args.addAll(List.of(more));
        args.add("--spring.datasource.url=" + database);
        args.add("--drover.encryption.keyset=" + keyset);
        return process(args.toArray(String[]::new));
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

    private CommandRun run(String input, String... more) throws Exception {
        Path file = Files.writeString(directory.resolve("input.json"), input);
        List<String> args = new ArrayList<>(List.of("run", "call", "--input", file.toString(), "--timeout", "1m"));
        args.addAll(List.of(more));
        return drover(args.toArray(String[]::new));
    }

    private CommandRun drover(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--drover.routes.directory=src/test/resources/routes-guard/processes");
        all.add("--spring.datasource.url=" + database);
        all.add("--server.url=" + SERVER.url());
        return process(all.toArray(String[]::new));
    }

    private CommandRun process(String... args) {
        try {
            return isAlone ? CommandRun.alone(directory, List.of(), args) : COMMANDS.run(args);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on each command of the test has a process of its own. */
    private void eachAlone() {
        isAlone = true;
    }
}
