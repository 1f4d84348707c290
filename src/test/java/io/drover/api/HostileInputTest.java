package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input by the hundred: always a problem that is the client's, never ours. */
class HostileInputTest extends ApiTestBase {

    private static final String GOOD = "{\"name\":\"Ada\",\"times\":3}";

    /** Bodies that no workflow may take, whatever its schema. */
    static List<byte[]> malformed() {
        List<byte[]> bodies = new ArrayList<>();
        for (String text : List.of(
                "",
                " ",
                "nul",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{'a':1}",
                "{\"a\":1} x",
                "{}{}",
                "\"unended",
                "01",
                "1.",
                ".5",
                "+1",
                "NaN",
                "Infinity",
                "-",
                "0x10",
                "{\"a\":1,\"a\":2}",
                "/* c */ {}",
                "{\"a\":\"\\u0000\"}",
                "\"\\ud800\"",
                "{\"\\udc00\":1}",
                "\"\u0000\"",
                "\"\t\"",
                "\"\\x\"",
                "[".repeat(101) + "]".repeat(101),
                "[".repeat(50_000),
                "{\"a\":".repeat(5_000),
                "9".repeat(101),
                "1e" + "9".repeat(120),
                "1e30000000",
                "[1e-30000000]",
                "{\"" + "9".repeat(3000) + "\":1,\"" + "9".repeat(3000) + "\":2}",
                "<xml/>",
                "a=b&c=d")) {
            bodies.add(text.getBytes(StandardCharsets.UTF_8));
        }
        for (int bad : new int[] {0x80, 0xC0, 0xED, 0xF5, 0xFF}) {
            bodies.add(new byte[] {'"', (byte) bad, (byte) 0xA0, (byte) 0x80, '"'});
        }
        bodies.add("{\"name\":\"Ada\"}".getBytes(StandardCharsets.UTF_16LE));
        Random random = new Random(42);
        for (int i = 0; i < 200; i++) { // cut or broken in the middle
            byte[] body = GOOD.getBytes(StandardCharsets.UTF_8);
            int at = 1 + random.nextInt(body.length - 2);
            bodies.add(random.nextBoolean() ? java.util.Arrays.copyOf(body, at) : broken(body, at));
        }
        return bodies;
    }

    private static byte[] broken(byte[] body, int at) {
        body[at] = 0;
        return body;
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatIsNotJson(byte[] body) {
        assertProblem(operator().post("/api/tasks/anything", body), 400);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesItFromAHookToo(byte[] body) {
        Answer answer = operator().post("/hooks/anything", body);

        assertThat(answer.status()).isBetween(400, 499);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesItAsADecision(byte[] body) {
        assertProblem(operator().post("/api/tasks/019ab2f4-7c1e-7000-8000-0123456789ab/calls/1/resolve", body), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "true",
                "\"text\"",
                "[]",
                "[{\"name\":\"x\"}]",
                "{\"name\":null}",
                "{\"name\":[]}",
                "{\"name\":{}}",
                "{\"name\":1e400}",
                "{\"name\":\"x\",\"times\":\"3\"}",
                "{\"name\":\"x\",\"times\":1e-400}",
                "{\"name\":\"x\",\"__proto__\":{}}",
                "{\"name\":\"x\",\"CamelHttpUri\":\"http://evil\"}",
                "{\"Name\":\"x\"}",
                "{\"name \":\"x\"}"
            })
    void refusesWhatBreaksTheSchema(String body) {
        assertProblem(operator().post("/api/tasks/greet", body), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\uFFFE\"",
                "\"\uD83D\uDE00\"",
                "\"\u202E\u0301\"",
                "1e400",
                "-0.0",
                "1e-99",
                "[[[[[[[[[[]]]]]]]]]]",
                "{\"\":{\"\":\"\"}}"
            })
    void takesWhatIsOddButJson(String body) {
        Answer answer = operator().post("/api/tasks/anything", body, "Prefer", "wait=20");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(operator().get(answer.header("Location")).body()).contains("\"input\":" + body);
    }

    @Test
    void refusesTooLargeABodyWithoutReadingIt() {
        assertProblem(operator().post("/api/tasks/anything", "\"" + "x".repeat(5_000_000) + "\""), 413);
        assertProblem(operator().post("/api/tasks/x/cancel", "x".repeat(100_001)), 413);
    }

    @Test
    void refusesTooLargeABodyOfUnknownLength() {
        byte[] body = ("\"" + "x".repeat(5_000_000) + "\"").getBytes(StandardCharsets.UTF_8);
        for (String path : List.of("/api/tasks/anything", "/hooks/anything")) {
            Answer answer = operator()
                    .send(operator()
                            .request(path, "Content-Type", "application/json")
                            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))));

            assertThat(answer.status()).isIn(400, 413);
            assertProblem(answer, answer.status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks/x",
                "/api/tasks/%00",
                "/api/tasks/%ff",
                "/api/tasks/..%2f..",
                "/api/tasks/019ab2f4",
                "/api/tasks?limit=0",
                "/api/tasks?limit=201",
                "/api/tasks?limit=x",
                "/api/tasks?limit=99999999999999999999",
                "/api/tasks?limit=1e3",
                "/api/tasks?limit=%00",
                "/api/tasks?status=done",
                "/api/tasks?status=%00",
                "/api/tasks?status=%F0%9F%98%80",
                "/api/tasks?workflow=%00",
                "/api/tasks?workflow=a%27%20or%201=1",
                "/api/tasks?cursor=x",
                "/api/tasks?cursor=%00",
                "/api/tasks?cursor=____________________________________________",
                "/api/tasks?cursor=fz8_Pz8_Pz8_Pz8_Pz8_Pz8_Pz8_Pz8_",
                "/nothing",
                "/api",
                "/api/",
                "/api/tools/echo",
                "/actuator/env",
                "/healthx",
                "/api/tasks;x=1",
                "/api//tasks",
                "/error"
            })
    void answersABadPathOrParameterWithAProblem(String path) {
        Answer answer = operator().get(path);

        assertThat(answer.status()).isBetween(400, 499);
        assertProblem(answer, answer.status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "priority=10",
                "priority=-1",
                "priority=x",
                "priority=99999999999",
                "delay=x",
                "delay=-5s",
                "delay=400d",
                "delay=9999999999999999999s",
                "delay=PT",
                "delay=%00",
                "delay=1e9",
                "delay=3600",
                "delay=106751991167300d"
            })
    void answersABadOptionOfASubmissionWithAProblem(String query) {
        Answer answer = operator().post("/api/tasks/anything?" + query, "{}");

        assertProblem(answer, 400);
        assertThat(answer.json().at("/problems/0/field").asText()).isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"resolution\":null}",
                "{\"resolution\":1}",
                "{\"resolution\":\"maybe\"}",
                "{\"resolution\":\"HAPPENED\"}",
                "{\"resolution\":[]}",
                "{\"resolution\":\"fail\",\"result\":1}",
                "{\"resolution\":\"happened\",\"result\":\"\\u0000\"}",
                "{\"resolution\":\"happened\",\"result\":\"\\ud800\"}",
                "{\"resolution\":\"happened\",\"result\":1e30000000}",
                "{\"resolution\":\"happened\",\"result\":{\"a\":1,\"a\":2}}",
                "{\"resolution\":\"happened\",\"resolution\":\"again\"}",
                "{\"resolution\":\"again\"} x",
                "[]",
                "null",
                "\"happened\""
            })
    void answersABadResolutionWithAProblem(String body) {
        assertProblem(operator().post("/api/tasks/019ab2f4-7c1e-7000-8000-0123456789ab/calls/1/resolve", body), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00e4\u0085", "x{501}"})
    void refusesABadKey(String key) {
        String sent = key.equals("x{501}") ? "x".repeat(501) : key;
        String answer = raw(
                "POST /api/tasks/anything HTTP/1.1",
                "Idempotency-Key: " + sent,
                "Content-Type: application/json",
                "Content-Length: 2");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("Idempotency-Key");
    }

    /** As in a record's key and in a document; the bytes of ISO 8859-1 stay what they are. */
    @ParameterizedTest
    @CsvSource({"/api/tasks/anything, UTF-8", "/api/tasks/anything, ISO-8859-1", "/hooks/keyed, UTF-8"})
    void readsAKeyInUtf8(String path, String charset) {
        String key = "Zo\u00eb-" + UUID.randomUUID();
        String answer = raw(
                "POST " + path + " HTTP/1.1",
                "Idempotency-Key: " + new String(key.getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1),
                "Content-Type: application/json",
                "Content-Length: 2");

        assertThat(answer).matches("(?s)HTTP/1.1 20[02] .*");
        String id = answer.replaceFirst("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        assertThat(operator().get("/api/tasks/" + id).json().path("key").asText())
                .isEqualTo(key);
    }

    @Test
    void letsNoHeaderSteerARoute() {
        for (String header : List.of(
                "CamelHttpUri",
                "CamelHttpMethod",
                "CamelHttpPath",
                "kafka.OVERRIDE_TOPIC",
                "kafka.KEY",
                "CamelKafkaTopic",
                "CamelSqlQuery",
                "CamelExecCommandExecutable")) {
            for (String path : List.of("/api/tasks/anything", "/hooks/anything")) {
                String answer = raw(
                        "POST " + path + " HTTP/1.1",
                        header + ": http://127.0.0.1:1/evil",
                        "Content-Type: application/json",
                        "Content-Length: 2");

                assertThat(answer).matches("(?s)HTTP/1.1 20[02] .*").doesNotContain("evil");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "nonsense",
                "*/*",
                "application/xml; charset=\u0001"
            })
    void refusesOtherContentTypes(String type) {
        String answer = raw("POST /api/tasks/anything HTTP/1.1", "Content-Type: " + type, "Content-Length: 2");

        assertThat(answer).matches("(?s)HTTP/1.1 4(00|15) .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/tasks?x=[ HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /\u0000 HTTP/1.1",
                "FOO /api/tasks HTTP/1.1",
                "GET http://x/../ HTTP/1.1",
                "TRACE /api/tasks HTTP/1.1",
                "DELETE /api/tasks HTTP/1.1",
                "PUT /api/tasks/greet HTTP/1.1",
                "PROPFIND / HTTP/1.1",
                "GET /api/tasks%2f HTTP/1.1",
                "GET /api/tasks/%5c HTTP/1.1"
            })
    void answersAMalformedRequest(String line) {
        assertThat(raw(line, "Accept: */*", "X: y", "Content-Length: 2")).matches("(?s)HTTP/1.1 4\\d\\d .*");
    }

    @Test
    void answersInJsonWhateverIsAccepted() {
        for (String accept : List.of("text/html", "image/png", "nonsense", "application/xml")) {
            Answer answer = operator().get("/api/tasks/x", "Accept", accept);

            assertThat(answer.status()).isBetween(400, 499);
            assertProblem(answer, answer.status());
        }
    }

    @Test
    void survivesAThousandRandomQueries() {
        Random random = new Random(7);
        List<String> names = List.of("status", "workflow", "limit", "cursor", "x");
        for (int i = 0; i < 1_000; i++) {
            byte[] value = new byte[random.nextInt(12)];
            random.nextBytes(value);
            String query = names.get(random.nextInt(names.size())) + "="
                    + URLEncoder.encode(new String(value, StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);

            assertThat(operator().get("/api/tasks?" + query).status()).as(query).isLessThan(500);
        }
    }

    private static void assertProblem(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("detail").asText()).isNotBlank();
    }

    /** What no well-behaved client would send. */
    private String raw(String line, String... headers) {
        try (Socket socket = new Socket("localhost", port())) {
            String authorization = Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8));
            String request = line + "\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic " + authorization
                    + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n{}";
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
