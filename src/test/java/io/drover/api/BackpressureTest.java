package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.api.ApiClient.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process that takes tasks in and runs none, with a short queue and a database that hangs. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-api",
            "drover.role=trigger",
            "drover.queue.max-backlog=2",
            "drover.queue.max-input-bytes=100000",
            "drover.queue.max-in-flight-bytes=150000"
        })
class BackpressureTest {

    private static final String DATABASE = TestDatabase.migrated();

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", () -> DATABASE);
    }

    @LocalServerPort
    int port;

    @Test
    void refusesTasksWhileTheBacklogIsFull() {
        ApiClient api = new ApiClient(port, "ada", "secret");
        String first = api.post("/api/tasks/anything", "1").header("Location");
        String second = api.post("/api/tasks/anything", "2").header("Location");
        String third = api.post("/api/tasks/anything", "3").header("Location");

        await().until(() -> api.post("/api/tasks/none-such", "0").status() == 429);
        Answer refused = api.post("/api/tasks/anything", "4");
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        Answer hook = api.post("/hooks/anything", "4");
        assertThat(hook.status()).isEqualTo(429);
        assertThat(hook.header("Retry-After")).isEqualTo("5");

        api.post(first + "/cancel", "");
        api.post(second + "/cancel", "");
        await().until(() -> api.post("/api/tasks/none-such", "0").status() == 404);
        api.post(third + "/cancel", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/tasks/none-such", "/hooks/anything"})
    void refusesBodiesWhileTooMuchIsBeingReceived(String path) throws IOException {
        ApiClient api = new ApiClient(port, "ada", "secret");
        String body = "\"" + "x".repeat(90_000) + "\"";
        try (Socket slow = new Socket("127.0.0.1", port)) {
            OutputStream out = slow.getOutputStream();
            out.write(("POST /api/tasks/none-such HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic %s\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 99000\r\n\r\n\"")
                    .formatted(Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)))
                    .getBytes(StandardCharsets.US_ASCII));
            out.write("x".repeat(80_000).getBytes(StandardCharsets.US_ASCII));
            out.flush();

            ApiClient other = new ApiClient(port, "bob", "secret");
            await().until(() -> other.post("/api/tasks/none-such", body).status() == 503);
            assertThat(other.post(path, body).status()).isEqualTo(503);
            assertThat(other.post(path, body).header("Retry-After")).isNotEmpty();
            Answer own = api.post(path, body);
            assertThat(own.status()).as("a caller cannot take all of it").isEqualTo(429);
            assertThat(own.header("Retry-After")).isNotEmpty();
            assertThat(own.body()).contains("max-in-flight-bytes-per-caller (100000) of ada");
            assertThat(other.post("/api/tasks/none-such", "\"" + "x".repeat(50_000) + "\"")
                            .status())
                    .isEqualTo(404);
            assertThat(api.post("/api/tasks/none-such", "\"" + "x".repeat(50_000) + "\"")
                            .status())
                    .isEqualTo(429);
        }
        await().until(() -> api.post("/api/tasks/none-such", body).status() == 404);
        for (int i = 0; i < 5; i++) { // what hooks have read is given back
            api.post("/hooks/none-such", body);
            api.post("/hooks/anything", "{not json " + body);
        }
        await().until(() -> api.post("/api/tasks/none-such", body).status() == 404);
    }

    @Test
    void answers503WhenTheDatabaseHangs() throws SQLException {
        ApiClient api = new ApiClient(port, "ada", "secret");
        try (Connection other = DriverManager.getConnection(DATABASE)) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table task in access exclusive mode");

            for (Answer answer : new Answer[] {
                api.post("/api/tasks/anything", "5", "Idempotency-Key", "hangs"),
                api.post("/hooks/anything", "6"),
                api.get("/api/tasks")
            }) {
                assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isEqualTo("5");
                assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            }
            other.rollback();
        }
        assertThat(api.post("/api/tasks/anything", "5", "Idempotency-Key", "hangs")
                        .status())
                .isIn(200, 202);
    }
}
