package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.journal.QueueState;
import io.drover.journal.TaskStatus;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process that starts with a broken file of rules. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"drover.routes.poll=200ms", "camel.main.name=ruled"})
class RulesAtStartTest {

    private static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();
    private static final Path RULES = FILES.directory().resolve("rules/rules.yaml");

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) throws IOException {
        TestDatabase.ofTwoRoles(registry);
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
        FILES.write(
                "echo",
                "- route: { id: echo, from: { uri: 'tool:echo', parameters: { description: Echoes, readOnlyHint: true },"
                        + " steps: [ { setBody: { constant: { expression: made } } } ] } }");
        FILES.write(
                "echoes",
                "- route: { id: echoes, from: { uri: 'task:echoes', steps: [ { to: { uri: 'tool:echo' } } ] } }");
        Files.createDirectory(RULES.getParent());
        Files.writeString(RULES, "rules: [ { id: broken, tools: [echo], then: forbit } ]");
    }

    @Autowired
    RouteFiles routes;

    @Autowired
    TaskService tasks;

    @Autowired
    QueueState queue;

    @Autowired
    JdbcClient jdbc;

    @Test
    void makesNoCallUntilTheFileIsMended() throws IOException {
        assertThat(routes.areAllLoaded()).isFalse();
        assertThat(routes.problems())
                .singleElement()
                .asString()
                .contains("rules/rules.yaml")
                .contains("did you mean 'forbid'?");
        UUID task = tasks.submit(new Submit("echoes", null, "{}", null, Duration.ZERO, "test"))
                .join()
                .id();
        await().untilAsserted(() -> assertThat(queue.progress(task).error())
                .contains("no call is made until the rules can be read: rules/rules.yaml:1: rule broken"));
        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.WAITING);

        Files.writeString(RULES, "rules: [ { id: mended, tools: [echo], then: permit } ]");

        await().until(routes::areAllLoaded);
        await().until(() -> {
            jdbc.sql("update task set run_at = now() where id = ? and wait_reason = 'DELAY'")
                    .param(task)
                    .update();
            return queue.progress(task).status() == TaskStatus.COMPLETED;
        });
        assertThat(queue.progress(task).output()).contains("made");
    }
}
