package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.route.RouteDirectoryFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What comes again after the database went back in time may have been done before: files, and the ends of tasks. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
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
        trigger("rows", "\"sql:select 7 as id?delay=100&initialDelay=0\"", ", parameters: { key: row-7 }");
        trigger("decades", "timer:decades?period=1576800000000", "");
        trigger("seconds", "timer:seconds?period=1000", "");
        trigger("looks", "timer:looks?period=1000", ", parameters: { key: order-7 }");
        trigger("hook", "platform-http:/hooks/paid?httpMethodRestrict=POST", "");
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
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
        registry.add(
                "drover.recover-since",
                () -> Instant.now().minus(Duration.ofHours(1)).toString());
    }

    private static void trigger(String id, String from, String parameters) {
        FILES.write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - setBody: { expression: { constant: { expression: "{}" } } }
                        - to: { uri: "task:event"%s }
                """
                        .formatted(id, from, parameters));
    }

    @Autowired
    JdbcClient jdbc;

    @LocalServerPort
    int port;

    @Test
    void theCallsOfItsTaskAreDoubtedIfItIsOlderThanTheRecovery() throws Exception {
        file("before.json", Instant.now().minus(Duration.ofMinutes(30)));
        file("after.json", Instant.now().plus(Duration.ofMinutes(1)));

        await().untilAsserted(() -> assertThat(keys("select key from task where submitted_by = 'inbox'"))
                .hasSize(2));

        assertThat(keys("select key from task join recovery_task on task_id = id where submitted_by = 'inbox'"))
                .singleElement()
                .asString()
                .startsWith("inbox/before.json/");
    }

    /** A row bears no time; and what a timer looks for may be older than the timer's instant. */
    @ParameterizedTest
    @ValueSource(strings = {"rows", "looks", "decades"})
    void theCallsOfATaskAreDoubtedIfNobodyKnowsThatItIsNew(String trigger) {
        await().untilAsserted(() -> assertThat(doubted(trigger)).isEqualTo(1));
        assertThat(all(trigger)).isEqualTo(1);
    }

    @Test
    void anIntervalThatBeganAfterTheRecoveryIsNew() {
        await().until(() -> all("seconds") > doubted("seconds"));
    }

    /** Its sender may send again what the database has forgotten. */
    @Test
    void aDeliveryThatMayComeAgainIsDoubtedAndARequestOfItsOwnIsNew() throws Exception {
        assertThat(post("delivery-1")).isEqualTo(200);
        assertThat(post(null)).isEqualTo(200);

        assertThat(keys("select key from task join recovery_task on task_id = id where submitted_by = 'ada'"))
                .containsExactly("hook/X-GitHub-Delivery/delivery-1");
        assertThat(all("ada")).isEqualTo(2);
    }

    private int post(@Nullable String delivery) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/hooks/paid".formatted(port)))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        if (delivery != null) {
            request.header("X-GitHub-Delivery", delivery);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    private int all(String by) {
        return jdbc.sql("select count(*) from task where submitted_by = ?")
                .param(by)
                .query(Integer.class)
                .single();
    }

    private int doubted(String by) {
        return jdbc.sql("select count(*) from task join recovery_task on task_id = id where submitted_by = ?")
                .param(by)
                .query(Integer.class)
                .single();
    }

    /** Its key is another one than before, so the other side cannot know it again. */
    @Test
    void theEndOfATaskIsNotToldTwiceWithoutAPersonsWord() {
        end("now() - interval '1 hour'");
        await().untilAsserted(() -> assertThat(callbacks()).containsExactly("WAITING IN_DOUBT"));
        assertThat(SERVER.requests("/tell")).isEmpty();

        end("now()");
        await().untilAsserted(() -> assertThat(callbacks()).containsExactly("COMPLETED ", "WAITING IN_DOUBT"));
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
