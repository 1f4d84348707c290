package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import io.drover.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a request of a hook, or of the API, brings is read by its own type, inflated, or refused with what is accepted. */
class HookBodiesTest extends ApiTestBase {

    private static final String TEXT = "{\"n\":\"Müller €\"}";

    @Autowired
    JdbcClient jdbc;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                       | UTF-8",
                "application/json; charset=ISO-8859-15  | ISO-8859-15",
                "application/json;charset=\"utf-16\"    | UTF-16",
                "application/cloudevents+json           | UTF-8",
                "text/plain; charset=windows-1252       | windows-1252",
                "application/octet-stream               | UTF-8",
            })
    void aBodyIsReadInItsCharset(String type, String charset) throws Exception {
        byte[] body = TEXT.getBytes(Charset.forName(charset));

        assertThat(input(post("/hooks/anything", body, "Content-Type", type))).isEqualTo(Json.parse(TEXT));
        assertThat(input(post("/hooks/rest", body, "Content-Type", type))).isEqualTo(Json.parse(TEXT));
        if (type.contains("json")) { // the API takes nothing else
            assertThat(input(post("/api/tasks/anything", body, "Content-Type", type)))
                    .isEqualTo(Json.parse(TEXT));
        }
    }

    /** Two threads that write one response break it now and then. */
    @Test
    void aHookRunsOnTheThreadOfItsRequest() {
        assertThat(post("/hooks/thread", TEXT.getBytes(StandardCharsets.UTF_8)).body())
                .startsWith("tomcat-handler");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hooks/anything", "/api/tasks/anything"})
    void aByteOrderMarkIsNoText(String path) throws Exception {
        assertThat(input(post(path, ("\uFEFF" + TEXT).getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(Json.parse(TEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hooks/anything", "/hooks/rest"})
    void aCharsetThatIsNotKnownIsNamed(String path) {
        Answer answer =
                post(path, TEXT.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json; charset=klingon");

        assertThat(answer.status()).as(answer.body()).isEqualTo(415);
        assertThat(answer.body()).contains("charset 'klingon'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=klingon", "application/", "text/csv"})
    void aTypeThatTheApiDoesNotTakeIsNamed(String type) {
        for (String path : List.of("/api/tasks/anything", "/api/signals/anything")) {
            Answer answer = post(path, TEXT.getBytes(StandardCharsets.UTF_8), "Content-Type", type);

            assertThat(answer.status()).as(answer.body()).isEqualTo(415);
            assertThat(answer.json().path("detail").asText())
                    .contains("'%s'".formatted(type), "send JSON with Content-Type: application/json");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/hooks/anything,gzip", "/hooks/anything,deflate", "/hooks/anything,X-GZIP",
        "/hooks/rest,gzip", "/api/tasks/anything,gzip", "/api/tasks/anything,deflate"
    })
    void aCompressedBodyIsInflated(String path, String coding) throws Exception {
        Answer answer = post(path, compressed(TEXT, coding), "Content-Encoding", coding);

        assertThat(input(answer)).isEqualTo(Json.parse(TEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hooks/anything", "/api/tasks/anything"})
    void whatInflatesToMoreThanTheLimitIsRefused(String path) throws Exception {
        byte[] bomb = compressed("\"" + "x".repeat(50_000_000) + "\"", "gzip");
        assertThat(bomb).hasSizeLessThan(100_000);

        Answer answer = post(path, bomb, "Content-Encoding", "gzip");

        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hooks/anything", "/api/tasks/anything"})
    void whatIsNotCompressedAsItSaysIsRefused(String path) throws Exception {
        byte[] cut = java.util.Arrays.copyOf(compressed(TEXT, "gzip"), 20);

        for (byte[] body : new byte[][] {TEXT.getBytes(StandardCharsets.UTF_8), cut}) {
            Answer answer = post(path, body, "Content-Encoding", "gzip");

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("it is not what Content-Encoding 'gzip' says");
        }
    }

    @ParameterizedTest
    @CsvSource({"/hooks/anything,br", "/hooks/anything,'gzip, gzip'", "/api/tasks/anything,zstd"})
    void anotherCodingIsRefusedWithWhatIsAccepted(String path, String coding) {
        Answer answer = post(path, new byte[] {1, 2, 3}, "Content-Encoding", coding);

        assertThat(answer.status()).as(answer.body()).isEqualTo(415);
        assertThat(answer.body()).contains(coding).contains("gzip or deflate");
        assertThat(answer.header("Accept-Encoding")).isEqualTo("gzip, deflate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "payload=%7B%22a%22%3A%22x+y%22%7D           | {\"a\":\"x y\"}",
                "other=1&payload=%5B%22M%C3%BCller%22%5D     | [\"Müller\"]",
                "payload=[\"Müller\"]                        | [\"Müller\"]",
                "%70ayload=%22a%26b%3Dc%22                   | \"a&b=c\"",
            })
    void theFieldsOfAFormAreDecoded(String form, String input) throws Exception {
        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            Answer answer = send(
                    method,
                    "/hooks/form",
                    form.getBytes(StandardCharsets.UTF_8),
                    "Content-Type",
                    "application/x-www-form-urlencoded");

            assertThat(input(answer)).as(method).isEqualTo(Json.parse(input));
        }
    }

    @Test
    void aNameThatComesSeveralTimesHasAListOfValues() throws Exception {
        Answer answer = post(
                "/hooks/anything",
                "a=1&a=2&b=x%20y&c".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(input(answer)).isEqualTo(Json.parse("{\"a\":[\"1\",\"2\"],\"b\":\"x y\",\"c\":\"\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload=%zz", "payload=%7", "payload=%ff"})
    void aBrokenFormIsRefused(String form) {
        Answer answer = post(
                "/hooks/form",
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    /** As curl sends it unless it is told otherwise; all of it would be the name of one field. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"orderId\":\"1\"}", " [1, 2]", "{\"a\":\"x=y\"}", "{}"})
    void jsonThatIsCalledAFormIsRefusedWithTheRightType(String json) {
        Answer answer = post(
                "/hooks/anything",
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(answer.status()).as(answer.body()).isEqualTo(415);
        assertThat(answer.body()).contains("send Content-Type: application/json");
    }

    @Test
    void aMultipartBodyIsRefusedWithWhatIsAccepted() {
        byte[] body = "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nh\u00e9llo\r\n--B--\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);

        Answer answer = post("/hooks/anything", body, "Content-Type", "multipart/form-data; boundary=B");

        assertThat(answer.status()).as(answer.body()).isEqualTo(415);
        assertThat(answer.body()).contains("application/x-www-form-urlencoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hooks/anything", "/hooks/rest"})
    void noBodyIsNoTask(String path) {
        Answer answer = post(path, new byte[0]);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("the request has no body");
        assertThat(post(path, "null".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(200);
    }

    private Answer post(String path, byte[] body, String... headers) {
        return send("POST", path, body, headers);
    }

    private Answer send(String method, String path, byte[] body, String... headers) {
        ApiClient client = operator();
        HttpRequest.Builder request = client.request(path, headers).method(method, BodyPublishers.ofByteArray(body));
        return client.send(
                List.of(headers).contains("Content-Type")
                        ? request
                        : request.header("Content-Type", "application/json"));
    }

    private JsonNode input(Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
        String id = answer.json().path("id").asText();
        return Json.parse(jdbc.sql("select input::text from task where id = ?::uuid")
                .param(id)
                .query(String.class)
                .single());
    }

    private static byte[] compressed(String text, String coding) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream zip =
                coding.equals("deflate") ? new DeflaterOutputStream(zipped) : new GZIPOutputStream(zipped)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return zipped.toByteArray();
    }
}
