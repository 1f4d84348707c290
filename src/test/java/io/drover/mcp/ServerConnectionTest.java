package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.guard.EndlessAnswers;
import io.drover.json.Json;
import io.drover.tool.HttpAnswerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server says of itself is read up to limits, against one that says too much. */
class ServerConnectionTest {

    private final FaultyServer faulty = new FaultyServer();
    private final FaultyMcpServer mcp = new FaultyMcpServer();
    private final EndlessAnswers endless = new EndlessAnswers();
    private final ServerHttp http = new ServerHttp(null, null);
    private final ServerStates states = new ServerStates(new McpClientProperties(Map.of()));
    private final AtomicInteger changes = new AtomicInteger();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        http.close();
        faulty.close();
    }

    @Test
    void listsAllPages() throws Exception {
        mcp.on(
                "tools/list",
                list -> FaultyMcpServer.result(
                        list,
                        list.at("/params/cursor").asText().isEmpty()
                                ? "{\"tools\":[{\"name\":\"a\"}],\"nextCursor\":\"2\"}"
                                : "{\"tools\":[{\"name\":\"b\"}]}"));

        assertThat(open().tools())
                .extracting(tool -> tool.path("name").asText())
                .containsExactly("a", "b");
    }

    @Test
    void refusesAListWithoutAnEnd() throws Exception {
        mcp.on("tools/list", list -> FaultyMcpServer.result(list, "{\"tools\":[],\"nextCursor\":\"again\"}"));

        ServerConnection connection = open();

        assertThatThrownBy(connection::tools).hasMessageContaining("does not end after 100 pages");
    }

    @Test
    void refusesTooManyTools() throws Exception {
        mcp.on(
                "tools/list",
                list -> FaultyMcpServer.result(
                        list, "{\"tools\":[%s{}],\"nextCursor\":\"more\"}".formatted("{},".repeat(99))));

        ServerConnection connection = open();

        assertThatThrownBy(connection::tools).hasMessageContaining("more than 1000 tools");
    }

    @Test
    void refusesPagesThatTogetherAreTooLong() throws Exception {
        mcp.on(
                "tools/list",
                list -> FaultyMcpServer.result(
                        list,
                        "{\"tools\":[{\"description\":\"%s\"}],\"nextCursor\":\"more\"}"
                                .formatted("a".repeat(1_000_000))));

        ServerConnection connection = open();

        assertThatThrownBy(connection::tools).hasMessageContaining("longer than");
        assertThat(faulty.requests().stream().filter(request -> request.body().contains("tools/list")))
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"initialize", "tools/list"})
    void readsNoAnswerWithoutAnEnd(String method) {
        mcp.on(method, request -> endless.body(200, "Content-Type: application/json"));

        assertThatThrownBy(() -> open().tools()).hasMessageContaining("longer than 4194304 bytes");

        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void closesTheConnectionAtTheDeadline(String type) {
        mcp.on("slow", request -> endless.drip(200, ":\n", "Content-Type: " + type));
        faulty.respond("/mcp", mcp);
        ServerMessages messages = new ServerMessages(settings(faulty), http, changes::incrementAndGet);

        assertThatThrownBy(() -> messages.request("slow", Map.of(), Map.of(), Duration.ofMillis(300), 1_000_000))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("no answer within PT0.3S");

        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsTheServerThatNobodyWaitsAnyMore(boolean interrupted) throws Exception {
        mcp.on("slow", request -> endless.drip(200, ":\n", "Content-Type: text/event-stream"));
        mcp.on("notifications/cancelled", request -> FaultyServer.status(202, "", ""));
        faulty.respond("/mcp", mcp);
        ServerMessages messages = new ServerMessages(settings(faulty), http, changes::incrementAndGet);
        Duration patience = interrupted ? Duration.ofMinutes(1) : Duration.ofMillis(300);
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                messages.request("slow", Map.of(), Map.of(), patience, 1_000_000);
            } catch (Exception e) { // what is sent counts
            }
        });

        await().untilAsserted(() -> assertThat(endless.open).hasValue(1));
        if (interrupted) {
            caller.interrupt();
        }

        await().untilAsserted(() -> assertThat(faulty.requests("/mcp")).hasSize(2));
        JsonNode request = Json.parse(faulty.requests("/mcp").getFirst().body());
        JsonNode cancelled = Json.parse(faulty.requests("/mcp").getLast().body());
        assertThat(cancelled.path("method").asText()).isEqualTo("notifications/cancelled");
        assertThat(cancelled.at("/params/requestId")).isEqualTo(request.path("id"));
        assertThat(cancelled.at("/params/reason").asText()).isNotBlank();
        assertThat(cancelled.has("id")).isFalse();
        assertClosed();
    }

    @Test
    void cancelsNoCallThatWasAnswered() throws Exception {
        mcp.on("tools/call", call -> FaultyServer.status(500, "", "no"));
        ServerConnection connection = open();

        assertThatThrownBy(() -> connection.call("tool", Json.parse("{}"), "key"))
                .hasMessageContaining("HTTP 500");

        assertThat(faulty.requests("/mcp"))
                .extracting(FaultyServer.Request::body)
                .noneMatch(body -> body.contains("cancelled"));
    }

    @Test
    void readsAReplacedCredentialOnceWhenTheServerRefusesTheOldOne() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "Bearer old\n");
        mcp.on("tools/call", call -> {
            boolean current = faulty.requests("/mcp")
                    .getLast()
                    .headers()
                    .get("Authorization")
                    .equals("Bearer new");
            write(file, "Bearer new");
            return current
                    ? FaultyMcpServer.result(call, "{\"text\":\"done\"}")
                    : FaultyServer.status(401, "", "expired");
        });

        JsonNode result = open(withCredential(file)).call("tool", Json.parse("{}"), "key");

        assertThat(result.path("text").asText()).isEqualTo("done");
        assertThat(calls())
                .extracting(call -> call.headers().get("Authorization"))
                .containsExactly("Bearer old", "Bearer new");
        assertThat(calls())
                .extracting(call -> call.headers().get("Idempotency-Key"))
                .containsExactly("key", "key");
    }

    @Test
    void doesNotRepeatACallWhoseCredentialIsWrongAndTheSame() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "Bearer wrong");
        mcp.on("tools/call", call -> FaultyServer.status(401, "", "expired"));
        ServerConnection connection = open(withCredential(file));

        assertThatThrownBy(() -> connection.call("tool", Json.parse("{}"), "key"))
                .isInstanceOf(HttpAnswerException.class)
                .hasMessageContaining("HTTP 401");

        assertThat(calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "", "two\nlines"})
    void sendsNothingWithoutAUsableCredential(String content) throws Exception {
        Path file = directory.resolve("token");
        if (!content.equals("missing")) {
            Files.writeString(file, content);
        }

        assertThatThrownBy(() -> open(withCredential(file)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("authorization-file (" + file + ") cannot be read");

        assertThat(faulty.requests("/mcp")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    404 | Session not found
                    400 | {"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},"id":null}
                    400 | {"jsonrpc":"2.0","error":{"code":-32600,"message":"Session ID missing"},"id":null}
                    """)
    void beginsOneNewSessionAndMakesTheCallOnceMore(int status, String body) throws Exception {
        AtomicInteger sessions = numberedSessions();
        mcp.on(
                "tools/call",
                call -> sessions.get() == 1
                        ? FaultyServer.status(status, "", body)
                        : FaultyMcpServer.result(call, "{\"text\":\"done\"}"));
        ExternalServer server = server();

        assertThat(server.call("tool", Json.parse("{}"), "key").path("text").asText())
                .isEqualTo("done");
        assertThat(sessions).hasValue(2);
        assertThat(calls())
                .extracting(call -> call.headers().get("Mcp-Session-Id"))
                .containsExactly("s1", "s2");

        mcp.on("tools/call", call -> FaultyServer.status(status, "", body));
        assertThatThrownBy(() -> server.call("tool", Json.parse("{}"), "key"))
                .isInstanceOf(ForgottenSessionException.class);
        assertThat(calls()).hasSize(4);
    }

    /** The server gives its sessions the names s1, s2 and so on. */
    private AtomicInteger numberedSessions() {
        AtomicInteger sessions = new AtomicInteger();
        mcp.on(
                "initialize",
                request -> FaultyServer.status(
                        200,
                        "Content-Type: application/json\r\nMcp-Session-Id: s" + sessions.incrementAndGet(),
                        FaultyMcpServer.message(request, "{\"protocolVersion\":\"2025-06-18\"}")));
        return sessions;
    }

    @Test
    void listsInANewSessionWhenTheServerHasForgottenTheOldOne() throws Exception {
        AtomicInteger sessions = numberedSessions();
        mcp.on(
                "tools/list",
                list -> sessions.get() == 1
                        ? FaultyServer.status(404, "", "Session not found")
                        : FaultyMcpServer.result(list, "{\"tools\":[]}"));

        server().refresh();

        assertThat(lists())
                .extracting(list -> list.headers().get("Mcp-Session-Id"))
                .containsExactly("s1", "s2");
        assertThat(states.all().get("faulty")).isEqualTo(new ServerStates.State(true, null, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find it | PKIX path building failed: unable to find it
                    the answer is not what was asked: see docs | the answer is not what was asked: see docs
                    """)
    void saysWhatFailedWithoutTheNamesOfClasses(String message, String summary) {
        assertThat(ServerFailures.summary(new IOException(message))).isEqualTo(summary);
        assertThat(ServerFailures.summary(new IOException())).isEqualTo("no reason is known");
        assertThat(ServerFailures.summary(new UnknownHostException("shop"))).isEqualTo("the host shop is unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such tool", "Invalid params: session_date must be a date"})
    void doesNotTakeABadRequestForALostSession(String message) throws Exception {
        mcp.on(
                "initialize",
                request -> FaultyServer.status(
                        200,
                        "Content-Type: application/json\r\nMcp-Session-Id: s1",
                        FaultyMcpServer.message(request, "{\"protocolVersion\":\"2025-06-18\"}")));
        mcp.on(
                "tools/call",
                call -> FaultyServer.status(
                        400,
                        "",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"%s\"}}"
                                .formatted(message)));

        assertThatThrownBy(() -> server().call("tool", Json.parse("{}"), "key"))
                .isInstanceOf(ServerRefusedException.class)
                .hasMessage(message);
        assertThat(calls()).hasSize(1);
    }

    @Test
    void listsAtMostOnceASecondWhateverTheServerSays() throws Exception {
        mcp.on(
                "tools/list",
                list -> FaultyServer.status(
                        200,
                        "Content-Type: text/event-stream",
                        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\ndata: %s\n\n"
                                .formatted(FaultyMcpServer.message(list, "{\"tools\":[]}"))));
        ExternalServer server = server();

        server.refresh();

        await().untilAsserted(() -> assertThat(lists()).hasSizeGreaterThanOrEqualTo(4));
        server.close();
        List<FaultyServer.Request> lists = lists();
        for (int i = 1; i < lists.size(); i++) {
            assertThat(Duration.ofNanos(lists.get(i).nanos() - lists.get(i - 1).nanos()))
                    .isGreaterThan(Duration.ofMillis(900));
        }
    }

    @Test
    void hearsOfChangesUntilOneIsTooLong() throws Exception {
        String change = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n";
        mcp.on("GET", get -> out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes());
            out.write((": hello\r\nretry: 500\r\n\r\nevent: other\ndata: {}\n\n" + change + change).getBytes());
            out.flush();
            endless.header().write(out);
        });
        mcp.on("tools/list", list -> FaultyMcpServer.result(list, "{\"tools\":[]}"));

        open().tools();

        await().untilAsserted(() -> assertThat(changes).hasValue(2));
        assertClosed();
    }

    @Test
    void takesEventsAsTheyMayBeWritten() throws Exception {
        mcp.on(
                "tools/call",
                call -> FaultyServer.status(
                        200,
                        "Content-Type: text/event-stream; charset=utf-8",
                        "id: 1\nretry: 500\ndata:\n\n: comment\r\nevent: message\r\ndata: %s\r\ndata:%s\r\n\r\n"
                                .formatted(
                                        "{\"jsonrpc\":\"2.0\",\"id\":%s,".formatted(call.path("id")),
                                        "\"result\":{\"text\":\"é\"}}")));

        assertThat(open().call("tool", Json.parse("{}"), "key").path("text").asText())
                .isEqualTo("é");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "text/event-stream|\uFEFFdata: {'id':%s,'result':{'text':'a'}}\\n\\n",
                "text/event-stream|event:\\ndata: {'id':%s,'result':{'text':'a'}}\\n\\n",
                "text/event-stream|data: {'id':0,'result':{}}\\n\\ndata: {'id':'%s','result':{'text':'a'}}\\n\\n",
                "application/json|[{'method':'notifications/message'}, {'id':%s,'result':{'text':'a'}}]",
                "text/event-stream|data: {'result':{'text':'b'}}\\n\\ndata: {'id':%s,'result':{'text':'a'}}\\n\\n",
                "application/json|{'id':%s,'result':{'text':'a'},'error':null}",
                "application/json|{'id':%s.0,'result':{'text':'a'}}"
            })
    void takesItsAnswerHoweverItIsWritten(String type, String body) throws Exception {
        mcp.on(
                "tools/call",
                call -> FaultyServer.status(
                        200,
                        "Content-Encoding: identity\r\nContent-Type: " + type,
                        body.replace("\\n", "\n")
                                .replace('\'', '"')
                                .formatted(call.path("id").asText())));

        assertThat(open().call("tool", Json.parse("{}"), "key").path("text").asText())
                .isEqualTo("a");
    }

    @Test
    void takesNoAnswerToAnotherRequest() throws Exception {
        mcp.on("tools/call", call -> FaultyServer.json("{\"id\":0,\"result\":{\"text\":\"another's\"}}"));
        ServerConnection connection = open();

        assertThatThrownBy(() -> connection.call("tool", Json.parse("{}"), "key"))
                .isInstanceOf(ServerErrorException.class)
                .hasMessage("the answer belongs to another request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'result':{'text':'of a gateway'}}|the answer has no id, so it need not be the answer of an MCP server to"
                        + " this request",
                "{'status':'ok'}|the answer has no id, so it need not be the answer of an MCP server to this request",
                "{'id':null,'result':{'text':'a'}}|the answer belongs to another request",
                "{'id':%s,'result':null,'error':{'code':-32000,'message':'no stock'}}|no stock",
                "{'id':%s,'result':{'text':'a'},'error':{'code':-32000,'message':'no stock'}}|no stock",
                "{'id':%s,'error':'no stock'}|no stock",
                "{'error':{'code':-32000,'message':'no stock'}}|no stock",
                "{'id':%s,'result':null}|the answer holds neither a result nor the words of an error",
                "{'id':%s,'result':'done'}|the result is not an object, as results of MCP are"
            })
    void takesNoErrorForAResult(String body, String problem) throws Exception {
        mcp.on(
                "tools/call",
                call -> FaultyServer.json(
                        body.replace('\'', '"').formatted(call.path("id").asText())));
        ServerConnection connection = open();

        assertThatThrownBy(() -> connection.call("tool", Json.parse("{}"), "key"))
                .isExactlyInstanceOf(ServerErrorException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void replacesNoBytesThatAreNotInUtf8(String type) throws Exception {
        mcp.on("tools/call", call -> out -> {
            String event = "id: 1\ndata: %s\n\n".formatted(FaultyMcpServer.message(call, "{\"text\":\"caf\u00e9\"}"));
            byte[] body =
                    (type.endsWith("json") ? event.split("data: ")[1] : event).getBytes(StandardCharsets.ISO_8859_1);
            out.write("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: %s\r\n\r\n"
                    .formatted(body.length, type)
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
        });
        ServerConnection connection = open();

        assertThatThrownBy(() -> connection.call("tool", Json.parse("{}"), "key"))
                .isInstanceOf(ServerErrorException.class)
                .hasMessageStartingWith("the answer cannot be read: it is not UTF-8");
    }

    @Test
    void endsItsEventsAndSessionWhenItIsClosed() throws Exception {
        mcp.on(
                "initialize",
                request -> FaultyServer.status(
                        200,
                        "Content-Type: application/json\r\nMcp-Session-Id: s1",
                        FaultyMcpServer.message(request, "{\"protocolVersion\":\"2025-06-18\"}")));
        mcp.on("GET", get -> endless.drip(200, ": alive\n\n", "Content-Type: text/event-stream"));
        mcp.on("tools/list", list -> FaultyMcpServer.result(list, "{\"tools\":[]}"));
        ServerConnection connection = open();
        connection.tools();
        await().untilAsserted(() -> assertThat(endless.open).hasValue(1));

        connection.release();

        assertClosed();
        await().untilAsserted(() ->
                assertThat(faulty.requests("/mcp").getLast().method()).isEqualTo("DELETE"));
        assertThat(faulty.requests("/mcp").getLast().headers())
                .containsEntry("Mcp-Session-Id", "s1")
                .containsEntry("MCP-Protocol-Version", "2025-06-18");
    }

    /** A refusal that passes, as of a token that has run out, does not end the hearing of changes. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403, 408, 425, 429, 500, 503})
    void listensAgainAfterARefusalThatPasses(int status) throws Exception {
        mcp.on("tools/list", list -> FaultyMcpServer.result(list, "{\"tools\":[]}"));
        mcp.on("GET", get -> FaultyServer.status(status, "", ""));
        ServerConnection connection = open();

        await().untilAsserted(() -> {
            connection.tools();
            assertThat(faulty.requests().stream()
                            .filter(request -> request.method().equals("GET")))
                    .hasSizeGreaterThan(1);
        });
    }

    private ServerConnection open() throws Exception {
        return open(settings(faulty));
    }

    private ServerConnection open(ServerSettings settings) throws Exception {
        faulty.respond("/mcp", mcp);
        return ServerConnection.open(settings, http, changes::incrementAndGet);
    }

    private ExternalServer server() {
        faulty.respond("/mcp", mcp);
        return new ExternalServer(
                "faulty",
                settings(faulty),
                null,
                states,
                work -> Thread.ofVirtual().start(work),
                http);
    }

    private List<FaultyServer.Request> calls() {
        return requests("tools/call");
    }

    private List<FaultyServer.Request> lists() {
        return requests("tools/list");
    }

    private List<FaultyServer.Request> requests(String method) {
        return faulty.requests("/mcp").stream()
                .filter(request -> request.body().contains("\"" + method + "\""))
                .toList();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSettings withCredential(Path file) {
        return settings(faulty, file);
    }

    static ServerSettings settings(FaultyServer faulty) {
        return settings(faulty, null);
    }

    private static ServerSettings settings(FaultyServer faulty, @Nullable Path credential) {
        return new ServerSettings(
                URI.create(faulty.url() + "/mcp"),
                null,
                credential,
                Map.of(),
                Duration.ofSeconds(5),
                0,
                "1000/1s",
                0,
                100_000,
                Set.of(),
                Duration.ofSeconds(30));
    }

    private void assertClosed() {
        await().untilAsserted(() -> assertThat(endless.open).hasValue(0));
        assertThat(endless.bytes.get()).isLessThan(32L << 20);
    }
}
