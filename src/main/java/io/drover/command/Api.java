package io.drover.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The HTTP API of a running instance. */
final class Api {

    private static final Duration PATIENCE = Duration.ofSeconds(75); // longer than the API waits for an outcome

    /** The instance did not do what was asked; the message says why, and what helps. */
    static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }
    }

    /** @param text the answer as it came */
    record Answer(String text, JsonNode json) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI url;
    private final @Nullable Login login;

    /**
     * Who asks.
     *
     * @param authorization the header's value
     * @param name          what a refusal calls it
     */
    record Login(String authorization, String name) {

        /** @param credentials as {@code name:password} */
        static Login user(String credentials) {
            return new Login(
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)),
                    "the user '%s' with this password".formatted(credentials.substring(0, credentials.indexOf(':'))));
        }

        static Login key(String key) {
            return new Login("Bearer " + key, "the key in DROVER_KEY: it may have expired, or was revoked");
        }
    }

    /** @param login null for none */
    Api(URI url, @Nullable Login login) {
        this.url = url;
        this.login = login;
    }

    Answer get(String path, Map<String, ?> query) throws RefusedException {
        String parameters = query.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter -> parameter.getKey() + "="
                        + URLEncoder.encode(parameter.getValue().toString(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                request(parameters.isEmpty() ? path : path + "?" + parameters).GET());
    }

    Answer post(String path, @Nullable Object body) throws RefusedException {
        return post(path, body, PATIENCE);
    }

    Answer post(String path, @Nullable Object body, Duration patience) throws RefusedException {
        try {
            return send(request(path)
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body == null ? "" : ExactJson.write(body))));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Submits a task.
     *
     * @param input its JSON, as it stands in the file
     * @param keyOf whose key it is, or null for the user's
     */
    Answer submit(String workflow, String input, Map<String, String> headers, @Nullable String keyOf, boolean dryRun)
            throws RefusedException {
        HttpRequest.Builder request = request("/api/tasks/"
                        + URLEncoder.encode(workflow, StandardCharsets.UTF_8).replace("+", "%20")
                        + (dryRun ? "?mode=dry-run" : "")
                        + (keyOf == null
                                ? ""
                                : (dryRun ? "&" : "?") + "keyOf=" + URLEncoder.encode(keyOf, StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(input));
        headers.forEach(request::header);
        return send(request);
    }

    Answer delete(String path) throws RefusedException {
        return send(request(path).DELETE());
    }

    /**
     * Opens a stream of server-sent events.
     *
     * @param last the id of the last event that was received, or null
     * @return null when there is nothing more to come
     */
    @Nullable
    Stream<String> events(String path, @Nullable String last) throws RefusedException, IOException {
        HttpRequest.Builder request = request(path).setHeader("Accept", "text/event-stream, application/problem+json");
        if (last != null) {
            request.header("Last-Event-ID", last);
        }
        try {
            HttpResponse<Stream<String>> response = http.send(request.GET().build(), BodyHandlers.ofLines());
            if (response.statusCode() == 200) {
                return response.body();
            }
            response.body().close();
            if (response.statusCode() == 429 || response.statusCode() >= 500) {
                throw new IOException("HTTP status " + response.statusCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
        return null;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).header("Accept", "application/json");
        if (login != null) {
            request.header("Authorization", login.authorization);
        }
        return request;
    }

    private Answer send(HttpRequest.Builder request) throws RefusedException {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new RefusedException(
                    "%s does not answer; start Drover there, or name another address by --url or DROVER_URL"
                            .formatted(url));
        } catch (IOException e) {
            throw new RefusedException("%s: %s".formatted(url, e.getMessage() == null ? e : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
        JsonNode json = json(response);
        if (response.statusCode() == 401) {
            throw new RefusedException(
                    login == null
                            ? "%s needs a user: --user <name> asks for the password, or set DROVER_USER=<name>:<password> or DROVER_KEY=<key>"
                                    .formatted(url)
                            : "%s does not know %s".formatted(url, login.name));
        }
        if (response.statusCode() >= 300) {
            throw new RefusedException(json.path("detail").asText("HTTP status " + response.statusCode()));
        }
        return new Answer(response.body(), json);
    }

    private JsonNode json(HttpResponse<String> response) throws RefusedException {
        try {
            JsonNode json = ExactJson.read(response.body());
            if (response.statusCode() < 300 || json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) { // as below
        }
        throw new RefusedException(notDrover(response));
    }

    /** What stands in front of Drover answers in its place while no process is ready, or sends everybody to HTTPS. */
    private String notDrover(HttpResponse<String> response) {
        int status = response.statusCode();
        String place = response.headers().firstValue("Location").orElse("").replaceFirst("/api/.*", "");
        if (status >= 300 && status < 400 && !place.isEmpty()) {
            return "%s sends its clients to %s; name that place by --url or DROVER_URL".formatted(url, place);
        }
        return status == 502 || status == 503 || status == 504
                ? "%s answered with status %d, but it is not Drover that answers: a proxy reaches no process that is ready; look at its pods"
                        .formatted(url, status)
                : "%s answered with status %d and without JSON, so it is not Drover; check --url or DROVER_URL"
                        .formatted(url, status);
    }
}
