package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.ClientSocket;
import io.drover.FaultyServer;
import io.drover.FaultyServer.Answer;
import io.drover.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer is read as what it is, by the type that came with it, or is refused in words. */
class AnswersTest extends LimitsTestBase {

    private static final String CREATED = "{\"id\":\"0012\",\"ref\":\"1e5\",\"n\":7}";
    private static boolean added;

    @BeforeEach
    void tools() throws Exception {
        if (added) {
            return;
        }
        added = true;
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                String post = SERVER.url() + "/created?httpMethod=POST";
                from("tool:made_id?retries=0")
                        .routeId("made_id")
                        .marshal()
                        .json()
                        .to(post)
                        .unmarshal()
                        .json()
                        .setBody(simple("${body[id]}"));
                from("tool:made_ref?retries=0")
                        .routeId("made_ref")
                        .marshal()
                        .json()
                        .to(post)
                        .unmarshal()
                        .json()
                        .setBody(simple("${body[ref]}"));
                from("tool:made_text?retries=0")
                        .routeId("made_text")
                        .marshal()
                        .json()
                        .to(post)
                        .setBody(simple("created with status ${header.CamelHttpResponseCode}"));
                from("tool:made_unsaid?retries=0")
                        .routeId("made_unsaid")
                        .marshal()
                        .json()
                        .to(SERVER.url() + "/unsaid?httpMethod=POST");
                from("tool:made_branch?retries=0")
                        .routeId("made_branch")
                        .marshal()
                        .json()
                        .to(post)
                        .choice()
                        .when(simple("${header.CamelHttpResponseCode} == 200"))
                        .setBody(constant("1e5"))
                        .end();
                from("tool:made_enriched?retries=0")
                        .routeId("made_enriched")
                        .setBody(constant("x"))
                        .enrich(SERVER.url() + "/created")
                        .process(exchange -> {})
                        .transform(constant("0012"));
                from("tool:made_authors?retries=0")
                        .routeId("made_authors")
                        .setHeader("Content-Type", constant("application/json"))
                        .setBody(constant("7"));
                from("tool:made_marshalled?retries=0")
                        .routeId("made_marshalled")
                        .marshal()
                        .json()
                        .to(post)
                        .unmarshal()
                        .json()
                        .setBody(simple("${body[ref]}"))
                        .marshal()
                        .json();
                from("tool:made_converted?retries=0")
                        .routeId("made_converted")
                        .to(SERVER.url() + "/scalar?httpMethod=GET")
                        .convertBodyTo(String.class);
                from("task:outside_id?maxAttempts=1")
                        .routeId("outside_id")
                        .setBody(constant("{}"))
                        .to(post)
                        .unmarshal()
                        .json()
                        .setBody(simple("${body[ref]}"));
            }
        });
    }

    @BeforeEach
    void answers() {
        SERVER.always("/created", FaultyServer.json(CREATED));
        SERVER.always("/unsaid", FaultyServer.status(200, "X-Nothing: said", "OK"));
        SERVER.always("/scalar", FaultyServer.json("\"text of JSON\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "made_id         | \"0012\"",
                "made_ref        | \"1e5\"",
                "made_text       | \"created with status 200\"",
                "made_unsaid     | \"OK\"",
                "made_branch     | \"1e5\"",
                "made_enriched   | \"0012\"",
                "made_authors    | 7",
                "made_marshalled | \"1e5\"",
                "made_converted  | \"text of JSON\"",
            })
    void aTypeBelongsToTheBodyThatItCameWith(String tool, String output) {
        UUID task = submit("call", "{\"tool\":\"%s\",\"args\":{}}".formatted(tool));

        assertOutput(task, output);
    }

    @Test
    void alsoInAWorkflowOfItsOwn() {
        assertOutput(submit("outside_id", "{}"), "\"1e5\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain; charset=ISO-8859-1          | Müller Straße        | ISO-8859-1   | \"Müller Straße\"",
                "text/plain; charset=\"windows-1252\"    | 5 € für Müller       | windows-1252 | \"5 € für Müller\"",
                "application/json; charset=ISO-8859-1    | {\"name\":\"Müller\"} | ISO-8859-1  | {\"name\":\"Müller\"}",
                "application/json; charset=utf-16        | {\"name\":\"Müller\"} | UTF-16      | {\"name\":\"Müller\"}",
                "text/xml; charset=iso-8859-1            | <n>Müller</n>        | ISO-8859-1   | \"<n>Müller</n>\"",
                "application/json                        | \uFEFF{\"ok\":true}  | UTF-8        | {\"ok\":true}",
                "text/plain                              | \uFEFFhello          | UTF-8        | \"hello\"",
                "application/x-ndjson                    | {\"a\":1}~{\"a\":2}~ | UTF-8        | [{\"a\":1},{\"a\":2}]",
                "application/jsonl                       | 1~\"b\"              | UTF-8        | [1,\"b\"]",
            })
    void textIsReadInItsCharset(String type, String text, String charset, String output) {
        byte[] body = text.replace('~', '\n').getBytes(Charset.forName(charset));

        UUID task = call("fetch", path(answer("Content-Type: " + type, body)));

        assertOutput(task, output);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain; charset=klingon | the charset 'klingon' of its Content-Type is not known",
                "text/csv                    | it is not UTF-8",
                "application/json            | it is not UTF-8",
            })
    void textThatCannotBeReadIsRefused(String type, String why) {
        byte[] body = "Müller".getBytes(StandardCharsets.ISO_8859_1);

        UUID task = call("fetch", path(answer("Content-Type: " + type, body)));

        assertStatus(task, "DEAD");
        assertThat(error(task)).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/pdf", "application/gzip", "application/octet-stream"})
    void whatIsNoTextIsItsTypeAndItsBytes(String type) {
        byte[] body = {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff};

        UUID task = call("fetch", path(answer("Content-Type: " + type, body)));

        assertOutput(
                task,
                Json.write(Map.of(
                        "contentType", type, "base64", Base64.getEncoder().encodeToString(body))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip          |                      | hello",
                "x-gzip        |                      | hello",
                "deflate       |                      | hello",
                "GZIP, deflate |                      | hello",
                "identity      |                      | hello",
                "gzip          | ?bridgeEndpoint=true | hello",
                "br            |                      | the Content-Encoding 'br'; Drover reads gzip and deflate",
                "gzip, zstd    |                      | the Content-Encoding 'zstd'",
                "gzip, gzip    |                      | hello",
                "gzip,gzip,gzip,gzip |                | compressed 4 times; Drover reads what is compressed at most 3 times",
            })
    void aCompressedAnswerIsReadWhole(String coding, String options, String expected) throws Exception {
        boolean readable = expected.equals("hello");
        String text = "line of text\n".repeat(500);
        byte[] body = readable ? compressed(text, coding) : new byte[] {1, 2, 3, 4};
        String path = path(answer("Content-Type: text/plain\r\nContent-Encoding: " + coding, body));

        UUID task = call("fetch", path + (options == null ? "" : options));

        if (readable) {
            assertOutput(task, Json.write(text));
        } else {
            assertStatus(task, "DEAD");
            assertThat(error(task)).contains(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Type: text/plain; charset=klingon", "Content-Encoding: br", "Content-Encoding: gzip"})
    void anErrorStaysThatErrorWhateverItsTextIs(String header) {
        UUID task = call("send", path(answer(404, header, new byte[] {(byte) 0xff, 1})));

        assertStatus(task, "DEAD");
        assertThat(error(task)).contains("HTTP 404");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fetch | 301 |                       | DEAD      | it redirects to another path of the same host, which is not followed",
                "fetch | 301 | ?followRedirects=true | COMPLETED |",
                "fetch | 307 | ?followRedirects=true | COMPLETED |",
                "send  | 301 |                       | DEAD      | it redirects to another path of the same host, which is not followed",
                "send  | 302 | ?followRedirects=true | DEAD      | which is not followed",
                "send  | 307 | ?followRedirects=true | DEAD      | which is not followed",
                "send  | 308 | ?followRedirects=true | DEAD      | which is not followed",
                "send  | 303 |                       | WAITING   | perhaps after it has done what was asked",
                "send  | 303 | ?followRedirects=true | COMPLETED |",
            })
    void aRedirectIsFollowedOnlyWhereThatRepeatsNothing(
            String tool, int status, String options, String end, String why) {
        String target = path(FaultyServer.json("{\"there\":true}"));
        String path = path(FaultyServer.status(status, "Location: /" + target, ""));

        UUID task = call(tool, path + (options == null ? "" : options));

        assertStatus(task, end);
        if (why == null) {
            assertOutput(task, "{\"there\":true}");
        } else {
            assertThat(error(task)).contains("HTTP " + status).contains(why);
        }
        assertThat(SERVER.requests("/" + target))
                .noneMatch(request -> request.method().equals("POST"));
        assertThat(SERVER.requests("/" + path)).hasSize(1);
    }

    /** The request was taken: neither a refusal nor a lost host behind the redirect says that it had no effect. */
    @ParameterizedTest
    @ValueSource(ints = {404, 429, 0})
    void aFailureBehindARedirectIsNoRefusalOfTheRequest(int status) {
        String target = status == 0 ? "http://127.0.0.1:1/" : "/" + path(FaultyServer.status(status, "", ""));
        String path = path(FaultyServer.status(303, "Location: " + target, ""));

        UUID task = call("send", path + "?followRedirects=true");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(error(task)).contains("what the tool sent before may have taken effect");
        assertThat(SERVER.requests("/" + path)).hasSize(1);
    }

    @Test
    void aConnectionThatTheServerClosesWhenItIsIdleIsNotUsedAgain() throws Exception {
        String path = path(FaultyServer.json("{\"n\":1}"));
        assertStatus(call("send", path), "COMPLETED");

        SERVER.closeIdle();
        await("the end of the connection arrives").until(() -> SERVER.clients().noneMatch(ClientSocket::isOpen));
        UUID task = call("send", path);

        assertStatus(task, "COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5})
    void whatAServerSaysUnaskedIsNoAnswerToTheNextRequest(long later) throws Exception {
        Answer asked = answer("X-Asked: yes", "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
        Answer unasked = answer(200, "X-Asked: no", "{\"n\":666}".getBytes(StandardCharsets.UTF_8));
        String path = path(out -> {
            if (later == 0) { // in one packet
                ByteArrayOutputStream both = new ByteArrayOutputStream();
                asked.write(both);
                unasked.write(both);
                both.writeTo(out);
            } else {
                asked.write(out);
                FaultyServer.after(later, unasked).write(out);
            }
        });
        assertOutput(call("send", path), "{\"n\":1}");
        if (later > 0) {
            await("it has come")
                    .until(() -> SERVER.clients().anyMatch(ClientSocket::hasUnread)
                            || SERVER.clients().noneMatch(ClientSocket::isOpen));
        }

        UUID next = call("send", path(FaultyServer.json("{\"n\":2}")));

        assertOutput(next, "{\"n\":2}");
    }

    private String error(UUID task) {
        return String.valueOf(task(task).get("error"));
    }

    private void assertOutput(UUID task, String output) {
        assertStatus(task, "COMPLETED");
        try {
            assertThat(Json.parse(String.valueOf(task(task).get("output")))).isEqualTo(Json.parse(output));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Answer answer(String headers, byte[] body) {
        return answer(200, headers, body);
    }

    private static Answer answer(int status, String headers, byte[] body) {
        return out -> {
            out.write("HTTP/1.1 %d X\r\n%s\r\nContent-Length: %d\r\n\r\n"
                    .formatted(status, headers, body.length)
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        };
    }

    private static byte[] compressed(String text, String codings) throws Exception {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        for (String coding : codings.toLowerCase(java.util.Locale.ROOT).split(", *")) {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            OutputStream zip =
                    switch (coding) {
                        case "deflate" -> new DeflaterOutputStream(zipped);
                        case "identity" -> zipped;
                        default -> new GZIPOutputStream(zipped);
                    };
            try (zip) {
                zip.write(body);
            }
            body = zipped.toByteArray();
        }
        return body;
    }
}
