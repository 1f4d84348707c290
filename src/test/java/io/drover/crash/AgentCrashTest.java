package io.drover.crash;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Effort;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.local.SampleModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Agents in real processes that die: what a model has answered is paid once. */
class AgentCrashTest {

    private static final int ITERATIONS = Effort.of(5, 10);

    private final FaultyServer server = new FaultyServer();
    private final SampleModel model = new SampleModel(
            0,
            request -> toolResults(request).size() < ITERATIONS
                    ? call(
                            "look",
                            "{\"what\":\"%d\"}".formatted(toolResults(request).size()))
                    : text("done"));
    private final String jdbcUrl = TestDatabase.create();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    private final List<DroverProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(DroverProcess::close);
        model.close();
        server.close();
    }

    @Test
    void killedInEveryIterationItAsksTheModelForNothingTwice() {
        server.always("/look", FaultyServer.after(1_500, FaultyServer.json("{\"ok\":true}")));
        DroverProcess worker = worker().awaitClaiming();
        UUID task = submit("one");

        for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
            int answered = iteration;
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> count("select count(*) from call where tool = 'model.default' and state = 'SUCCEEDED'")
                            >= answered);
            worker.kill();
            worker = worker();
        }

        await().atMost(Duration.ofSeconds(60)).until(() -> status(task).equals("COMPLETED"));
        assertThat(model.requests())
                .as("the answers with a call, and the last one")
                .hasSize(ITERATIONS + 1);
        assertThat(count("select count(*) from call where tool = 'look' and state = 'SUCCEEDED'"))
                .isEqualTo(ITERATIONS);
    }

    @Test
    void fiftyAtOnceOnTwoWorkersAreAllAnswered() {
        server.always("/look", FaultyServer.after(20, FaultyServer.json("{\"ok\":true}")));
        String[] lasting = {"--drover.worker.lease=30s", "--drover.worker.heartbeat=5s"
        }; // none of them is to be given up
        worker(lasting).awaitClaiming();
        worker(lasting).awaitClaiming();
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(submit("many " + i));
        }

        await().atMost(Duration.ofSeconds(60))
                .until(() -> all.stream().allMatch(task -> status(task).equals("COMPLETED")));
        assertThat(model.requests()).hasSize(50 * (ITERATIONS + 1));
    }

    private DroverProcess worker(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--drover.role=worker",
                "--drover.routes.directory=src/test/resources/routes-agent",
                "--server.url=" + server.url(),
                "--drover.models.default.url=" + model.url(),
                "--drover.models.default.model=sample",
                "--drover.models.dear.url=" + model.url(),
                "--drover.models.dear.model=sample",
                "--drover.models.broken.url=" + model.url(),
                "--drover.models.broken.model=sample",
                "--drover.models.very-dear.url=" + model.url(),
                "--drover.models.very-dear.model=sample"));
        options.addAll(List.of(more));
        DroverProcess process = DroverProcess.start(jdbcUrl, null, options.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    private UUID submit(String text) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into task (id, workflow, status, input) values (?, 'reader', 'QUEUED', ?::json)")
                .params(id, "{\"text\":\"%s\"}".formatted(text))
                .update();
        return id;
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
}
