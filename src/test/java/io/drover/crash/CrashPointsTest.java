package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A process dies at each point of a task's life, and another one finishes the task.
 * Each point has a workflow of its own, which of the dying processes only the one takes that dies there.
 * So the last process finishes the tasks of all points.
 */
class CrashPointsTest {

    private static final Path ROUTES = Path.of("src/test/resources/routes-guard/processes");
    private static final FaultyServer SERVER = new FaultyServer();
    private static final List<DroverProcess> PROCESSES = new ArrayList<>();
    private static JdbcClient jdbc;
    private static String jdbcUrl;

    @TempDir
    static Path routes;

    @BeforeAll
    static void dieAtEachPoint() throws Exception {
        jdbcUrl = TestDatabase.create();
        TestDatabase.migrate(jdbcUrl);
        jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
        for (String tool : List.of("post", "put")) {
            Files.copy(ROUTES.resolve(tool + ".camel.yaml"), routes.resolve(tool + ".camel.yaml"));
        }
        // Wherever a process dies, its call has its effect or not, together with its record.
        Path post = routes.resolve("post.camel.yaml");
        Files.writeString(
                post,
                Files.readString(post).replace("parameters:\n", "parameters:\n        effectKey: \"${variable.x}\"\n"));
        for (CrashPoint point : CrashPoint.values()) {
            workflow(point);
        }

        for (CrashPoint point : CrashPoint.values()) {
            jdbc.sql("insert into task (id, workflow, status, input) values (gen_random_uuid(), ?, 'QUEUED', '{}')")
                    .param(name(point))
                    .update();
            process(point, "--drover.worker.workflows=" + name(point)).awaitDeath();
        }
        process(null);
    }

    @AfterAll
    static void end() {
        PROCESSES.forEach(DroverProcess::close);
        SERVER.close();
    }

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void finishesOnceWhereverTheProcessDies(CrashPoint point) {
        assertThat(exitCode(point)).as("it died there").isEqualTo(137);

        await().atMost(Duration.ofMinutes(2))
                .until(() -> List.of("COMPLETED", "WAITING").contains(status(point)));
        // Between the record that a call begins and the record of its result nobody can know whether it happened.
        boolean inDoubt = point == CrashPoint.AFTER_FIRST_STARTED || point == CrashPoint.BEFORE_FIRST_RESULT;
        assertThat(status(point)).isEqualTo(inDoubt ? "WAITING" : "COMPLETED");
        assertThat(SERVER.requests("/post").stream()
                        .filter(request -> request.body().contains("\"" + name(point) + "\"")))
                .hasSize(point == CrashPoint.AFTER_FIRST_STARTED ? 0 : 1);
        assertThat(jdbc.sql(
                                "select count(*) from effect e join call c using (task_id, address) where e.key = ? and c.state = ?")
                        .param(name(point))
                        .param(inDoubt ? "IN_DOUBT" : "SUCCEEDED")
                        .query(Integer.class)
                        .single())
                .isOne();
    }

    /** As {@code two-steps}, which tells the server its name. */
    private static void workflow(CrashPoint point) throws IOException {
        String steps = Files.readString(ROUTES.resolve("two-steps.camel.yaml"))
                .replace("two-steps", name(point))
                .replace("arg.x: first", "arg.x: " + name(point));
        Files.writeString(routes.resolve(name(point) + ".camel.yaml"), steps);
    }

    private static String name(CrashPoint point) {
        return point.name().toLowerCase().replace('_', '-');
    }

    private static DroverProcess process(CrashPoint point, String... more) {
        DroverProcess process = DroverProcess.start(
                jdbcUrl,
                point,
                Stream.concat(
                                Stream.of(
                                        "--drover.role=worker",
                                        "--drover.routes.directory=" + routes,
                                        "--drover.tools.post.timeout=20s",
                                        "--drover.tools.put.timeout=20s",
                                        "--server.url=" + SERVER.url()),
                                Stream.of(more))
                        .toArray(String[]::new));
        PROCESSES.add(process);
        return process;
    }

    private static int exitCode(CrashPoint point) {
        return PROCESSES.get(point.ordinal()).exitCode();
    }

    private static String status(CrashPoint point) {
        return jdbc.sql("select status from task where workflow = ?")
                .param(name(point))
                .query(String.class)
                .single();
    }
}
