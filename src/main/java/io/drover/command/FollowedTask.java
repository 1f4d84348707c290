package io.drover.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.command.Api.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints what becomes of a task until it ends, over as many connections as that takes. */
final class FollowedTask {

    private static final int MOST_FAILURES = 30;
    private static final long PAUSE_MS = 1_000;

    private final String path;
    private final RemoteCommand command;
    private @Nullable String last;
    private int failures;

    FollowedTask(UUID task, RemoteCommand command) {
        this.path = "/api/tasks/" + task + "/events";
        this.command = command;
    }

    void show(Api api) throws RefusedException {
        boolean ended = false;
        while (!ended) {
            try (Stream<String> lines = api.events(path, last)) {
                ended = lines == null || print(lines.iterator());
            } catch (IOException | UncheckedIOException e) {
                if (++failures > MOST_FAILURES) {
                    throw new RefusedException("the events of the task cannot be read: " + e.getMessage());
                }
            }
            if (!ended) {
                pause();
            }
        }
    }

    /** @return whether the task has ended */
    private boolean print(Iterator<String> lines) {
        String name = "";
        String id = null;
        String data = "";
        while (lines.hasNext()) {
            String line = lines.next();
            failures = 0;
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                last = id == null ? last : id;
                print(name, data);
                if (name.equals("end")) {
                    return true;
                }
                data = "";
                id = null;
            }
        }
        return false;
    }

    private void print(String name, String data) {
        if (command.isJson()) {
            command.out().println("{\"event\":\"%s\",\"data\":%s}".formatted(name, data));
        } else {
            JsonNode event = event(data);
            command.say("%s  %-9s %s".formatted(time(event), name, words(name, event)));
        }
        command.out().flush();
    }

    private static JsonNode event(String data) {
        try {
            return ExactJson.read(data);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(data);
        }
    }

    /** When it happened, which may be long ago: the first events are the task's whole past. */
    private static String time(JsonNode event) {
        return Stream.of("finishedAt", "endedAt", "at", "startedAt")
                .filter(event::has)
                .map(field -> Table.time(event.path(field)))
                .findFirst()
                .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static String words(String name, JsonNode event) {
        if (event.isTextual()) {
            return event.asText();
        }
        String error =
                event.has("error") ? ": " + event.path("error").path("message").asText() : "";
        return switch (name) {
            case "call" ->
                "%d %s %s%s"
                        .formatted(
                                event.path("n").asInt(),
                                event.path("tool").asText(),
                                event.path("state").asText(),
                                error);
            case "progress" -> event.path("body").toString();
            case "attempt" ->
                "%d %s%s"
                        .formatted(event.path("n").asInt(), event.path("ending").asText(), error);
            default ->
                event.path("status").asText()
                        + (event.has("waitReason")
                                ? " " + event.path("waitReason").asText()
                                : "")
                        + error;
        };
    }

    private static void pause() throws RefusedException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }
}
