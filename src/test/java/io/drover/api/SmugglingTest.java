package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drover.Expressions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hides in a request: a second request, or an expression. */
class SmugglingTest extends ApiTestBase {

    /** A proxy before Drover may end a request elsewhere than Drover does (RFC 9112, 11.2). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5|Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked|Content-Length: 5",
                "Content-Length: 5|Content-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: 0x5",
                "Content-Length: -1",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\u000bchunked",
                " Transfer-Encoding: chunked",
                "X: y\rTransfer-Encoding: chunked",
                "Content-Length: 5|X: y\u0000"
            })
    void noSecondRequestHidesInAFirst(String headers) throws IOException {
        String key = "smuggled-" + UUID.randomUUID();
        String login = "Authorization: Basic "
                + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)) + "\r\n";
        String second = "POST /api/tasks/anything HTTP/1.1\r\nHost: localhost\r\n" + login
                + "Connection: close\r\nContent-Type: application/json\r\nIdempotency-Key: " + key
                + "\r\nContent-Length: 2\r\n\r\n{}";
        String first = "POST /api/tasks/none-such HTTP/1.1\r\nHost: localhost\r\n" + login
                + "Content-Type: application/json\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n0\r\n\r\n" + second;

        String answer = send(first);

        assertThat(answer).startsWith("HTTP/1.1 ").contains("Connection: close");
        assertThat(answer.split("HTTP/1.1 ")).as(answer).allMatch(one -> one.matches("(?s)|4.*|501.*"));
        assertThat(found(key)).as(answer).isEmpty();
        assertThat(send(second)).as("in the open").startsWith("HTTP/1.1 202");
        assertThat(found(key)).hasSize(1);
    }

    private JsonNode found(String key) {
        return operator().get("/api/tasks?q=" + key).json().path("tasks");
    }

    private String send(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[8192];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                answer.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        }
    }

    /** As an input, an argument, a result, a key, the body of a hook, of a signal, and on the pages that show them. */
    @Test
    void expressionsAreData() {
        for (String expression : Expressions.TEXTS) {
            String input = JsonNodeFactory.instance
                    .objectNode()
                    .put("name", expression)
                    .toString();
            String key = expression.replaceAll("[^ -~]", "") + UUID.randomUUID();
            for (String path : List.of("/api/tasks/greet", "/hooks/greet")) {
                String id = operator()
                        .post(path, input, "Idempotency-Key", key + path)
                        .json()
                        .path("id")
                        .asText();
                JsonNode task = await().until(
                                () -> operator().get("/api/tasks/" + id).json(),
                                one -> one.path("status").asText().equals("COMPLETED"));

                assertThat(task.path("key").asText()).isEqualTo(key + path);
                assertThat(task.at("/input/name").asText()).isEqualTo(expression);
                assertThat(task.at("/calls/0/arguments/text").asText()).isEqualTo(expression);
                assertThat(task.path("output").asText()).isEqualTo(expression + "!");
                for (String page : List.of("/console/tasks/" + id, "/console/tasks?q=" + id)) {
                    assertThat(operator().get(page).body()).as(page).doesNotContain(Expressions.VALUES);
                }
            }
            assertThat(operator()
                            .post("/api/signals/odd?key=k", input, "Idempotency-Key", key)
                            .body())
                    .doesNotContain(Expressions.VALUES);
        }
    }
}
