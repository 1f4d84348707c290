package io.drover.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which messages the sample for Alertmanager makes of alerts of two namespaces. */
class AlertmanagerTest {

    @TempDir
    Path directory;

    @BeforeEach
    void needsAlertmanager() {
        AlertmanagerServer.assumeInstalled();
    }

    /** What every rule of {@code alerts.yaml} says of production keeps back nothing of staging, where each thing is broken alone. */
    @Test
    void whatIsBrokenInOneNamespaceIsOneMessageAndSilencesNothingOfAnother() throws Exception {
        try (AlertmanagerServer alertmanager = AlertmanagerServer.start(directory)) {
            send(
                    alertmanager,
                    alert("DroverDown", "prod"),
                    alert("DroverToolFailing", "prod", "tool", "crm"),
                    alert("DroverTasksFailing", "prod", "workflow", "ticket", "error_type", "ToolFailed"),
                    alert("DroverWorkersMissing", "prod"),
                    alert("DroverBreakerOpen", "staging", "tool", "crm"),
                    alert("DroverTasksFailing", "staging", "workflow", "order", "error_type", "ToolFailed"),
                    alert("DroverCallsInDoubt", "staging", "workflow", "refund"),
                    alert("DroverBacklogGrowing", "staging", "workflow", "ticket"));

            await().until(() -> alertmanager.messages().size() >= 2);

            assertThat(told(alertmanager))
                    .isEqualTo(Map.of(
                            "prod",
                            new TreeSet<>(List.of("DroverDown")),
                            "staging",
                            new TreeSet<>(List.of(
                                    "DroverBreakerOpen",
                                    "DroverTasksFailing",
                                    "DroverCallsInDoubt",
                                    "DroverBacklogGrowing"))));
        }
    }

    /** As without Kubernetes. */
    @Test
    void whereThereAreNoNamespacesItIsOneMessageToo() throws Exception {
        try (AlertmanagerServer alertmanager = AlertmanagerServer.start(directory)) {
            send(
                    alertmanager,
                    alert("DroverToolFailing", "", "tool", "crm"),
                    alert("DroverBreakerOpen", "", "tool", "crm"),
                    alert("DroverBreakerOpen", "", "tool", "mail"),
                    alert("DroverCallsInDoubt", "", "workflow", "refund"));

            await().until(() -> !alertmanager.messages().isEmpty());

            assertThat(alertmanager.messages()).hasSize(1);
            assertThat(told(alertmanager))
                    .isEqualTo(Map.of("", new TreeSet<>(List.of("DroverToolFailing", "DroverBreakerOpen"))));
        }
    }

    /** Each process has a dozen loops that fail without the database. */
    @Test
    void aDatabaseThatIsAwayIsToldOnce() throws Exception {
        try (AlertmanagerServer alertmanager = AlertmanagerServer.start(directory)) {
            send(
                    alertmanager,
                    alert("DroverDatabaseAway", "prod"),
                    alert("DroverLoopFails", "prod", "instance", "a", "loop", "backlog"),
                    alert("DroverLoopFails", "prod", "instance", "b", "loop", "holds"),
                    alert("DroverNoTaskSucceeds", "prod", "workflow", "ticket"),
                    alert("DroverWorkersMissing", "prod"),
                    alert("DroverLoopFails", "staging", "instance", "c", "loop", "holds"));

            await().until(() -> alertmanager.messages().size() >= 2);

            assertThat(told(alertmanager))
                    .isEqualTo(Map.of(
                            "prod",
                            new TreeSet<>(List.of("DroverDatabaseAway")),
                            "staging",
                            new TreeSet<>(List.of("DroverLoopFails"))));
        }
    }

    /** The names of alerts by the namespace that their message is of. */
    private static Map<String, TreeSet<String>> told(AlertmanagerServer alertmanager) {
        Map<String, TreeSet<String>> told = new TreeMap<>();
        for (JsonNode message : alertmanager.messages()) {
            TreeSet<String> names =
                    told.computeIfAbsent(message.at("/groupLabels/namespace").asText(), namespace -> new TreeSet<>());
            AlertmanagerServer.alerts(message)
                    .forEach(alert -> names.add(alert.at("/labels/alertname").asText()));
        }
        return told;
    }

    private static Map<String, Object> alert(String name, String namespace, String... labels) {
        Map<String, String> all = new TreeMap<>(Map.of("alertname", name, "service", "drover", "namespace", namespace));
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        return Map.of("labels", all);
    }

    @SafeVarargs
    private static void send(AlertmanagerServer alertmanager, Map<String, Object>... alerts) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + alertmanager.address() + "/api/v2/alerts"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(new ObjectMapper().writeValueAsString(alerts)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }
}
