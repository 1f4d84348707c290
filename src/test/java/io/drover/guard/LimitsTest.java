package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.FaultyServer.Answer;
import io.drover.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.component.http.HttpComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other sides send is read up to a limit and up to the timeout, against servers that send for ever. */
class LimitsTest extends LimitsTestBase {

    /** What the buffers of two sockets and the reader hold. */
    private static final long IN_BUFFERS = 32L << 20;

    private final EndlessAnswers endless = new EndlessAnswers();

    private Answer answer(String how) {
        return switch (how) {
            case "body" -> endless.body(200, "Content-Type: text/plain");
            case "error" -> endless.body(500);
            case "refusal" -> endless.body(404);
            case "gzip" -> endless.gzip(200);
            case "gzip error" -> endless.gzip(500);
            case "announced" -> endless.announced(1L << 40);
            case "headers" -> endless.headers();
            case "header" -> endless.header();
            case "redirect" -> endless.body(302, "Location: /elsewhere");
            default -> throw new IllegalArgumentException(how);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "body         |                                    | longer than 100000 bytes",
                "body         | ?bridgeEndpoint=true               | longer than 100000 bytes",
                "body         | ?ignoreResponseBody=true           | ",
                "gzip         |                                    | longer than 100000 bytes",
                "gzip         | ?throwExceptionOnFailure=false     | longer than 100000 bytes",
                "error        |                                    | HTTP 500",
                "error        | ?throwExceptionOnFailure=false     | HTTP 500",
                "gzip error   |                                    | HTTP 500",
                "refusal      |                                    | HTTP 404",
                "announced    |                                    | longer than 100000 bytes",
                "headers      |                                    | Maximum header count exceeded",
                "header       |                                    | Maximum line length limit exceeded",
                "redirect     |                                    | HTTP 302",
                "redirect     | ?followRedirects=true              | ",
            })
    void readsAnAnswerUpToTheLimitOfItsTool(String how, String options, String error) {
        String path = path(answer(how));

        UUID task = call("fetch", path + (options == null ? "" : options));

        assertStatus(task, error == null ? "COMPLETED" : "DEAD");
        if (error != null) {
            assertThat(String.valueOf(task(task).get("error"))).contains(error);
        }
        assertClosed();
    }

    /** A connection a call is what a back end sees of a client that is attacking it. */
    @ParameterizedTest
    @ValueSource(strings = {"fetch", "send"})
    void usesAConnectionAgain(String tool) {
        String path = path(FaultyServer.json("{\"n\":1}"));
        assertStatus(call(tool, path), "COMPLETED");
        int before = SERVER.connections();

        for (int i = 0; i < 5; i++) {
            assertStatus(call(tool, path), "COMPLETED");
        }

        assertThat(SERVER.connections() - before)
                .as("not one a call; the server counts those of other calls, too")
                .isLessThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"body", "gzip", "announced"})
    void readsAnAnswerUpToTheLimitOutsideOfTools(String how) {
        String path = path(answer(how));

        UUID task = submit("outside", "{\"path\":\"%s\"}".formatted(path));

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains("drover.answers.max-bytes (200000)");
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "error", "head"})
    void closesTheConnectionWhenTheToolsTimeoutIsOver(String how) {
        String path = path(drip(how));

        UUID task = call("fetch", path);

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains("no answer within the tool's timeout");
        assertClosed();
    }

    /** Where no author says it, the timeout of the tool counts, however long it is. */
    @ParameterizedTest
    @ValueSource(strings = {"quiet", "late"})
    void waitsForAnAnswerAsLongAsTheAuthorSays(String tool) {
        SERVER.always("/" + tool, FaultyServer.after(3_000, FaultyServer.json("{}")));

        UUID task = call(tool, "");

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains("Read timed out");
    }

    /** Each call puts off that its tool's permits are forgotten; what is put off is not kept beside. */
    @Test
    void keepsOnePermitToForgetOfEachTool() {
        String path = path(FaultyServer.json("{}"));

        for (int i = 0; i < 30; i++) {
            assertStatus(call("fetch", path), "COMPLETED");
        }

        assertThat(guard.permits().toForget()).isLessThan(20);
    }

    private Answer drip(String how) {
        return switch (how) {
            case "error" -> endless.drip(500);
            case "head" -> endless.slowHead();
            default -> endless.drip(200);
        };
    }

    @Test
    void closesTheConnectionsOfBranchesToo() {
        String path = path(endless.drip(200));

        UUID task = call("branches", path);

        assertStatus(task, "DEAD");
        await().untilAsserted(() -> assertThat(endless.closedByReader).hasValue(2));
    }

    @Test
    void closesTheConnectionOfACallInDoubtALittleLater() {
        String path = path(endless.drip(200));

        UUID task = call("send", path);

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        await().untilAsserted(this::assertClosed);
    }

    @Test
    void leavesACallInDoubtWhoseAnswerIsTooLong() {
        UUID task = call("send", path(answer("body")));

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertClosed();
    }

    @Test
    void closesTheConnectionWhenTheAttemptIsOver() {
        UUID task = submit("outside", "{\"path\":\"%s\"}".formatted(path(endless.drip(200))));

        assertStatus(task, "DEAD");
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void keepsTheSettingsOfCamelsComponent(String name) {
        HttpComponent http = camel.getComponent(name, HttpComponent.class);

        assertThat(http).isInstanceOf(LimitedHttpComponent.class);
        assertThat(http.isAutomaticRetriesDisabled()).isTrue();
        assertThat(http.isFollowRedirects()).isFalse();
        assertThat(http.isConnectionStateDisabled()).isTrue();
        assertThat(http.getConnectionsPerRoute()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 99_990})
    void readsWhatFits(int length) {
        String path = path(FaultyServer.status(200, "Content-Type: text/plain", "a".repeat(length)));

        UUID task = call("fetch", path);

        assertStatus(task, "COMPLETED");
        assertThat(String.valueOf(task(task).get("output"))).hasSize(length + 2);
    }

    @Test
    void inflatesWhatFits() throws Exception {
        String text = "{\"text\":\"%s\"}".formatted("a".repeat(50_000));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String path = path(out -> {
            out.write(("HTTP/1.1 200 OK\r\n"
                            + "Content-Type: application/json\r\n"
                            + "Content-Encoding: gzip\r\n"
                            + "Content-Length: %d\r\n\r\n")
                    .formatted(zipped.size())
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(zipped.toByteArray());
            out.flush();
        });

        UUID task = call("fetch", path);

        assertStatus(task, "COMPLETED");
        assertThat(Json.parse(String.valueOf(task(task).get("output")))).isEqualTo(Json.parse(text));
    }

    @Test
    void selectsRowsUpToTheLimitOfItsTool() {
        UUID few = submit("call", "{\"tool\":\"rows\",\"args\":{\"n\":1000}}");
        UUID many = submit("call", "{\"tool\":\"rows\",\"args\":{\"n\":30000000}}");
        UUID wide = submit("call", "{\"tool\":\"wide\",\"args\":{}}");

        assertStatus(few, "COMPLETED");
        assertThat(String.valueOf(task(few).get("output"))).contains("{\"n\":1000,");
        assertStatus(many, "DEAD");
        assertThat(String.valueOf(task(many).get("error"))).contains("longer than 100000 bytes");
        assertStatus(wide, "DEAD");
        assertThat(String.valueOf(task(wide).get("error"))).contains("longer than 100000 bytes");
        assertStatementsAreOver("generate_series");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(select repeat('x', 50) as x from generate_series(1, 30000000)) union all select 'limits'",
                "/* a comment */ select repeat('x', 50) as x, 'limits' from generate_series(1, 30000000)",
                "-- a comment\nselect repeat('x', 50) as x, 'limits' from generate_series(1, 30000000)",
                "with big as (select repeat('x', 50) from generate_series(1, 30000000)) select *, 'limits' from big"
            })
    void selectsRowsUpToALimitHoweverTheStatementBegins(String query) {
        UUID task = submit("call", Json.write(Map.of("tool", "query", "args", Map.of("sql", query))));

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains("longer than 100000 bytes");
        assertStatementsAreOver("limits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1; select * from generate_series(1, 30000000)                | several statements",
                "insert into limits_none values (1); values (1)                     | several statements",
                "insert into limits_none values (1); insert into limits_none values (2) returning * | several"
                        + " statements"
            })
    void refusesStatementsWhoseRowsAreReadFirst(String query, String error) {
        UUID task = submit("call", Json.write(Map.of("tool", "query", "args", Map.of("sql", query))));

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sql:select 1?outputType=StreamList        | outputType=StreamList holds a connection",
                "sql-stored:limits_function(INTEGER 1)     | sql-stored reads whole results first"
            })
    void refusesEndpointsWhoseRowsAreReadFirst(String uri, String error) {
        assertThatThrownBy(() -> camel.getEndpoint(uri)).hasStackTraceContaining(error);
    }

    @Test
    void commitsWhatAStatementStoresUnlessItsResultIsTooLong() {
        jdbc.sql("create table if not exists limits_stored (n int)").update();
        UUID few = submit("call", "{\"tool\":\"stored\",\"args\":{\"n\":100}}");
        assertStatus(few, "COMPLETED");
        assertThat(stored()).isEqualTo(100);

        UUID many = submit("call", "{\"tool\":\"stored\",\"args\":{\"n\":300000}}");

        assertStatus(many, "DEAD");
        assertThat(stored()).as("it is rolled back").isEqualTo(100);
    }

    /** The rows that an insert brings back by Camel's header, rather than by {@code returning}. */
    @Test
    void generatedKeysAreRowsLikeOthers() throws Exception {
        jdbc.sql(
                        """
                        create table if not exists limits_keyed (
                            id   bigint generated always as identity,
                            x    text,
                            at   timestamptz not null default '2026-01-02 03:04:05.678901+02',
                            doc  jsonb not null default '{"a": 1.50}',
                            tags text[] not null default '{a,b}',
                            free numrange not null default '[1,2)')
                        """)
                .update();
        UUID few = keyed("insert into limits_keyed (x) select repeat('x', 50) from generate_series(1, 2)");
        assertStatus(few, "COMPLETED");
        UUID same = submit(
                "call",
                Json.write(Map.of("tool", "query", "args", Map.of("sql", "select * from limits_keyed order by id"))));
        assertStatus(same, "COMPLETED");
        assertThat(task(few).get("output")).isEqualTo(task(same).get("output"));
        assertThat(String.valueOf(task(few).get("output"))).contains("2026-01-02T01:04:05.678901+00:00");

        UUID many = keyed("insert into limits_keyed (x) select repeat('x', 50) from generate_series(1, 300000)");

        assertStatus(many, "DEAD");
        assertThat(String.valueOf(task(many).get("error"))).contains("longer than 100000 bytes");
        UUID several = keyed("insert into limits_keyed (x) values ('a'); insert into limits_keyed (x) values ('b')");
        assertStatus(several, "DEAD");
        assertThat(String.valueOf(task(several).get("error"))).contains("several statements in one");
        assertThat(jdbc.sql("select count(*) from limits_keyed")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    private UUID keyed(String insert) {
        return submit("call", Json.write(Map.of("tool", "keyed", "args", Map.of("sql", insert))));
    }

    private long stored() {
        return jdbc.sql("select count(*) from limits_stored").query(Long.class).single();
    }

    @Test
    void aCommitThatFailsIsTheFailureOfTheStatement() {
        jdbc.sql("create table limits_parent (id int primary key)").update();
        jdbc.sql("create table limits_child (parent int references limits_parent deferrable initially deferred)")
                .update();

        UUID task = submit("call", "{\"tool\":\"deferred\",\"args\":{}}");

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains("limits_child_parent_fkey");
    }

    @Test
    void endsAStatementWhoseTimeoutIsOver() {
        UUID task = submit("call", "{\"tool\":\"sleeps\",\"args\":{}}");

        assertStatus(task, "DEAD");
        assertStatementsAreOver("select 'limits', pg_sleep");
    }

    @ParameterizedTest
    @CsvSource({
        "body, longer than maxAnswerBytes",
        "gzip, longer than maxAnswerBytes",
        "error, HTTP 500",
        "headers, header"
    })
    void readsAModelsAnswerUpToItsLimit(String how, String error) {
        SERVER.next("/v1/chat/completions", answer(how));

        UUID task = submit("ask", "\"what is it?\"");

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains(error);
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "error", "head"})
    void closesTheConnectionToAModelWhenItsTimeoutIsOver(String how) {
        SERVER.next("/v1/chat/completions", drip(how));

        UUID task = submit("ask", "\"what is it?\"");

        assertStatus(task, "DEAD");
        assertClosed();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "body           | longer than 4194304 bytes",
                "announced      | longer than 4194304 bytes",
                "gzip           | Content-Encoding gzip",
                "error          | HTTP 500",
                "refusal        | HTTP 4",
                "headers        | Maximum header count exceeded",
                "header         | Maximum line length limit exceeded",
                "events         | longer than 4194304 bytes",
                "event          | longer than 4194304 bytes",
                "gzipped events | Content-Encoding gzip",
                "nested         | not usable JSON",
                "nested event   | not usable JSON",
                "half           | Premature end",
                "ended events   | ended its events before the answer",
            })
    void readsAnAnswerOfAnMcpServerUpToALimit(String how, String error) {
        MCP.on("tools/call", call -> mcpAnswer(how));

        UUID task = submit("call", "{\"tool\":\"far_look\",\"args\":{}}");

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains(error);
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"drip", "drip of events", "drip of comments", "head", "pings", "hangs"})
    void closesTheConnectionToAnMcpServerWhenTheToolsTimeoutIsOver(String how) {
        MCP.on("tools/call", call -> mcpAnswer(how));

        UUID task = submit("call", "{\"tool\":\"far_look\",\"args\":{}}");

        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains("no answer within the tool's timeout");
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"drip", "drip of events", "event"})
    void leavesACallOfAnMcpServerInDoubtThatCouldHaveHadAnEffect(String how) {
        MCP.on("tools/call", call -> mcpAnswer(how));

        UUID task = submit("call", "{\"tool\":\"far_send\",\"args\":{}}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        await().untilAsserted(this::assertClosed);
    }

    private Answer mcpAnswer(String how) {
        String json = "Content-Type: application/json";
        String events = "Content-Type: text/event-stream";
        String nested = "[".repeat(5_000);
        return switch (how) {
            case "body" -> endless.body(200, json);
            case "event" -> endless.body(200, events);
            case "events" ->
                endless.pieces( // as many as can be read within the tool's timeout on a busy machine
                        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":\"%s\"}\n\n"
                                .formatted("x".repeat(1000)),
                        events);
            case "gzipped events" -> endless.gzip(200, "text/event-stream");
            case "pings" -> endless.pieces("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n", events);
            case "nested" -> FaultyServer.status(200, json, nested);
            case "nested event" -> FaultyServer.status(200, events, "data: %s\n\n".formatted(nested));
            case "half" -> FaultyServer.half();
            case "ended events" -> FaultyServer.status(200, events, "data: {\"jsonrpc\":\"2.0\"}\n\n");
            case "drip" -> endless.drip(200, " ", json);
            case "drip of events" -> endless.drip(200, "data: {}\n\n", events);
            case "drip of comments" -> endless.drip(200, ": alive\n", events);
            case "head" -> endless.slowHead();
            case "hangs" -> FaultyServer.after(10_000, FaultyServer.json("{}"));
            default -> answer(how);
        };
    }

    /** The server could not write more than the buffers take, because its reader closed the connection. */
    private void assertClosed() {
        await().untilAsserted(() -> assertThat(endless.open).hasValue(0));
        assertThat(endless.bytes.get()).isLessThan(IN_BUFFERS);
    }
}
