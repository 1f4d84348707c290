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

/** A process that starts with a broken file of flags. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"drover.routes.poll=200ms", "camel.main.name=flagged"})
class FlagsAtStartTest {

    private static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();
    private static final Path FLAGS = FILES.directory().resolve("flags/flags.yaml");

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) throws IOException {
        TestDatabase.ofTwoRoles(registry);
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
        FILES.write(
                "asks",
                "- route: { id: asks, from: { uri: 'task:asks', parameters: { maxAttempts: 1 },"
                        + " steps: [ { setBody: { simple: { expression: 'it is ${flag:new:off}' } } } ] } }");
        FILES.write(
                "pays",
                "- route: { id: pays, from: { uri: 'tool:pays', parameters: { description: Pays, flag: new },"
                        + " steps: [ { setBody: { constant: { expression: paid } } } ] } }");
        FILES.write(
                "flagged",
                "- route: { id: flagged, from: { uri: 'task:flagged', parameters: { maxAttempts: 1 },"
                        + " steps: [ { to: { uri: 'tool:pays' } } ] } }");
        Files.createDirectory(FLAGS.getParent());
        Files.writeString(FLAGS, "flags: { new: { state: ENABLED, variants: { on: 'on' }, defaultVariant: no } }");
    }

    @Autowired
    RouteFiles routes;

    @Autowired
    TaskService tasks;

    @Autowired
    QueueState queue;

    @Autowired
    JdbcClient jdbc;

    /** Not even a default counts: it would be recorded for every task of a start with a slip in the file. */
    @Test
    void tasksThatAskForAFlagWaitUntilTheFileIsMended() throws IOException {
        assertThat(routes.areAllLoaded()).isFalse();
        assertThat(routes.problems())
                .singleElement()
                .asString()
                .contains("flags/flags.yaml")
                .contains("defaultVariant 'no' is no variant");
        UUID asks = waits("asks");
        UUID pays = waits("flagged");

        Files.writeString(FLAGS, "flags: { new: { state: ENABLED, variants: { on: 'on' }, defaultVariant: on } }");

        await().until(routes::areAllLoaded);
        assertThat(output(asks)).contains("it is on");
        assertThat(output(pays)).contains("paid");
    }

    private UUID waits(String workflow) {
        UUID task = tasks.submit(new Submit(workflow, null, "{}", null, Duration.ZERO, "test"))
                .join()
                .id();
        await().untilAsserted(() -> assertThat(queue.progress(task).error())
                .contains("tasks that ask for a flag wait until the flags can be read: flags/flags.yaml:1"));
        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.WAITING);
        return task;
    }

    private String output(UUID task) {
        await().until(() -> {
            jdbc.sql("update task set run_at = now() where id = ? and wait_reason = 'DELAY'")
                    .param(task)
                    .update();
            return queue.progress(task).status() == TaskStatus.COMPLETED;
        });
        return queue.progress(task).output();
    }
}
