package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What the cache of a read-only tool promises, wherever it is kept. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"drover.routes.directory=src/test/resources/routes-guard", "drover.tools.check.cache=1h"})
abstract class CacheTestBase {

    static final FaultyServer SERVER = new FaultyServer();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    @BeforeEach
    void freshServer() {
        SERVER.reset();
    }

    @Test
    void answersEqualCallsOfOtherTasksWhileTheResultIsFresh() {
        SERVER.next("/quote", FaultyServer.json("{\"price\":1}"), FaultyServer.json("{\"price\":2}"));

        assertThat(output(quote("fresh"))).isEqualTo("{\"price\":1}");
        double before = cached();
        UUID second = quote("fresh");
        assertThat(output(second)).isEqualTo("{\"price\":1}");

        assertThat(asked("fresh")).isEqualTo(1);
        assertThat(cached()).isEqualTo(before + 1);
        assertThat(results(second)).containsExactly("{\"price\":1}"); // and its journal knows what it heard
        assertThat(jdbc.sql("select tries from call where task_id = ?")
                        .param(second)
                        .query(Integer.class)
                        .single())
                .as("nothing was sent")
                .isZero();
        await().untilAsserted(() -> assertThat(output(quote("fresh"))).isEqualTo("{\"price\":2}"));
        assertThat(asked("fresh")).isEqualTo(2);
    }

    @Test
    void tellsOtherArgumentsApart() {
        SERVER.next("/quote", FaultyServer.json("{\"price\":1}"), FaultyServer.json("{\"price\":2}"));

        assertThat(output(quote("one"))).isEqualTo("{\"price\":1}");
        assertThat(output(quote("two"))).isEqualTo("{\"price\":2}");
    }

    @Test
    void keepsNoFailure() {
        SERVER.next("/quote", FaultyServer.status(404, "", ""), FaultyServer.json("{\"price\":3}"));

        assertThat(status(quote("failure"))).isEqualTo("DEAD");
        assertThat(output(quote("failure"))).isEqualTo("{\"price\":3}");
    }

    @Test
    void doesNotAnswerWhetherACallHappened() {
        for (int i = 0; i < 2; i++) {
            SERVER.next("/post_checked", FaultyServer.hangUp());
            SERVER.next("/check", FaultyServer.json("{\"happened\":true,\"result\":{\"n\":%d}}".formatted(i)));

            UUID task = call("post_checked", "doubt");

            assertThat(output(task)).isEqualTo("{\"n\":%d}".formatted(i));
        }
    }

    UUID quote(String x) {
        return call("quote", x);
    }

    private UUID call(String tool, String x) {
        String input = "{\"tool\":\"%s\",\"args\":{\"x\":\"%s\"}}".formatted(tool, x);
        return tasks.submit(new Submit("call", null, input, null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    String output(UUID task) {
        assertThat(status(task)).isEqualTo("COMPLETED");
        return jdbc.sql("select output::text from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private String status(UUID task) {
        return await().until(
                        () -> jdbc.sql("select status::text from task where id = ?")
                                .param(task)
                                .query(String.class)
                                .single(),
                        status -> status.equals("COMPLETED") || status.equals("DEAD"));
    }

    private List<String> results(UUID task) {
        return jdbc.sql("select result::text from call where task_id = ?")
                .param(task)
                .query(String.class)
                .list();
    }

    static long asked(String x) {
        return SERVER.requests("/quote").stream()
                .filter(request -> request.body().contains(x))
                .count();
    }

    private double cached() {
        return meters.find("agent.tool.calls").tags("tool", "quote", "outcome", "cached").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
