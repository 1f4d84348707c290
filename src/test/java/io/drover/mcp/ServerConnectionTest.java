package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.guard.EndlessAnswers;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server says of itself is read up to limits, against one that says too much. */
class ServerConnectionTest {

    private final FaultyServer faulty = new FaultyServer();
    private final FaultyMcpServer mcp = new FaultyMcpServer();
    private final EndlessAnswers endless = new EndlessAnswers();
    private final ServerHttp http = new ServerHttp();
    private final AtomicInteger changes = new AtomicInteger();

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

        assertThat(open().call("tool", io.drover.json.Json.parse("{}"), "key")
                        .path("text")
                        .asText())
                .isEqualTo("é");
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

    private ServerConnection open() throws Exception {
        faulty.respond("/mcp", mcp);
        return ServerConnection.open(settings(faulty), http, changes::incrementAndGet);
    }

    static ServerSettings settings(FaultyServer faulty) {
        return new ServerSettings(
                URI.create(faulty.url() + "/mcp"),
                null,
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
