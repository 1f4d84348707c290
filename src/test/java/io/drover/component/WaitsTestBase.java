package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.CuttingProxy;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Workflows that wait: what is around their tests. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "drover.routes.directory=src/test/resources/routes-waits")
abstract class WaitsTestBase {

    static final FaultyServer SERVER = new FaultyServer();
    static final CuttingProxy DATABASE = new CuttingProxy(TestDatabase.migrated());

    /** What the server does not write down if it stands in a note. */
    static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();

    static {
        SERVER.respond(
                "/note",
                request -> FaultyServer.status(
                        REFUSED.stream().anyMatch(request.body()::contains) ? 422 : 200,
                        "Content-Type: text/plain",
                        "ok"));
    }

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", DATABASE::url);
        registry.add("server.url", SERVER::url);
    }

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    final String name = UUID.randomUUID().toString();

    ApiClient api() {
        return new ApiClient(port, "ada", "secret");
    }

    static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20));
    }

    String submit(String workflow, String input, String... headers) {
        ApiClient.Answer answer = api().post("/api/tasks/" + workflow, input, headers);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().path("id").asText();
    }

    String submit(String workflow) {
        return submit(workflow, "{\"name\":\"%s\"}".formatted(name));
    }

    ApiClient.Answer signal(String key, String body, String... headers) {
        return api().post("/api/signals/replied?key=" + key, body, headers);
    }

    JsonNode task(String id) {
        return api().get("/api/tasks/" + id).json();
    }

    void waits(String id, String reason) {
        soon().untilAsserted(() -> {
            assertThat(task(id).path("status").asText()).isEqualTo("WAITING");
            assertThat(task(id).path("waitReason").asText()).isEqualTo(reason);
        });
    }

    JsonNode ended(String id) {
        soon().until(() ->
                List.of("COMPLETED", "DEAD").contains(task(id).path("status").asText()));
        return task(id);
    }

    JsonNode output(String id) {
        JsonNode task = ended(id);
        assertThat(task.path("status").asText()).as(task.toString()).isEqualTo("COMPLETED");
        return task.path("output");
    }

    List<String> notes() {
        return SERVER.requests("/note").stream()
                .map(FaultyServer.Request::body)
                .filter(body -> body.contains(name))
                .map(body -> body.replace(" " + name, ""))
                .toList();
    }
}
