package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.api.ApiClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same fault is answered with the same document, whichever way the request came in. */
class ProblemsTest extends ApiTestBase {

    private static final String LONG = "\"" + "x".repeat(100_001) + "\"";
    private static final String WRONG_KEY = "x".repeat(501);

    /** A fault, its status and type, and the ways in by which it is tried. */
    static Stream<Arguments> faults() {
        return Stream.of(
                fault("malformed body", 400, "bad-field", post("/api/tasks/greet", "{"), post("/hooks/greet", "{")),
                fault(
                        "not UTF-8",
                        400,
                        "bad-field",
                        bytes("/api/tasks/greet", (byte) '"', (byte) 0xFF, (byte) '"'),
                        bytes("/hooks/greet", (byte) '"', (byte) 0xFF, (byte) '"')),
                fault(
                        "not what the schema says",
                        400,
                        "schema",
                        post("/api/tasks/greet", "{\"name\":[],\"a\":1}"),
                        post("/hooks/greet", "{\"name\":[],\"a\":1}")),
                fault(
                        "bad key",
                        400,
                        "bad-field",
                        post("/api/tasks/greet", "{\"name\":\"A\"}", "Idempotency-Key", WRONG_KEY),
                        post("/hooks/greet", "{\"name\":\"A\"}", "Idempotency-Key", WRONG_KEY)),
                fault(
                        "too large, as declared",
                        413,
                        "too-large",
                        post("/api/tasks/greet", LONG),
                        post("/hooks/greet", LONG),
                        post("/mcp", LONG),
                        post("/console/dead/retry", LONG),
                        post("/nothing", LONG)),
                fault(
                        "too large, as it came",
                        413,
                        "too-large",
                        streamed("/api/tasks/greet"),
                        streamed("/hooks/greet")),
                fault(
                        "nothing there",
                        404,
                        "not-found",
                        get("/api/nothing"),
                        get("/hooks/nothing"),
                        get("/console/nothing"),
                        get("/mcp/nothing"),
                        get("/nothing")),
                fault(
                        "wrong method",
                        405,
                        "method-not-allowed",
                        method("PUT", "/api/tasks/greet"),
                        method("PUT", "/hooks/greet"),
                        method("PUT", "/console/dead"),
                        method("PUT", "/mcp")),
                fault(
                        "method that is none",
                        400,
                        "bad-request",
                        method("FOO", "/api/tasks"),
                        method("FOO", "/hooks/greet")),
                fault(
                        "no user",
                        401,
                        "unauthenticated",
                        by(ProblemsTest::nobody, "/api/tasks"),
                        by(ProblemsTest::nobody, "/hooks/greet"),
                        by(ProblemsTest::nobody, "/console/dead"),
                        by(ProblemsTest::nobody, "/mcp"),
                        by(ProblemsTest::nobody, "/metrics"),
                        by(ProblemsTest::nobody, "/nothing")),
                fault(
                        "not this user's",
                        403,
                        "forbidden",
                        by(ProblemsTest::viewer, "/api/tasks/greet"),
                        by(ProblemsTest::viewer, "/hooks/greet"),
                        by(ProblemsTest::viewer, "/console/dead/retry")),
                fault(
                        "a path of two readings",
                        400,
                        "bad-request",
                        get("/api//tasks"),
                        get("/hooks//greet"),
                        get("/console//dead"),
                        get("/mcp//")),
                fault("our own", 500, "internal", post("/hooks/failing", "{}")));
    }

    private interface Way {
        Answer go(ProblemsTest test);
    }

    private static Arguments fault(String name, int status, String type, Way... ways) {
        return Arguments.of(name, status, type, List.of(ways));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void isTheSameDocument(String name, int status, String type, List<Way> ways) {
        ObjectNode first = null;
        for (Way way : ways) {
            Answer answer = way.go(this);
            String where =
                    "%s at %s: %s".formatted(name, answer.response().uri().getPath(), answer.body());
            assertThat(answer.status()).as(where).isEqualTo(status);
            assertThat(answer.header("Content-Type")).as(where).startsWith("application/problem+json");
            ObjectNode document = (ObjectNode) answer.json();
            assertThat(document.path("type").asText()).as(where).isEqualTo("urn:drover:problem:" + type);
            assertThat(document.path("status").asInt()).isEqualTo(status);
            assertThat(document.path("detail").asText()).as(where).isNotBlank().doesNotContain("no word of this");
            assertThat(document.remove("instance").asText())
                    .as(where)
                    .isEqualTo(answer.response().uri().getRawPath());
            document.put(
                    "detail",
                    document.path("detail")
                            .asText()
                            .replace(answer.response().uri().getRawPath(), "?"));
            first = first == null ? document : first;
            assertThat(document).as(where).isEqualTo(first);
        }
    }

    @Test
    void aKeyThatIsTakenIsTheSameToo() {
        String key = UUID.randomUUID().toString();
        operator().post("/hooks/greet", "{\"name\":\"A\"}", "Idempotency-Key", key);
        ObjectNode hook = (ObjectNode) operator()
                .post("/hooks/greet", "{\"name\":\"B\"}", "Idempotency-Key", key)
                .json();
        operator().post("/api/tasks/greet", "{\"name\":\"A\"}", "Idempotency-Key", key);
        ObjectNode api = (ObjectNode) operator()
                .post("/api/tasks/greet", "{\"name\":\"B\"}", "Idempotency-Key", key)
                .json();

        assertThat(hook.path("type").asText()).isEqualTo("urn:drover:problem:key-conflict");
        assertThat(hook.path("problems")).isNotEmpty().isEqualTo(api.path("problems"));
        assertThat(hook.path("detail").asText())
                .endsWith(" has this key and another input; a new task needs a new key");
        assertThat(api.path("detail").asText()).endsWith(" has this key and another input; a new task needs a new key");
    }

    /** Tomcat refuses it before any filter sees it. */
    @Test
    void whatTomcatRefusesIsADocumentToo() throws IOException {
        try (Socket socket = new Socket("localhost", port())) {
            socket.getOutputStream()
                    .write("GET /a|b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
            String body = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
            assertThat(new ObjectMapper().readTree(body).path("type").asText())
                    .isEqualTo("urn:drover:problem:bad-request");
        }
    }

    private static final String NO_TASK = "/api/tasks/" + UUID.randomUUID();

    /** Every document that the API takes, of other types than it takes: the answer speaks of JSON, and not of Java. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/holds                     | kind, name, reason, for",
                "/api/dead/retry                | workflow, type, reason, until, limit",
                "/api/calls/resolve             | tool, resolution, until, expected",
                "/calls/1/resolve               | resolution, confirmed",
                "/api/approvals/1/vote          | vote, reason",
                "/api/approvals/vote            | ids, vote, reason",
                "/api/triggers/support/skip     | topic, partition, offset",
                "/api/standing-grants           | tool, calls, sum, for, reason",
            })
    void aBodyOfAnotherTypeIsToldInWordsOfJson(String path, String fields) {
        String to = path.startsWith("/calls") ? NO_TASK + path : path;
        Stream<String> documents = Stream.of("[]", "7", "\"text\"", "true", "null", "[[[");
        Stream<String> members = Stream.of(fields.split(", "))
                .flatMap(field -> Stream.of("{}", "[]", "[{}]").map("{\"%s\":%%s}".formatted(field)::formatted));
        for (String body : Stream.concat(documents, members).toList()) {
            Answer answer = new ApiClient(
                            port(), path.contains("approvals") || path.contains("grants") ? "ann" : "ada", "secret")
                    .post(to, body);

            assertThat(answer.status()).as("%s %s: %s", to, body, answer.body()).isBetween(400, 404);
            assertThat(answer.body())
                    .as("%s %s", to, body)
                    .doesNotContain("Cannot ", "java.", "io.drover", "JsonToken", "deserialize");
        }
    }

    /** A hold that should last an hour would last for ever. */
    @Test
    void aFieldThatIsMisspeltIsNamed() {
        Answer answer =
                operator().post("/api/holds", "{\"kind\":\"tool\",\"name\":\"x\",\"reason\":\"y\",\"fro\":\"1h\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().path("detail").asText())
                .isEqualTo("$.fro is not known; known are for, kind, name, reason");
        assertThat(operator().get("/api/holds").body()).doesNotContain("\"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/audit?since=yesterday                   | since is not a time, as in 2026-11-28T04:00:00Z",
                "/api/approvals/99999999999999999999          | id is not a whole number",
                "/api/tasks?limit=many                        | limit is not a whole number",
                "/api/memory                                  | key is missing",
            })
    void aParameterOfAnotherTypeIsToldInWords(String path, String detail) {
        Answer answer = operator().get(path);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().path("detail").asText()).isEqualTo(detail);
    }

    @Test
    void aPageIsForWhoReadsPages() {
        Answer page = operator().get("/console/tasks/x", "Accept", "text/html");
        Answer document = operator().get("/console/tasks/x", "Accept", "application/json");

        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(document.header("Content-Type")).startsWith("application/problem+json");
        assertThat(document.status()).isEqualTo(page.status()).isEqualTo(400);
        assertThat(document.json().path("type").asText()).isEqualTo("urn:drover:problem:bad-field");
    }

    private static Way get(String path) {
        return test -> test.operator().get(path, "Accept", "application/json");
    }

    private static Way post(String path, String body, String... headers) {
        return test -> test.operator().post(path, body, headers);
    }

    private static Way bytes(String path, byte... body) {
        return test -> test.operator().post(path, body);
    }

    private static Way method(String method, String path) {
        return test -> test.operator()
                .send(test.operator()
                        .request(path, "Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString("{}")));
    }

    private static Way streamed(String path) {
        byte[] body = LONG.getBytes(StandardCharsets.UTF_8);
        return test -> test.operator()
                .send(test.operator()
                        .request(path, "Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    }

    private static Way by(Function<ProblemsTest, ApiClient> user, String path) {
        return test -> {
            ApiClient client = user.apply(test);
            return client.send(client.request(path, "Content-Type", "application/json")
                    .method("POST", BodyPublishers.ofString("{}")));
        };
    }
}
