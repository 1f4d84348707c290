package io.drover.monitoring;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.FreePort;
import io.drover.Needed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real Prometheus that scrapes one Drover each second, by the sample configuration and with the alerts that are shipped. */
public final class PrometheusServer implements AutoCloseable {

    /** No Alertmanager listens here. */
    private static final String NOBODY = "127.0.0.1:9";

    private final String address;
    private final Process process;

    private PrometheusServer(String address, Process process) {
        this.address = address;
        this.process = process;
    }

    /** Skips the test, and says why, where Prometheus is not installed. */
    public static void assumeInstalled() {
        Needed.orSkip(Needed.PROMETHEUS);
    }

    /**
     * Scrapes Drover twice: without a namespace, as it is without Kubernetes, and as if it were another one in the namespace {@code staging}.
     *
     * @param directory of its own
     * @param port where Drover listens
     * @param user who may read the metrics, with the password {@code secret}
     */
    public static PrometheusServer start(Path directory, int port, String user) {
        return start(
                directory,
                port,
                user,
                NOBODY,
                "{ targets: [drover] }, { targets: [drover], labels: { namespace: staging } }");
    }

    static PrometheusServer start(Path directory, int port, String user, String alertmanager) {
        return start(directory, port, user, alertmanager, "{ targets: [drover] }");
    }

    /** Its minutes are seconds, so that alerts come while a test waits for them. */
    private static PrometheusServer start(Path directory, int port, String user, String alertmanager, String targets) {
        try {
            Files.writeString(
                    directory.resolve("alerts.yaml"),
                    Files.readString(Alert.RULES)
                            .replaceAll("for: \\d+m", "for: 2s")
                            .replaceAll("\\[\\d+m]", "[40s]")
                            .replaceAll("offset 10m", "offset 20s"));
            Files.writeString(directory.resolve("password"), "secret");
            Files.writeString(
                    directory.resolve("prometheus.yaml"),
                    Files.readString(Alert.DIRECTORY.resolve("prometheus.yaml"))
                            .replace("15s", "1s")
                            .replace("alertmanager:9093", alertmanager)
                            .replace("username: prometheus", "username: " + user)
                            .replace("/etc/prometheus/drover-password", "password")
                            .replace("{ targets: [\"drover:80\"] }", targets.replace("drover", "127.0.0.1:" + port)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String address = "127.0.0.1:" + FreePort.next();
        Process process = Program.start(
                directory,
                "prometheus",
                "--config.file=prometheus.yaml",
                "--storage.tsdb.path=prometheus-data",
                "--web.listen-address=" + address);
        ready(address);
        return new PrometheusServer(address, process);
    }

    /** Waits until a program of Prometheus is ready. */
    static void ready(String address) {
        await().ignoreExceptions()
                .until(() -> get("http://" + address + "/-/ready").statusCode() == 200);
    }

    public String url() {
        return "http://" + address;
    }

    /** The whole answer to an instant query. */
    public JsonNode query(String expression) {
        try {
            return new ObjectMapper()
                    .readTree(get("http://" + address + "/api/v1/query?query="
                                    + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                            .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Override
    public void close() {
        Program.end(process);
    }
}
