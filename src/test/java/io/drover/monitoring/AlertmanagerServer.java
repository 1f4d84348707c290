package io.drover.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.drover.FreePort;
import io.drover.Needed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A real Alertmanager with the sample configuration, whose minutes are seconds, and the team that gets its messages. */
final class AlertmanagerServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final String address = "127.0.0.1:" + FreePort.next();
    private final HttpServer team;
    private final Process process;

    private AlertmanagerServer(Path directory) throws IOException {
        team = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        team.createContext("/", exchange -> {
            messages.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        team.start();
        Files.writeString(
                directory.resolve("alertmanager.yaml"),
                Files.readString(Alert.DIRECTORY.resolve("alertmanager.yaml"))
                        .replace(
                                "http://alerts.example.com",
                                "http://127.0.0.1:" + team.getAddress().getPort())
                        .replace("group_wait: 1m", "group_wait: 3s")
                        .replace("group_interval: 5m", "group_interval: 5s"));
        process = Program.start(
                directory,
                "prometheus-alertmanager",
                "--config.file=alertmanager.yaml",
                "--storage.path=alertmanager",
                "--cluster.listen-address=",
                "--web.listen-address=" + address);
        PrometheusServer.ready(address);
    }

    /** Skips the test, and says why, where Alertmanager is not installed. */
    static void assumeInstalled() {
        Needed.orSkip(Needed.ALERTMANAGER);
    }

    static AlertmanagerServer start(Path directory) throws IOException {
        return new AlertmanagerServer(directory);
    }

    String address() {
        return address;
    }

    /** What the team was sent, oldest first. */
    List<JsonNode> messages() {
        return messages;
    }

    /** The alerts that a message tells of. */
    static Stream<JsonNode> alerts(JsonNode message) {
        return StreamSupport.stream(message.path("alerts").spliterator(), false);
    }

    @Override
    public void close() {
        Program.end(process);
        team.stop(0);
    }
}
