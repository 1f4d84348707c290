package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Drover;
import io.drover.DroverJvm;
import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A real process that is asked to stop while clients listen and wait. */
class McpShutdownTest {

    private static final String HELLO =
            """
            {"jsonrpc": "2.0", "id": 1, "method": "initialize",
             "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}
            """;
    private static final String SLOW =
            """
            {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "slow", "arguments": {}}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void answersWhatItBeganAndDoesNotHangOnOpenStreams() throws Exception {
        int port = FreePort.next();
        Path log = Files.createTempFile("drover", ".log");
        Process process = start(port, log);
        try {
            ApiClient health = new ApiClient(port, "", "");
            await().ignoreExceptions().until(() -> health.get("/health/ready").status() == 200);
            HttpResponse<String> hello = http.send(message(port, HELLO).build(), BodyHandlers.ofString());
            String session = hello.headers().firstValue("Mcp-Session-Id").orElseThrow();
            CompletableFuture<HttpResponse<java.io.InputStream>> stream = http.sendAsync(
                    request(port)
                            .header("Accept", "text/event-stream")
                            .header("Mcp-Session-Id", session)
                            .build(),
                    BodyHandlers.ofInputStream());
            CompletableFuture<HttpResponse<String>> slow = http.sendAsync(
                    message(port, SLOW).header("Mcp-Session-Id", session).build(), BodyHandlers.ofString());
            ApiClient ada = new ApiClient(port, "ada", "secret");
            await().until(() ->
                    !ada.get("/api/tasks?status=RUNNING").json().path("tasks").isEmpty());

            long started = System.nanoTime();
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();

            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
            assertThat(slow.get(1, TimeUnit.SECONDS).body()).contains("at last");
            try (BufferedReader closed = new BufferedReader(
                    new InputStreamReader(stream.get(1, TimeUnit.SECONDS).body()))) {
                // A stream opened right after the start may still hear that there are tools now, and one that is open
                // for long hears pings.
                assertThat(closed.lines().filter(line -> line.startsWith("data: ")))
                        .allSatisfy(line -> assertThat(line)
                                .containsAnyOf("notifications/tools/list_changed", "\"method\":\"ping\""));
            }
            assertThat(Files.readString(log)).doesNotContain("ERROR");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(int port, Path log) throws Exception {
        List<String> command = DroverJvm.command(Drover.class);
        command.addAll(List.of(
                "--server.port=" + port,
                "--spring.datasource.url=" + TestDatabase.migrated(),
                "--drover.routes.directory=src/test/resources/routes-mcp"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static HttpRequest.Builder message(int port, String body) {
        return request(port)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder request(int port) {
        return HttpRequest.newBuilder(URI.create("http://localhost:%d/mcp".formatted(port)))
                .header("Authorization", McpTestBase.basic("ada"));
    }
}
