package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people decide at the same instant, each on another process: one of them does, and the call is made once or never. */
class VotesInProcessesTest {

    private static final int EACH = 6;

    private final FaultyServer server = new FaultyServer();
    private final String jdbcUrl = TestDatabase.migrated();
    private final List<DroverProcess> processes = new ArrayList<>();

    @TempDir
    Path routes;

    @AfterEach
    void close() {
        processes.forEach(DroverProcess::close);
        server.close();
    }

    @Test
    @Tag("release")
    void ofTwoVotersOnTwoProcessesOneDecides() throws IOException {
        write(
                "pay",
                """
                - route:
                    id: pay
                    from:
                      uri: tool:pay
                      parameters: { approval: always, retries: 0, parameter.x: string }
                      steps:
                        - setBody: { expression: { simple: { expression: "${variable.x}" } } }
                        - to: { uri: "{{server.url}}/pay", parameters: { httpMethod: POST } }
                """);
        write(
                "pays",
                """
                - route:
                    id: pays
                    from:
                      uri: task:pays
                      parameters: { maxAttempts: 1 }
                      steps:
                        - to: { uri: "tool:pay", parameters: { arg.x: "${variable.taskId}" } }
                """);
        int first = process();
        int second = process();
        Map<String, String> approvals = new LinkedHashMap<>();
        List<String> tasks = Stream.generate(() -> user(first, "ada")
                        .post("/api/tasks/pays", "{}")
                        .json()
                        .path("id")
                        .asText())
                .limit(2 * EACH)
                .toList();
        await().until(() -> {
            for (JsonNode one :
                    user(second, "vic").get("/api/approvals?limit=100").json().path("approvals")) {
                approvals.put(one.path("task").asText(), one.path("id").asText());
            }
            return approvals.keySet().containsAll(tasks);
        });

        List<CompletableFuture<Integer>> ofAnn = new ArrayList<>();
        List<CompletableFuture<Integer>> ofArt = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            String approval = approvals.get(tasks.get(i));
            String other = i < EACH ? "approve" : "reject";
            ofAnn.add(CompletableFuture.supplyAsync(() -> vote(first, "ann", approval, "approve")));
            ofArt.add(CompletableFuture.supplyAsync(() -> vote(second, "art", approval, other)));
        }

        for (int i = 0; i < tasks.size(); i++) {
            String task = tasks.get(i);
            int ann = ofAnn.get(i).join();
            int art = ofArt.get(i).join();
            boolean approved = ann == 200 || i < EACH;
            assertThat(List.of(ann, art)).as("one vote decides").containsExactlyInAnyOrder(200, 409);
            await().untilAsserted(() -> assertThat(status(first, task)).isEqualTo(approved ? "COMPLETED" : "DEAD"));
            assertThat(server.requests("/pay").stream()
                            .filter(request -> request.body().equals(task)))
                    .hasSize(approved ? 1 : 0);
            JsonNode decided = user(second, "vic")
                    .get("/api/approvals/" + approvals.get(task))
                    .json();
            assertThat(decided.path("state").asText()).isEqualTo(approved ? "SPENT" : "REJECTED");
            assertThat(decided.path("votes").findValuesAsText("who")).containsExactly(ann == 200 ? "ann" : "art");
        }
    }

    private int vote(int port, String who, String approval, String vote) {
        return user(port, who)
                .post("/api/approvals/%s/vote".formatted(approval), "{\"vote\":\"%s\"}".formatted(vote))
                .status();
    }

    private String status(int port, String task) {
        return user(port, "vic").get("/api/tasks/" + task).json().path("status").asText();
    }

    private static ApiClient user(int port, String name) {
        return new ApiClient(port, name, "secret");
    }

    /** Starts one, and returns the port of its API. */
    private int process() throws IOException {
        int port = FreePort.next();
        processes.add(DroverProcess.start(
                        jdbcUrl,
                        null,
                        "--spring.main.web-application-type=servlet",
                        "--server.port=" + port,
                        "--drover.management.port=0",
                        "--drover.role=all",
                        "--drover.routes.directory=" + routes,
                        "--server.url=" + server.url())
                .awaitClaiming());
        await().ignoreExceptions()
                .until(() -> user(port, "vic").get("/api/approvals").status() == 200);
        return port;
    }

    private void write(String name, String yaml) throws IOException {
        Files.writeString(routes.resolve(name + ".camel.yaml"), yaml);
    }
}
