package io.drover.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
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
    private static final ObjectMapper JSON = new ObjectMapper();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.create();
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @LocalServerPort
    int port;

    @TempDir
    Path directory;

    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private HttpServer webhook;
    private Process alertmanager;
    private PrometheusServer prometheus;

    @AfterEach
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        Program.end(alertmanager);
        if (webhook != null) {
            webhook.stop(0);
        }
    }

    @Test
    void oneBrokenIntegrationSendsOneMessageOfOneAlert() throws Exception {
        PrometheusServer.assumeInstalled();
        Program.assumeInstalled("prometheus-alertmanager", "prometheus-alertmanager");
        listen();
        String alerts = startAlertmanager();
        prometheus = PrometheusServer.start(directory, port, "vic", alerts);
        SERVER.always("/read", FaultyServer.json("{}"));
        for (int i = 0; i < 20; i++) {
            read("well " + i);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> !prometheus
                .query("agent_tasks_completed_total{workflow=\"call\"} >= 20")
                .at("/data/result")
                .isEmpty());
        assertThat(messages).isEmpty();

        SERVER.always("/read", FaultyServer.status(500, "", ""));
        for (int i = 0; i < 30; i++) {
            read("broken " + i);
        }

        await().atMost(Duration.ofSeconds(120)).until(() -> !messages.isEmpty());
        // Whatever else it sets off begins meanwhile, and is kept back.
        await().pollDelay(Duration.ofSeconds(15)).atMost(Duration.ofSeconds(30)).until(() -> true);
        assertThat(firing()).containsExactly("DroverToolFailing");
        JsonNode alert = messages.get(0).path("alerts").get(0);
        assertThat(alert.path("labels").path("tool").asText()).isEqualTo("read");
        assertThat(alert.path("annotations").path("summary").asText()).contains("of the calls of read failed");
        assertThat(alert.path("annotations").path("runbook_url").asText()).endsWith("runbooks/tool-failing.md");
    }

    private void read(String x) {
        String input = "{\"tool\":\"read\",\"args\":{\"x\":\"%s\"}}".formatted(x);
        tasks.submit(new Submit("call", null, input, null, Duration.ZERO, "test"))
                .join();
    }

    /** The names of all alerts that a message told of. */
    private TreeSet<String> firing() {
        TreeSet<String> names = new TreeSet<>();
        messages.forEach(message -> StreamSupport.stream(message.path("alerts").spliterator(), false)
                .forEach(alert ->
                        names.add(alert.path("labels").path("alertname").asText())));
        return names;
    }

    private void listen() throws IOException {
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            messages.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        webhook.start();
    }

    private String startAlertmanager() throws IOException {
        String config = Files.readString(Alert.DIRECTORY.resolve("alertmanager.yaml"))
                .replace(
                        "http://alerts.example.com",
                        "http://127.0.0.1:" + webhook.getAddress().getPort())
                .replace("group_wait: 1m", "group_wait: 3s")
                .replace("group_interval: 5m", "group_interval: 5s");
        Files.writeString(directory.resolve("alertmanager.yaml"), config);
        String address = "127.0.0.1:" + Program.freePort();
        alertmanager = Program.start(
                directory,
                "prometheus-alertmanager",
                "--config.file=alertmanager.yaml",
                "--storage.path=alertmanager",
                "--cluster.listen-address=",
                "--web.listen-address=" + address);
        PrometheusServer.ready(address);
        return address;
    }
}
