package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.route.RouteDirectoryFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What comes again after the database went back in time may have been done before: files, and the ends of tasks. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
class RecoveredTasksTest {

    private static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();
    private static final Path INBOX = inbox();
    private static final FaultyServer SERVER = new FaultyServer();

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        FILES.write("event", "- route: {id: event, from: {uri: 'task:event', steps: [{log: {message: worked}}]}}");
        FILES.write(
                "inbox",
                """
                - route:
                    id: inbox
                    from:
                      uri: file:%s?noop=true&delay=100&initialDelay=0
                      steps:
                        - removeHeaders: { pattern: "*" }
                        - convertBodyTo: { type: String }
                        - to: { uri: task:event }
                """
                        .formatted(INBOX));
        FILES.write(
                "tell",
                """
                - route:
                    id: tell
                    from:
                      uri: tool:tell
                      parameters: { parameter.status: string, idempotentHint: true }
                      steps:
                        - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: POST } } }
                        - setBody: { expression: { constant: { expression: told } } }
                        - to: { uri: "{{server.url}}/tell" }
                """);
        registry.add("server.url", SERVER::url);
        String url = TestDatabase.create();
        registry.add("spring.datasource.url", () -> url);
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
        registry.add(
                "drover.recover-since",
                () -> Instant.now().minus(Duration.ofHours(1)).toString());
    }

    @Autowired
    JdbcClient jdbc;

    @Test
    void theCallsOfItsTaskAreDoubtedIfItIsOlderThanTheRecovery() throws Exception {
        file("before.json", Instant.now().minus(Duration.ofMinutes(30)));
        file("after.json", Instant.now().plus(Duration.ofMinutes(1)));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(keys("select key from task where submitted_by = 'inbox'"))
                        .hasSize(2));

        assertThat(keys("select key from task join recovery_task on task_id = id where submitted_by = 'inbox'"))
                .singleElement()
                .asString()
                .startsWith("inbox/before.json/");
    }

    /** Its key is another one than before, so the other side cannot know it again. */
    @Test
    void theEndOfATaskIsNotToldTwiceWithoutAPersonsWord() {
        end("now() - interval '1 hour'");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(callbacks()).containsExactly("WAITING IN_DOUBT"));
        assertThat(SERVER.requests("/tell")).isEmpty();

        end("now()");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(callbacks()).containsExactly("COMPLETED ", "WAITING IN_DOUBT"));
        assertThat(SERVER.requests("/tell")).hasSize(1);
    }

    private void end(String created) {
        jdbc.sql(
                        """
                        insert into task (id, workflow, status, input, on_end, created_at)
                        values (gen_random_uuid(), 'event', 'QUEUED', '{}', 'tell', %s)
                        """
                                .formatted(created))
                .update();
    }

    private List<String> callbacks() {
        return jdbc.sql("select concat(status, ' ', wait_reason) from task where workflow = 'on-end' order by 1")
                .query(String.class)
                .list();
    }

    private List<String> keys(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }

    private static void file(String name, Instant changed) throws IOException {
        Path file = Files.writeString(FILES.directory().resolve(name), "{}");
        Files.setLastModifiedTime(file, FileTime.from(changed));
        Files.move(file, INBOX.resolve(name));
    }

    private static Path inbox() {
        try {
            return Files.createTempDirectory("inbox");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
