package io.drover.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client that follows a task, and can be cut off. */
final class EventReader implements AutoCloseable {

    record Event(String id, String name, JsonNode data) {
        String line() {
            return switch (name) {
                case "call" ->
                    "call " + data.path("n") + " " + data.path("tool").asText() + " "
                            + data.path("state").asText();
                case "progress" -> "progress " + data.path("body");
                case "attempt" ->
                    "attempt " + data.path("n") + " " + data.path("ending").asText();
                default -> name + " " + data.path("status").asText();
            };
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    EventReader(ApiClient api, String task, String last) {
        String[] headers = last == null
                ? new String[] {"Accept", "text/event-stream"}
                : new String[] {"Accept", "text/event-stream", "Last-Event-ID", last};
        try {
            this.response = http.send(
                    api.request("/api/tasks/" + task + "/events", headers).GET().build(), BodyHandlers.ofInputStream());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    int status() {
        return response.statusCode();
    }

    String type() {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    /** Reads until an event is the wanted one, or the stream ends. */
    List<Event> until(Predicate<Event> last) {
        List<Event> events = new ArrayList<>();
        String id = null;
        String name = null;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    Event event = new Event(id, name, new ObjectMapper().readTree(line.substring(6)));
                    events.add(event);
                    if (last.test(event)) {
                        return events;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
