package io.drover.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A back end breaks; a real Prometheus sees it in a running Drover, and a real Alertmanager tells it once. */
@AutoConfigureObservability(tracing = false)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "drover.routes.directory=src/test/resources/routes-guard")
class AlertsEndToEndTest {

    private static final FaultyServer SERVER = new FaultyServer();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @LocalServerPort
    int port;

    @TempDir
    Path directory;

    @Test
    void oneBrokenIntegrationSendsOneMessageOfOneAlert() throws Exception {
        PrometheusServer.assumeInstalled();
        AlertmanagerServer.assumeInstalled();
        try (AlertmanagerServer alertmanager = AlertmanagerServer.start(directory);
                PrometheusServer prometheus = PrometheusServer.start(directory, port, "vic", alertmanager.address())) {
            // Prometheus has seen the counter before it grows: what it first sees at 20 has not increased.
            await().until(() -> !prometheus
                    .query("agent_tasks_completed_total{workflow=\"call\"} == 0")
                    .at("/data/result")
                    .isEmpty());
            SERVER.always("/read", FaultyServer.json("{}"));
            for (int i = 0; i < 20; i++) {
                read("well " + i);
            }
            await().until(() -> !prometheus
                    .query("agent_tasks_completed_total{workflow=\"call\"} >= 20")
                    .at("/data/result")
                    .isEmpty());
            List<JsonNode> messages = alertmanager.messages();
            assertThat(messages).isEmpty();

            SERVER.always("/read", FaultyServer.status(500, "", ""));
            for (int i = 0; i < 30; i++) {
                read("broken " + i);
            }

            await().until(() -> !messages.isEmpty());
            // Whatever else it sets off begins meanwhile, and is kept back.
            await().pollDelay(Duration.ofSeconds(15)).until(() -> true);
            assertThat(messages.stream().flatMap(AlertmanagerServer::alerts).map(alert -> alert.at("/labels/alertname")
                            .asText()))
                    .containsOnly("DroverToolFailing");
            JsonNode alert = messages.get(0).path("alerts").get(0);
            assertThat(alert.path("labels").path("tool").asText()).isEqualTo("read");
            assertThat(alert.path("annotations").path("summary").asText())
                    .contains("of the latest calls of read (stable) failed");
            assertThat(alert.path("annotations").path("runbook_url").asText()).endsWith("runbooks/tool-failing.md");
        }
    }

    private void read(String x) {
        String input = "{\"tool\":\"read\",\"args\":{\"x\":\"%s\"}}".formatted(x);
        tasks.submit(new Submit("call", null, input, null, Duration.ZERO, "test"))
                .join();
    }
}
