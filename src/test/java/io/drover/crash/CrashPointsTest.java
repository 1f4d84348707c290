package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.journal.RedoneTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A process dies at each point of a task's life, and another one finishes the task.
 * Each point has a workflow of its own, which of the dying processes only the one takes that dies there.
 * It has no other route files: each would cost its start time.
 * The last process has those of all points, and finishes their tasks.
 */
class CrashPointsTest {

    private static final Path ROUTES = Path.of("src/test/resources/routes-guard/processes");
    private static final FaultyServer SERVER = new FaultyServer();
    private static final List<DroverProcess> PROCESSES = new ArrayList<>();
    private static final Map<CrashPoint, DroverProcess> DYING = new EnumMap<>(CrashPoint.class);
    private static final ScheduledExecutorService APPROVER = Executors.newSingleThreadScheduledExecutor();
    private static JdbcClient jdbc;
    private static String jdbcUrl;

    @TempDir
    static Path routes;

    @TempDir
    static Path dying;

    @BeforeAll
    static void dieAtEachPoint() throws Exception {
        jdbcUrl = TestDatabase.migrated();
        jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
        for (String tool : List.of("post", "put", "read")) {
            Files.copy(ROUTES.resolve(tool + ".camel.yaml"), routes.resolve(tool + ".camel.yaml"));
        }
        // Wherever a process dies, its call has its effect or not, together with its record, and its grant is spent or
        // not.
        Path post = routes.resolve("post.camel.yaml");
        Files.writeString(
                post,
                Files.readString(post).replace("parameters:\n", "parameters:\n        effectKey: \"${variable.x}\"\n"));
        Files.writeString(
                routes.resolve("approved.camel.yaml"),
                Files.readString(post)
                        .replace("id: post", "id: approved")
                        .replace("tool:post", "tool:approved")
                        .replace("timeout: 10s", "timeout: 20s\n        approval: always"));
        for (CrashPoint point : CrashPoint.tried()) {
            workflow(point);
        }
        flag(routes, "second");
        redo();
        APPROVER.scheduleWithFixedDelay(CrashPointsTest::approve, 0, 100, TimeUnit.MILLISECONDS);

        for (CrashPoint point : CrashPoint.tried()) {
            if (!point.isRedone()) {
                submit(point);
            }
            DroverProcess process = process(
                    point,
                    routesOf(point),
                    "--drover.worker.workflows=" + name(point) + (point.isOfAChild() ? "," + child(point) : ""));
            process.awaitDeath();
            DYING.put(point, process);
        }
        // Stored, and not delivered: as by a process that died between.
        jdbc.sql(
                        "insert into signal (source, name, key, body, sent_by) select gen_random_uuid(), 'replied', x, '1', 'test' from"
                                + " unnest(?::text[]) x")
                .param(ofAWait().map(CrashPointsTest::name).toArray(String[]::new))
                .update();
        process(null, routes);
    }

    static Stream<CrashPoint> all() {
        return CrashPoint.tried().stream();
    }

    static Stream<CrashPoint> redone() {
        return all().filter(CrashPoint::isRedone);
    }

    static Stream<CrashPoint> ofAWait() {
        return all().filter(CrashPoint::isOfAWait);
    }

    static Stream<CrashPoint> ofAChild() {
        return all().filter(CrashPoint::isOfAChild);
    }

    static Stream<CrashPoint> ofAFlag() {
        return all().filter(CrashPoint::asksForAFlag);
    }

    private static void submit(CrashPoint point) {
        jdbc.sql("insert into task (id, workflow, status, input) values (gen_random_uuid(), ?, 'QUEUED', '{}')")
                .param(name(point))
                .update();
    }

    /** What reads, posts, and dies of an answer to its last call is redone from what it read. */
    private static void redo() throws IOException {
        List<CrashPoint> points = redone().toList();
        SERVER.always("/put", FaultyServer.status(422, "", "{}"));
        points.forEach(CrashPointsTest::submit);
        String names =
                String.join(",", points.stream().map(CrashPointsTest::name).toList());
        try (DroverProcess living =
                DroverProcess.start(jdbcUrl, null, arguments(routes, "--drover.worker.workflows=" + names))) {
            await().until(() -> points.stream().allMatch(point -> status(point).equals("DEAD")));
        }
        points.forEach(point -> RedoneTasks.redo(jdbcUrl, name(point), 1, Set.of("read")));
        SERVER.always("/put", FaultyServer.json("{}"));
    }

    @AfterAll
    static void end() {
        APPROVER.shutdownNow();
        PROCESSES.forEach(DroverProcess::close);
        SERVER.close();
    }

    @ParameterizedTest
    @MethodSource("all")
    void finishesOnceWhereverTheProcessDies(CrashPoint point) {
        assertThat(DYING.get(point).exitCode()).as("it died there").isEqualTo(137);

        // Between the record that a call begins and the record of its result nobody can know whether it happened.
        boolean sent = point != CrashPoint.AFTER_FIRST_STARTED && point != CrashPoint.AFTER_GRANT_SPENT;
        boolean inDoubt = !sent || point == CrashPoint.BEFORE_FIRST_RESULT;
        await().until(() -> status(point).equals("COMPLETED")
                || !point.completes() && status(point).equals("WAITING"));
        assertThat(status(point)).isEqualTo(inDoubt ? "WAITING" : "COMPLETED");
        assertThat(SERVER.requests("/post").stream()
                        .filter(request -> request.body().contains("\"" + name(point) + "\"")))
                .hasSize(sent ? 1 : 0);
        assertThat(jdbc.sql("select a.state from approval a join task t on t.id = a.task_id where t.workflow = ?")
                        .param(name(point))
                        .query(String.class)
                        .list())
                .isEqualTo(point.isApproved() || point.isRedone() ? List.of("SPENT") : List.of());
        assertThat(jdbc.sql(
                                "select count(*) from effect e join call c using (task_id, address) where e.key = ? and c.state = ?")
                        .param(name(point))
                        .param(inDoubt ? "IN_DOUBT" : "SUCCEEDED")
                        .query(Integer.class)
                        .single())
                .isOne();
    }

    /** Neither what was done before the redo nor what a person approved after it is done twice. */
    @ParameterizedTest
    @MethodSource("redone")
    void aRedoneTaskIsFinishedOnceWhereverTheProcessDies(CrashPoint point) {
        await().until(() -> status(point).equals("COMPLETED"));

        assertThat(SERVER.requests("/put").stream()
                        .filter(request -> request.body().contains("\"" + name(point) + "\"")))
                .as("refused before the redo, and made once after it")
                .hasSize(2);
        assertThat(jdbc.sql(
                                """
                                select string_agg(c.tool || ' ' || c.state, ', ' order by c.tool, c.state)
                                  from call c join task t on t.id = c.task_id where t.workflow = ?""")
                        .param(name(point))
                        .query(String.class)
                        .single())
                .isEqualTo("post SUCCEEDED, put SUCCEEDED, read FORGOTTEN, read SUCCEEDED");
    }

    @ParameterizedTest
    @MethodSource("ofAWait")
    void sendsAndHearsOneSignalWhereverTheProcessDies(CrashPoint point) {
        await().until(() -> status(point).equals("COMPLETED"));

        assertThat(jdbc.sql("select output::text from task where workflow = ?")
                        .param(name(point))
                        .query(String.class)
                        .single())
                .contains("received 1");
        assertThat(jdbc.sql("select name from signal where key = ? order by name")
                        .param(name(point))
                        .query(String.class)
                        .list())
                .containsExactly("replied", "told");
        assertThat(jdbc.sql(
                                """
                                select p.name from pending_call p join task t on t.id = p.task_id
                                 where t.workflow = ? and p.settled_at is not null and p.signal_id is not null order by 1""")
                        .param(name(point))
                        .query(String.class)
                        .list())
                .containsExactly("replied", "told");
        assertThat(jdbc.sql("select count(*) from signal where delivered_at is null")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("ofAChild")
    void hasOneChildAndHearsItWhereverTheProcessDies(CrashPoint point) {
        await().until(() -> status(point).equals("COMPLETED"));

        assertThat(jdbc.sql("select output::text from task where workflow = ?")
                        .param(name(point))
                        .query(String.class)
                        .single())
                .isEqualTo("\"of the child\"");
        assertThat(jdbc.sql(
                                """
                                select c.state || ' ' || t.status from task t
                                  join call c on c.task_id = t.parent and c.address = t.id
                                 where t.workflow = ? and not t.awaited""")
                        .param(child(point))
                        .query(String.class)
                        .list())
                .containsExactly("SUCCEEDED COMPLETED");
    }

    /** What depends on the flag may have been done, so another value, though it is in force by then, must not count. */
    @ParameterizedTest
    @MethodSource("ofAFlag")
    void hasOneValueOfAFlagWhereverTheProcessDies(CrashPoint point) {
        await().until(() -> status(point).equals("COMPLETED"));

        String value = point == CrashPoint.AFTER_FLAG ? "\"first\"" : "\"second\"";
        assertThat(jdbc.sql("select output::text from task where workflow = ?")
                        .param(name(point))
                        .query(String.class)
                        .single())
                .isEqualTo(value);
        assertThat(jdbc.sql(
                                """
                                select (c.result->'value')::text from call c join task t on t.id = c.task_id
                                 where t.workflow = ? and c.tool = 'flag:side'""")
                        .param(name(point))
                        .query(String.class)
                        .list())
                .containsExactly(value);
    }

    private static void flag(Path directory, String value) throws IOException {
        Files.writeString(
                directory.resolve("flags.yaml"),
                "flags: { side: { state: ENABLED, variants: { it: %s }, defaultVariant: it } }".formatted(value));
    }

    /** As {@code two-steps}, which tells the server its name; or one that sends a signal, waits for another, and hears its own. */
    private static void workflow(CrashPoint point) throws IOException {
        if (point.isOfAWait()) {
            write(
                    name(point),
                    """
                    - route:
                        id: %1$s
                        from:
                          uri: task:%1$s
                          steps:
                            - to: { uri: "signal:told", parameters: { key: %1$s } }
                            - to:
                                uri: wait:signal
                                parameters: { name: replied, key: %1$s, timeout: 1h }
                                variableReceive: answer
                            - to:
                                uri: wait:signal
                                parameters: { name: told, key: %1$s }
                                variableReceive: own
                            - to: { uri: "tool:post", parameters: { arg.x: %1$s } }
                            - setBody: { expression: { simple: { expression: "${variable.own[outcome]} ${variable.answer[body]}" } } }
                    """
                            .formatted(name(point)));
            return;
        }
        if (point.isOfAChild()) {
            write(
                    name(point),
                    """
                    - route:
                        id: %1$s
                        from:
                          uri: task:%1$s
                          steps:
                            - to: { uri: "task:%2$s", parameters: { await: "true" } }
                    """
                            .formatted(name(point), child(point)));
            write(
                    child(point),
                    """
                    - route:
                        id: %2$s
                        from:
                          uri: task:%2$s
                          steps:
                            - to: { uri: "tool:post", parameters: { arg.x: %1$s } }
                            - setBody: { expression: { constant: { expression: of the child } } }
                    """
                            .formatted(name(point), child(point)));
            return;
        }
        if (point.asksForAFlag()) {
            write(
                    name(point),
                    """
                    - route:
                        id: %1$s
                        from:
                          uri: task:%1$s
                          steps:
                            - setVariable: { name: side, expression: { simple: { expression: "${flag:side}" } } }
                            - to: { uri: "tool:put", parameters: { arg.x: %1$s } }
                            - to: { uri: "tool:post", parameters: { arg.x: %1$s } }
                            - setBody: { expression: { simple: { expression: "${flag:side}" } } }
                    """
                            .formatted(name(point)));
            return;
        }
        if (point.isRedone()) {
            write(
                    name(point),
                    """
                    - route:
                        id: %1$s
                        from:
                          uri: task:%1$s
                          parameters: { maxAttempts: 2, backoff: 50ms } # what died is not lost twice
                          steps:
                            - to: { uri: "tool:read", parameters: { arg.x: %1$s } }
                            - to: { uri: "tool:post", parameters: { arg.x: %1$s } }
                            - to: { uri: "tool:put", parameters: { arg.x: %1$s } }
                    """
                            .formatted(name(point)));
            return;
        }
        String steps = Files.readString(ROUTES.resolve("two-steps.camel.yaml"))
                .replace("two-steps", name(point))
                .replace("arg.x: first", "arg.x: " + name(point))
                .replace("tool:post", point.isApproved() ? "tool:approved" : "tool:post");
        write(name(point), steps);
    }

    private static void write(String route, String yaml) throws IOException {
        Files.writeString(routes.resolve(route + ".camel.yaml"), yaml);
    }

    private static Path routesOf(CrashPoint point) throws IOException {
        Path directory = Files.createDirectory(dying.resolve(name(point)));
        if (point.asksForAFlag()) {
            flag(directory, "first");
        }
        for (String route : List.of("post", "put", "read", "approved", name(point), child(point))) {
            Path file = routes.resolve(route + ".camel.yaml");
            if (Files.exists(file)) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        return directory;
    }

    /** As a vote does it. */
    private static void approve() {
        jdbc.sql(
                        """
                        with approved as (
                            update approval set state = 'APPROVED', use_by = 'infinity', decided_at = now()
                             where state = 'OPEN' returning task_id)
                        update task
                           set woken = true,
                               status = case when status = 'WAITING' then 'QUEUED' else status end,
                               wait_reason = case when status = 'WAITING' then null else wait_reason end,
                               run_at = now()
                         where id in (select task_id from approved)
                        """)
                .update();
    }

    private static String name(CrashPoint point) {
        return point.name().toLowerCase().replace('_', '-');
    }

    private static String child(CrashPoint point) {
        return "child-" + name(point);
    }

    private static DroverProcess process(CrashPoint point, Path directory, String... more) {
        DroverProcess process = DroverProcess.start(jdbcUrl, point, arguments(directory, more));
        PROCESSES.add(process);
        return process;
    }

    private static String[] arguments(Path directory, String... more) {
        return Stream.concat(
                        Stream.of(
                                "--drover.role=worker",
                                "--drover.routes.directory=" + directory,
                                "--drover.tools.post.timeout=20s",
                                "--drover.tools.put.timeout=20s",
                                "--server.url=" + SERVER.url()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static String status(CrashPoint point) {
        return jdbc.sql(
                        "select case when wait_reason = 'APPROVAL' then 'ASKED' else status end from task where workflow = ?")
                .param(name(point))
                .query(String.class)
                .single();
    }
}
