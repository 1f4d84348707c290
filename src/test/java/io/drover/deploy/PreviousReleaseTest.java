package io.drover.deploy;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static io.drover.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drover.Drover;
import io.drover.DroverJvm;
import io.drover.FaultyServer;
import io.drover.Needed;
import io.drover.TestDatabase;
import io.drover.monitoring.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The jar of the last release, built from the commit that CHANGELOG.md names, on the schema of this version: alone, before and
 * after this version, and beside it. That is what a canary, a rolling update and a rollback ask for.
 */
class PreviousReleaseTest {

    private static final Path RELEASES = Path.of("target/releases").toAbsolutePath();
    /** What surely did not happen, so that the attempt fails and is repeated. */
    private static final FaultyServer.Answer BUSY = status(429, "", "");

    private static final String OLD = "old";
    private static final String NEW = "new";

    private final FaultyServer server = new FaultyServer();
    private final List<Process> processes = new ArrayList<>();
    private String database;
    private JdbcClient jdbc;
    private Path sources;

    @TempDir
    Path directory;

    private void needsARelease() throws IOException {
        Needed.orSkip(Needed.GIT, Needed.MVN);
        String commit = commit(read(Path.of("CHANGELOG.md")));
        assumeTrue(commit != null, "CHANGELOG.md names no commit of a release yet");
        boolean shallow = Program.run("git", "rev-parse", "--is-shallow-repository")
                .output()
                .strip()
                .equals("true");
        Program.Outcome found = Program.run("git", "cat-file", "-e", commit + "^{commit}");
        assumeTrue(
                found.code() == 0 || !shallow,
                "this shallow clone lacks the last release's commit; git fetch --unshallow brings it");
        assertThat(found.code())
                .as("CHANGELOG.md names %s: %s", commit, found.output())
                .isZero();
        sources = sources(commit);
        database = TestDatabase.migrated();
        jdbc = JdbcClient.create(new DriverManagerDataSource(database));
        tool("charge");
        tool("note");
        Files.writeString(
                directory.resolve("order.camel.yaml"),
                """
                - route:
                    id: order
                    from:
                      uri: task:order
                      parameters: { maxAttempts: 20 }
                      steps:
                        - to: { uri: "tool:charge", parameters: { arg.n: "${body[n]}" }, variableReceive: charged }
                        - to: { uri: "tool:note", parameters: { arg.n: "${body[n]}" }, variableReceive: noted }
                        - setBody: { expression: { simple: { expression: "${variable.charged}" } } }
                """);
    }

    private void tool(String name) throws IOException {
        Files.writeString(
                directory.resolve(name + ".camel.yaml"),
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters: { description: Calls the test server, parameter.n: integer, idempotentHint: true, retries: 0 }
                      steps:
                        - setBody: { expression: { simple: { expression: "task ${variable.n}" } } }
                        - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: POST } } }
                        - setHeader: { name: Worked, expression: { constant: { expression: "{{worker}}" } } }
                        - to: { uri: "{{server}}/%1$s" }
                """
                        .formatted(name));
    }

    @AfterEach
    void end() {
        processes.forEach(process -> process.destroyForcibly().onExit().join());
        server.close();
    }

    @Test
    @Tag("release")
    void runsATaskOnTheNewSchema() throws Exception {
        needsARelease();
        Path input = Files.writeString(directory.resolve("input.json"), "{\"n\": 1}");

        List<String> command = command(OLD);
        command.addAll(List.of("run", "order", "--input=" + input));
        command.addAll(settings(OLD));
        String output = run(command.toArray(String[]::new));

        assertThat(output).contains("{\"ok\":true}");
        assertThat(server.requests("/charge")).hasSize(1);
        assertThat(server.requests("/note")).hasSize(1);
    }

    /** After an update, or after a rollback: what one version had begun. */
    @ParameterizedTest
    @Tag("release")
    @CsvSource({"new, old", "old, new"})
    void endsWhatTheOtherVersionBegan(String first, String second) throws Exception {
        needsARelease();
        server.always("/note", BUSY);
        Process begins = worker(first);
        submit(4);
        await().until(() -> count("status = 'WAITING' and wait_reason = 'RETRY' and attempt > 0") == 4);
        begins.destroy(); // SIGTERM
        begins.onExit().join();
        assertThat(count("status in ('WAITING', 'QUEUED')"))
                .as("some may be due again")
                .isEqualTo(4);
        server.always("/note", json("{\"ok\":true}"));

        worker(second);

        await().until(() -> count("status = 'COMPLETED'") == 4);
        assertThat(server.requests("/charge"))
                .as("what had been done is replayed")
                .hasSize(4)
                .allMatch(request -> request.headers().get("Worked").equals(first));
        assertThat(server.requests("/note"))
                .anyMatch(request -> request.headers().get("Worked").equals(second));
    }

    @Test
    @Tag("release")
    void worksBesideTheNewVersion() throws Exception {
        needsARelease();
        server.always("/charge", after(50, json("{\"ok\":true}")));
        server.always("/note", after(50, json("{\"ok\":true}")));
        for (int i = 0; i < 8; i++) { // fewer than open the breaker
            server.next("/note", BUSY);
        }
        worker(OLD);
        worker(NEW);

        submit(100);

        await().until(() -> count("status = 'COMPLETED'") == 100);
        assertThat(count("true")).isEqualTo(100);
        assertThat(count("attempt > 1")).isEqualTo(8);
        assertThat(by("/charge", FaultyServer.Request::body))
                .as("each once")
                .hasSize(100)
                .allSatisfy((n, calls) -> assertThat(calls).isOne());
        assertThat(by("/charge", request -> request.headers().get("Worked"))).containsOnlyKeys(OLD, NEW);
        assertThat(server.requests("/note")).hasSize(108);
    }

    /**
     * Also what no test above makes it send: each statement is planned, by the database alone. A step that reads a whole table, or
     * sorts, was not there on its own schema: an index is missing.
     */
    @Test
    void everyStatementThatItSendsIsServedByTheNewSchema() throws Exception {
        needsARelease();
        build(sources, "compile");
        Map<String, String> sent = SentSql.of(sources.resolve("target/classes"));
        sent.remove("io.drover.memory.Memory.SEARCH_WITH_PGVECTOR"); // the extension is not here
        assertThat(sent).hasSizeGreaterThan(60).containsKey("io.drover.journal.PostgresTaskQueue.CLAIM");
        String own = TestDatabase.create();
        Flyway.configure()
                .dataSource(own, null, null)
                .locations("filesystem:" + sources.resolve("src/main/resources/db/migration"))
                .load()
                .migrate();

        Map<String, String> before = Plans.of(own, sent);
        Map<String, String> now = Plans.of(database, sent);

        assertThat(before.values()).as("its own schema serves it").noneMatch(plan -> plan.startsWith("ERROR"));
        assertThat(now).allSatisfy((name, plan) -> {
            assertThat(plan).as("%s: %s", name, sent.get(name)).doesNotStartWith("ERROR");
            assertThat(Plans.steps(plan))
                    .as("%s%nbefore:%n%snow:%n%s", name, before.get(name), plan)
                    .isLessThanOrEqualTo(Plans.steps(before.get(name)));
        });
    }

    @Test
    void theChangelogNamesTheCommit() {
        assertThat(commit("## Unreleased\n- x\n")).isNull();
        assertThat(commit("## Unreleased\n\n## 1.3.0 - 2027-02-28\n- x\n\n## 1.2.3 - 2027-01-31\n- y\n\nCommit: "
                        + "ab".repeat(20) + "\n\n## 1.2.2 - 2027-01-01\n- z\n\nCommit: " + "cd".repeat(20)))
                .as("that of the newest release that has one")
                .isEqualTo("ab".repeat(20));
    }

    private static @Nullable String commit(String changelog) {
        return Pattern.compile("(?m)^Commit: ([0-9a-f]{40})$")
                .matcher(changelog)
                .results()
                .map(line -> line.group(1))
                .findFirst()
                .orElse(null);
    }

    private Process worker(String version) throws IOException {
        Path log = Files.createFile(directory.resolve(version + ".log"));
        List<String> command = command(version);
        command.addAll(settings(version));
        command.addAll(List.of(
                "--drover.role=worker",
                "--drover.worker.concurrency=2",
                "--drover.worker.lease=3s",
                "--drover.worker.heartbeat=500ms",
                "--spring.main.web-application-type=none"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        await().until(() -> !process.isAlive() || read(log).contains("claims tasks"));
        assertThat(process.isAlive()).as(() -> read(log)).isTrue();
        return process;
    }

    private List<String> command(String version) throws IOException {
        if (version.equals(NEW)) {
            return DroverJvm.command(Drover.class);
        }
        build(sources, "package");
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                sources.resolve("target/drover.jar").toString()));
    }

    private List<String> settings(String version) {
        return List.of(
                "--spring.datasource.url=" + database,
                "--drover.routes.directory=" + directory,
                "--server=" + server.url(),
                "--worker=" + version);
    }

    private void submit(int tasks) {
        jdbc.sql(
                        """
                        insert into task (id, workflow, status, input)
                        select gen_random_uuid(), 'order', 'QUEUED', json_build_object('n', n) from generate_series(1, :tasks) n
                        """)
                .param("tasks", tasks)
                .update();
    }

    private int count(String condition) {
        return jdbc.sql("select count(*) from task where " + condition)
                .query(Integer.class)
                .single();
    }

    private Map<String, Long> by(String path, Function<FaultyServer.Request, String> what) {
        return server.requests(path).stream().collect(Collectors.groupingBy(what, Collectors.counting()));
    }

    private static synchronized Path sources(String commit) throws IOException {
        Path sources = RELEASES.resolve(commit);
        if (!Files.exists(sources)) {
            Files.createDirectories(sources);
            run("git", "archive", "--output=" + sources + ".tar", commit);
            run("tar", "-xf", sources + ".tar", "-C", sources.toString());
        }
        return sources;
    }

    /** @param phase that of Maven; what an earlier one has made is not made again */
    private static synchronized void build(Path sources, String phase) throws IOException {
        Path done = sources.resolve("target/" + phase + ".done");
        if (Files.exists(done)) {
            return;
        }
        run(
                "env",
                "MAVEN_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", // it is over before C2 pays
                "mvn",
                "-q",
                "-B",
                "-f",
                sources.resolve("pom.xml").toString(),
                "-Dmaven.test.skip",
                "-Dnull.safety=", // its own build has checked that
                "-Dcyclonedx.skip",
                "-Dlicense.skipAddThirdParty",
                phase);
        Files.createFile(done);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... command) {
        Program.Outcome outcome = Program.run(command);
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return outcome.output();
    }
}
