package io.drover.crash;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** A rollout over several processes, each of which is killed. */
@Tag("release")
class RolloutsInProcessesTest {

    private static final String FLOW =
            """
            - route:
                id: %1$s
                from:
                  uri: task:trial
                  parameters: { maxAttempts: %4$d, version: %2$d }
                  steps:
                    - to: { uri: tool:put, parameters: { arg.x: "1" } }
                    %3$s
            """;

    @TempDir
    Path routes;

    private final FaultyServer server = new FaultyServer();
    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    private final List<DroverProcess> workers = new ArrayList<>();

    @AfterEach
    void close() {
        workers.forEach(DroverProcess::close);
        server.close();
    }

    /** Two judge at any time, and none of them to the end. */
    @Test
    void outlivesTheKillOfEveryWorkerInTurn() throws IOException {
        server.always("/put", after(100, json("{\"ok\":true}"))); // so that a kill meets tasks that run
        FileSystemUtils.copyRecursively(Path.of("src/test/resources/routes-guard/processes"), routes);
        Files.writeString(
                routes.resolve("trial.camel.yaml"), FLOW.formatted("trial", 1, "- log: { message: good }", 1000));
        Files.writeString(
                routes.resolve("trial-2.camel.yaml"),
                FLOW.formatted(
                        "trial-2",
                        2,
                        "- throwException: { exceptionType: java.lang.IllegalArgumentException, message: worse }",
                        1));
        Files.writeString(
                routes.resolve("rollouts.yaml"),
                "rollouts:\n  t2: { workflow: trial, candidate: 2, steps: [50], tasks: 1000 }\n");
        worker();
        worker();
        await().until(() -> count("select count(*) from rollout") == 1);

        for (int killed = 0; !isOver() && killed < 20; killed++) {
            submit(20);
            long ended = count("select count(*) from outcome");
            await().until(() -> isOver() || count("select count(*) from outcome") >= ended + 4);
            workers.get(killed).kill();
            worker();
        }

        assertThat(isOver()).isTrue();
        await().until(() -> count("select count(*) from task where status not in ('COMPLETED', 'DEAD')") == 0);
        await().until(() ->
                count("select count(*) from task t where not exists (select from outcome where task_id = t.id)") == 0);
        assertThat(jdbc.sql("select action from audit where action like 'rollout-%' order by id")
                        .query(String.class)
                        .list())
                .as("decided once, whichever process did")
                .containsExactly("rollout-begin", "rollout-roll-back");
        assertThat(count("select count(*) from outcome where dead and version = 1"))
                .as("no task is dead because of a kill")
                .isZero();
        assertThat(count("select count(*) - count(distinct place) from outcome where place is not null"))
                .isZero();
        assertThat(count("select max(place) - count(*) from outcome where place is not null"))
                .as("no place is left out")
                .isZero();
    }

    private boolean isOver() {
        return count("select count(*) from rollout where state = 'ROLLED_BACK'") == 1;
    }

    private long count(String query) {
        return jdbc.sql(query).query(Long.class).single();
    }

    /** As many of each side, as a process would assign them. */
    private void submit(int each) {
        for (String track : List.of("stable", "stable@2")) {
            for (int i = 0; i < each; i++) {
                jdbc.sql(
                                "insert into task (id, workflow, status, input, track, rollout) values (?, 'trial', 'QUEUED', '{}', ?, 't2')")
                        .param(UUID.randomUUID())
                        .param(track)
                        .update();
            }
        }
    }

    private void worker() {
        DroverProcess worker = DroverProcess.start(
                jdbcUrl,
                (CrashPoint) null,
                "--drover.role=worker",
                "--server.url=" + server.url(),
                "--drover.routes.directory=" + routes.toAbsolutePath());
        workers.add(worker);
        worker.awaitClaiming();
    }
}
