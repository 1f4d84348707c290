package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.FaultyServer.Answer;
import io.drover.FaultyServer.Request;
import io.drover.json.Json;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer whose events end too early is read on from the last of them, and the call is never taken for one that was not made. */
class ResumedAnswerTest {

    private static final String EVENTS = "Content-Type: text/event-stream";

    private final FaultyServer faulty = new FaultyServer();
    private final FaultyMcpServer mcp = new FaultyMcpServer();
    private final ServerHttp http = new ServerHttp(null, null);
    private final AtomicReference<String> answer = new AtomicReference<>();

    @BeforeEach
    void opensASession() {
        mcp.on(
                "initialize",
                request -> FaultyServer.status(
                        200,
                        "Content-Type: application/json\r\nMcp-Session-Id: s1",
                        FaultyMcpServer.message(request, "{\"protocolVersion\":\"2025-06-18\"}")));
        faulty.respond("/mcp", mcp);
    }

    @AfterEach
    void close() {
        http.close();
        faulty.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id: 7\nretry: 1\ndata:\n\n", // to begin with, as servers of 2025-11-25 do
                "id: 7\nretry: 1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n",
                "retry: 1\n\nid: 7\ndata:\n\nid: 8\ndata: {\"jsonrpc\":\"2.0\",\"id\":" // cut off within an event
            })
    void readsOnFromTheLastEvent(String first) throws Exception {
        calls(events(first));
        mcp.on("GET", get -> events("data: %s\n\n".formatted(answer)));

        assertThat(call()).isEqualTo("done");

        assertThat(requests("POST")).hasSize(1);
        assertThat(requests("GET").getFirst().headers())
                .containsEntry("Last-Event-ID", "7")
                .containsEntry("Mcp-Session-Id", "s1")
                .containsEntry("MCP-Protocol-Version", "2025-06-18");
    }

    @Test
    void readsOnAsOftenAsTheStreamEnds() throws Exception {
        calls(brokenOff("id: 1\nretry: 1\ndata:\n\n"));
        mcp.on("GET", get -> switch (requests("GET").size()) {
            case 1 -> events(""); // nothing new
            case 2 -> brokenOff("id: 2\ndata:\n\nid: 3\ndata: half");
            default -> events("data: %s\n\n".formatted(answer));
        });

        assertThat(call()).isEqualTo("done");

        assertThat(requests("GET"))
                .extracting(request -> request.headers().get("Last-Event-ID"))
                .containsExactly("1", "1", "2");
        assertThat(requests("POST")).hasSize(1);
    }

    @Test
    void failsWithoutAnIdToReadOnFrom() {
        calls(events("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n"));

        assertThatThrownBy(this::call)
                .isExactlyInstanceOf(ServerErrorException.class)
                .hasMessage("the server ended its events before the answer");

        assertThat(requests("GET")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 429, 500})
    void aServerThatDoesNotResumeHasBegunAllTheSame(int status) {
        calls(events("id: 1\nretry: 1\ndata:\n\n"));
        mcp.on("GET", get -> FaultyServer.status(status, "", ""));

        assertThatThrownBy(this::call)
                .isExactlyInstanceOf(ServerErrorException.class)
                .hasNoCause()
                .hasMessage("the server ended its events before the answer, and cannot be read on: HTTP %d", status);
    }

    @Test
    void aServerThatIsGoneHasBegunAllTheSame() {
        calls(out -> {
            events("id: 1\nretry: 1\ndata:\n\n").write(out);
            faulty.close(); // no further connection is made
        });

        assertThatThrownBy(this::call)
                .isExactlyInstanceOf(ServerErrorException.class)
                .hasNoCause()
                .hasMessageContaining("cannot be read on");
    }

    @Test
    void endsAtTheDeadlineOfTheCall() {
        calls(events("id: 1\nretry: 100000000\ndata:\n\n"));

        assertThatThrownBy(() -> call(Duration.ofMillis(300), 1_000))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no answer within PT0.3S");
    }

    @Test
    void allStreamsTogetherAreOneAnswer() {
        calls(events("id: 1\nretry: 1\ndata:\n\n"));
        mcp.on("GET", get -> events(": %s\n\n".formatted("x".repeat(400))));

        assertThatThrownBy(() -> call(Duration.ofSeconds(20), 1_000)).hasMessageContaining("longer than 1000 bytes");

        assertThat(requests("GET")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500})
    void aReplyThatIsNotTakenDoesNotEndTheCall(int status) throws Exception {
        mcp.on("ping", pong -> FaultyServer.status(status, "", ""));
        mcp.on(
                "tools/call",
                call -> events("data: {\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}\n\ndata: %s\n\n"
                        .formatted(FaultyMcpServer.message(call, "{\"text\":\"done\"}"))));

        assertThat(call()).isEqualTo("done");
    }

    @Test
    void aSessionThatIsForgottenBeforeTheCallHadNoEffect() {
        mcp.on("tools/call", call -> FaultyServer.status(404, "", ""));

        assertThatThrownBy(this::call).isInstanceOf(ConnectException.class);
    }

    private void calls(Answer first) {
        mcp.on("tools/call", call -> {
            answer.set(FaultyMcpServer.message(call, "{\"text\":\"done\"}"));
            return first;
        });
    }

    private String call() throws Exception {
        return call(Duration.ofSeconds(20), 100_000);
    }

    private String call(Duration patience, int longest) throws Exception {
        ServerMessages messages = new ServerMessages(ServerConnectionTest.settings(faulty), http, () -> {});
        messages.request("initialize", Map.of(), Map.of(), patience, 10_000);
        messages.agreed("2025-06-18");
        JsonNode result = messages.request("tools/call", Json.parse("{}"), Map.of(), patience, longest);
        return result.path("text").asText();
    }

    private List<Request> requests(String method) {
        return faulty.requests("/mcp").stream()
                .filter(request ->
                        request.method().equals(method) && !request.body().contains("initialize"))
                .toList();
    }

    private static Answer events(String body) {
        return FaultyServer.status(200, EVENTS, body);
    }

    private static Answer brokenOff(String body) {
        return out -> {
            out.write("HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 100000\r\n\r\n%s"
                    .formatted(EVENTS, body)
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            out.close();
        };
    }
}
