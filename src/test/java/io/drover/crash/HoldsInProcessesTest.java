package io.drover.crash;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Holds over several processes, one of which is killed. Nobody notifies them here, as where the connection that listens is
 * lost.
 */
class HoldsInProcessesTest {

    private final FaultyServer server = new FaultyServer();
    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    private final List<DroverProcess> workers = new ArrayList<>();

    @AfterEach
    void close() {
        workers.forEach(DroverProcess::close);
        server.close();
    }

    @Test
    void aHoldOutlivesAllWorkersAndTheirKills() {
        server.always("/post", json("{\"ok\":true}"));
        hold("TOOL", "post");
        DroverProcess first = worker();
        UUID task = call("post");
        awaitState(task, "WAITING HELD");
        first.kill();

        worker();
        UUID later = call("post");
        awaitState(later, "WAITING HELD");
        assertThat(state(task)).isEqualTo("WAITING HELD");
        assertThat(server.requests("/post")).isEmpty();

        jdbc.sql("delete from hold").update();

        awaitState(task, "COMPLETED");
        awaitState(later, "COMPLETED");
        assertThat(server.requests("/post")).hasSize(2);
        assertThat(jdbc.sql("select sum(attempt) from task")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    @Tag("release")
    void everyWorkerLearnsOfAHoldWithoutANotification() {
        server.always("/put", json("{\"ok\":true}"));
        worker();
        worker();
        List<UUID> before = calls("put", 20);
        before.forEach(task -> awaitState(task, "COMPLETED"));
        hold("TOOL", "put"); // its calls are not recorded before they are made, so only memory stops them

        await().until(() -> {
            List<UUID> batch = calls("put", 20);
            batch.forEach(task ->
                    await().until(() -> List.of("COMPLETED", "WAITING HELD").contains(state(task))));
            return batch.stream().allMatch(task -> state(task).equals("WAITING HELD"));
        });
        jdbc.sql("delete from hold").update();

        await().until(() -> jdbc.sql("select count(*) from task where status <> 'COMPLETED'")
                        .query(Integer.class)
                        .single()
                == 0);
    }

    @Test
    @Tag("release")
    void aHeldToolsCallInDoubtIsTakenOverAndAskedAbout() {
        server.next("/post_checked", after(60_000, json("{}")));
        server.always("/check", json("{\"happened\":true,\"result\":{\"id\":7}}"));
        DroverProcess first = worker("--drover.tools.post_checked.timeout=2m");
        UUID task = call("post_checked");
        await().until(() -> !server.requests("/post_checked").isEmpty());
        hold("TOOL", "post_checked");
        first.kill();

        worker();

        awaitState(task, "COMPLETED");
        assertThat(server.requests("/post_checked")).hasSize(1);
        assertThat(jdbc.sql("select output::text from task").query(String.class).single())
                .isEqualTo("{\"id\":7}");
    }

    @Test
    @Tag("release")
    void aHoldOnEverythingStopsTheClaimsAndTheQuestions() {
        server.next("/post_checked", after(60_000, json("{}")));
        server.always("/check", json("{\"happened\":true,\"result\":{\"id\":7}}"));
        DroverProcess first = worker("--drover.tools.post_checked.timeout=2m");
        UUID task = call("post_checked");
        await().until(() -> !server.requests("/post_checked").isEmpty());
        hold("ALL", null);
        first.kill();

        worker();
        awaitState(task, "QUEUED"); // taken over, and left there
        await().during(Duration.ofSeconds(1)).until(() -> state(task).equals("QUEUED"));
        assertThat(server.requests("/check")).isEmpty();
        jdbc.sql("delete from hold").update();

        awaitState(task, "COMPLETED");
    }

    private DroverProcess worker(String... more) {
        DroverProcess worker = DroverProcess.worker(jdbcUrl, server.url(), more);
        workers.add(worker);
        return worker.awaitClaiming();
    }

    private void hold(String kind, String name) {
        jdbc.sql("insert into hold (kind, name, reason, who) values (?, ?, 'an incident', 'ann')")
                .param(kind)
                .param(name)
                .update();
    }

    private List<UUID> calls(String tool, int count) {
        List<UUID> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(call(tool));
        }
        return tasks;
    }

    private UUID call(String tool) {
        UUID task = UUID.randomUUID();
        jdbc.sql("insert into task (id, workflow, status, input) values (?, 'call', 'QUEUED', ?::json)")
                .param(task)
                .param("{\"tool\":\"%s\",\"args\":{\"x\":\"1\"}}".formatted(tool))
                .update();
        return task;
    }

    private void awaitState(UUID task, String state) {
        await().untilAsserted(() -> assertThat(state(task)).isEqualTo(state));
    }

    private String state(UUID task) {
        return jdbc.sql("select concat_ws(' ', status, wait_reason) from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }
}
