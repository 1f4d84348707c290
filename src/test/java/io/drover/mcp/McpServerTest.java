package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.guard.ToolRegistry;
import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import io.drover.who.Actor;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The SDK's own client against the whole process. */
class McpServerTest extends McpTestBase {

    private static final String INITIALIZE =
            """
            {"jsonrpc": "2.0", "id": 1, "method": "initialize",
             "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}
            """;

    @Autowired
    HoldsInForce holds;

    @Autowired
    TaskStore store;

    @Autowired
    ToolRegistry tools;

    @BeforeEach
    void theToolsAreLoaded() {
        await().until(() -> tools.current().get("test_simple_text") != null);
    }

    @Test
    void listsTheToolsWithTheTagThatPolicyAllows() {
        try (McpSyncClient client = client("ada")) {
            List<Tool> list = client.listTools().tools();

            assertThat(list)
                    .extracting(Tool::name)
                    .containsExactlyInAnyOrder(
                            "gift",
                            "greet",
                            "json_schema_2020_12_tool",
                            "risky",
                            "slow",
                            "test_error_handling",
                            "test_simple_text");
            assertThat(list)
                    .filteredOn(tool -> tool.name().equals("greet"))
                    .first()
                    .satisfies(greet -> {
                        assertThat(greet.description()).isEqualTo("Greets somebody");
                        assertThat(greet.inputSchema().required()).containsExactly("name");
                        assertThat(greet.inputSchema().additionalProperties()).isFalse();
                        assertThat(greet.annotations().readOnlyHint()).isFalse();
                        assertThat(greet.annotations().idempotentHint()).isTrue();
                        assertThat(greet.annotations().destructiveHint()).isFalse();
                        assertThat(greet.annotations().openWorldHint()).isFalse();
                    });
        }
    }

    @Test
    void aCallIsATaskOfTheUserAndItsJournalHoldsTheCall() {
        try (McpSyncClient client = client("ada")) {
            CallToolResult result = client.callTool(new CallToolRequest("greet", Map.of("name", "Bob", "amount", 0.1)));

            assertThat(result.isError()).isNotEqualTo(true);
            JsonNode structured = Json.tree(result.structuredContent());
            assertThat(structured.path("greeting").asText()).isEqualTo("Hello Bob");
            assertThat(structured.path("amount").decimalValue()).isEqualTo("0.1");
            assertThat(Json.tree(parse(text(result)))).isEqualTo(structured);
            TaskView task = store.find(task(result)).orElseThrow();
            assertThat(task.workflow()).isEqualTo("mcp");
            assertThat(task.submitter().name()).isEqualTo("ada");
            assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(store.calls(task.id())).singleElement().satisfies(call -> {
                assertThat(call.tool()).isEqualTo("greet");
                assertThat(call.state()).isEqualTo(CallState.SUCCEEDED);
                assertThat(call.address()).hasToString(structured.path("key").asText());
            });
        }
    }

    @Test
    void aTextIsAText() {
        try (McpSyncClient client = client("ada")) {
            CallToolResult result = client.callTool(new CallToolRequest("test_simple_text", Map.of()));

            assertThat(text(result)).isEqualTo("This is a simple text response for testing.");
            assertThat(result.structuredContent()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    greet               | {"name": 7}         | invalid_arguments | name
                    greet               | {"name": "a","x":1} | invalid_arguments | x
                    forbidden           | {}                  | refused           | drover.tools.forbidden.enabled is false
                    test_error_handling | {}                  | failed            | This tool intentionally returns an error
                    """)
    void aCallThatDoesNotSucceedSaysWhy(String tool, String arguments, String type, String message) {
        try (McpSyncClient client = client("ada")) {
            CallToolResult result = client.callTool(new CallToolRequest(tool, object(arguments)));

            assertThat(result.isError()).isTrue();
            assertThat(error(result).path("type").asText()).isEqualTo(type);
            assertThat(error(result).path("message").asText()).contains(message);
            assertThat(store.find(task(result)).orElseThrow().status()).isEqualTo(TaskStatus.DEAD);
        }
    }

    @Test
    void aCallInDoubtIsAnsweredAtOnceAndItsTaskWaitsForAPerson() {
        try (McpSyncClient client = client("ada")) {
            CallToolResult result = client.callTool(new CallToolRequest("risky", Map.of("orderId", "7")));

            assertThat(result.isError()).isTrue();
            assertThat(error(result).path("type").asText()).isEqualTo("in_doubt");
            assertThat(error(result).path("message").asText()).contains("/api/tasks/" + task(result), "the line broke");
            TaskView task = store.find(task(result)).orElseThrow();
            assertThat(task.waitReason()).isEqualTo(WaitReason.IN_DOUBT);
            assertThat(store.calls(task.id())).extracting(CallRecord::state).containsExactly(CallState.IN_DOUBT);
        }
    }

    @Test
    void aCallOfAHeldToolIsRefusedWithTheHoldAndOneThatWasAcceptedIsNot() {
        CallToolRequest keyed = new CallToolRequest(
                "greet", Map.of("name", "Bob"), Map.of("io.drover/idempotencyKey", "before the hold"));
        try (McpSyncClient client = client("ada")) {
            UUID before = task(client.callTool(keyed));
            Hold hold = holds.set(
                            new Holds.Request(Hold.Kind.TOOL, "greet", "it greets the wrong people", null),
                            Actor.person("ann"))
                    .hold();
            try {
                CallToolResult refused = client.callTool(new CallToolRequest("greet", Map.of("name", "Bob")));
                CallToolResult again = client.callTool(keyed);

                assertThat(refused.isError()).isTrue();
                assertThat(error(refused).path("type").asText()).isEqualTo("held");
                assertThat(error(refused).path("message").asText())
                        .contains("tool:greet", "ann", "it greets the wrong people");
                assertThat(refused.meta()).as("there is no task").isNull();
                assertThat(again.isError()).isNotEqualTo(true);
                assertThat(task(again)).isEqualTo(before);
            } finally {
                holds.release(hold.id(), Actor.person("ann"));
            }
        }
    }

    /** Another call of the client would have another key; the task's own attempts have the same. */
    @Test
    void aCallThatMayHaveHappenedIsTheTasksToRepeat() {
        try (McpSyncClient client = client("ada")) {
            CallToolRequest call = new CallToolRequest(
                    "gift", Map.of("orderId", "7"), Map.of("io.drover/idempotencyKey", "gift of order 7"));
            UUID task = task(client.callTool(call));
            await().until(() -> store.find(task).orElseThrow().status() == TaskStatus.DEAD);

            CallToolResult result = client.callTool(call);

            assertThat(task(result)).isEqualTo(task);
            assertThat(error(result).path("type").asText()).isEqualTo("in_doubt");
            assertThat(error(result).path("message").asText()).contains("the line broke", "do not call again");
            assertThat(store.find(task).orElseThrow().attempt()).isEqualTo(3);
            assertThat(store.calls(task)).singleElement().satisfies(one -> assertThat(one.tries())
                    .isEqualTo(3));
        }
    }

    @Test
    void aCallThatTakesLongerThanTheWaitGoesOn() {
        try (McpSyncClient client = client("ada")) {
            CallToolResult result = client.callTool(new CallToolRequest("slow", Map.of()));

            assertThat(error(result).path("type").asText()).isEqualTo("waiting");
            await().untilAsserted(() ->
                    assertThat(store.find(task(result)).orElseThrow().output()).isEqualTo("\"at last\""));
        }
    }

    @ParameterizedTest
    @CsvSource({"nothing", "inside", "model.default"})
    void aToolThatIsNotServedIsUnknown(String tool) {
        try (McpSyncClient client = client("ada")) {
            McpError error =
                    catchThrowableOfType(McpError.class, () -> client.callTool(new CallToolRequest(tool, Map.of())));

            assertThat(error.getJsonRpcError().code()).isEqualTo(ErrorCodes.INVALID_PARAMS);
            assertThat(error.getMessage()).contains("Unknown tool: " + tool);
        }
    }

    @Test
    void aRepeatedCallWithTheSameKeyIsOneTask() {
        try (McpSyncClient client = client("ada")) {
            String key = UUID.randomUUID().toString();
            UUID first = task(client.callTool(keyed("Bob", key)));

            assertThat(task(client.callTool(keyed("Bob", key)))).isEqualTo(first);
            assertThat(task(client.callTool(keyed("Bob", key + "-2")))).isNotEqualTo(first);
            assertThatThrownBy(() -> client.callTool(keyed("Ann", key)))
                    .isInstanceOf(McpError.class)
                    .hasMessageContaining("another input");
            assertThatThrownBy(() -> client.callTool(keyed("Ann", "\0")))
                    .isInstanceOf(McpError.class)
                    .hasMessageContaining("the key must be");
        }
    }

    @Test
    void aViewerListsAndDoesNotCall() {
        try (McpSyncClient client = client("vic")) {
            assertThat(client.listTools().tools()).isNotEmpty();

            CallToolResult result = client.callTool(new CallToolRequest("greet", Map.of("name", "Bob")));

            assertThat(error(result).path("type").asText()).isEqualTo("refused");
            assertThat(error(result).path("message").asText()).contains("operator");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET", "POST", "DELETE"})
    void nobodyGetsIn(String method) {
        ApiClient nobody = new ApiClient(port, "", "");

        ApiClient.Answer answer = nobody.send(
                nobody.request("/mcp").method(method, java.net.http.HttpRequest.BodyPublishers.ofString(INITIALIZE)));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Basic");
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example.com, 403",
        "http://evil.example.com:80, 403",
        "null, 403",
        "http://localhost:1, 403",
        "https://console.example.com, 200",
        "self, 200"
    })
    void aPageOfAnotherOriginIsRefused(String origin, int status) {
        String sent = origin.equals("self") ? "http://localhost:" + port : origin;

        ApiClient.Answer answer = new ApiClient(port, "ada", "secret")
                .post("/mcp", INITIALIZE, "Accept", "application/json, text/event-stream", "Origin", sent);

        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "5",
                "\"text\"",
                "[]",
                "[null]",
                "{",
                "{}",
                "[[[[",
                "nul",
                "{\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":null,\"id\":1,\"method\":\"ping\"}",
                "{\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null,\"error\":7,\"method\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":7}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":[],\"clientInfo\":{}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"roots\":5},\"clientInfo\":{}}}",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"
            })
    void whatIsNoMessageIsRefused(String body) {
        for (String session : List.of("", "no-such-session", session())) {
            ApiClient.Answer answer = session.isEmpty() ? post(body) : post(body, "Mcp-Session-Id", session);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.json().at("/error/code").asInt()).isIn(-32700, -32600);
            assertThat(answer.body()).doesNotContain("Exception", "java.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {                                                    | -32700
                    nul                                                  | -32700
                    {}                                                   | -32600
                    []                                                   | -32600
                    [{"jsonrpc":"2.0","id":1,"method":"ping"}]           | -32600
                    {"jsonrpc":"2.0","id":1,"method":5}                  | -32600
                    {"jsonrpc":"2.0","id":1,"method":"no/such"}          | -32601
                    {"jsonrpc":"2.0","id":1,"method":"tools/call"}       | -32602
                    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no_such"}} | -32602
                    """)
    void anErrorHasTheProtocolsCode(String body, int code) {
        ApiClient.Answer answer = post(body, "Mcp-Session-Id", session());

        assertThat(answer.body()).contains("\"code\":" + code).doesNotContain("Exception", "java.", "io.");
    }

    /** As after a restart: the client has to initialize again, and nothing failed inside Drover. */
    @Test
    void aSessionThatIsNotHereIsSaidToBeSo() {
        for (String body : List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")) {
            ApiClient.Answer answer = post(body, "Mcp-Session-Id", "no-such-session");

            assertThat(answer.status()).as(answer.body()).isEqualTo(404);
            assertThat(answer.json().at("/error/code").asInt()).isEqualTo(-32600);
            assertThat(answer.json().at("/error/message").asText())
                    .contains("no such session", "initialize a new one")
                    .doesNotContain("inside Drover");
        }
    }

    /** As one to a ping that the server no longer waits for. */
    @Test
    void anAnswerThatNobodyAskedForIsTheClientsFault() {
        ApiClient.Answer answer = post("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}", "Mcp-Session-Id", session());

        assertThat(answer.json().at("/error/code").asInt()).as(answer.body()).isEqualTo(-32600);
        assertThat(answer.json().at("/error/message").asText())
                .isEqualTo("the message answers no request of this session");
    }

    @Test
    void aRequestWithOddParamsIsAnsweredInItsSession() {
        String session = session();
        for (String params : List.of("", ",\"params\":null", ",\"params\":{}", ",\"params\":{\"name\":7}")) {
            ApiClient.Answer answer = post(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"%s}".formatted(params),
                    "Mcp-Session-Id",
                    session);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("-32602");
        }
    }

    private String session() {
        return post(INITIALIZE).header("Mcp-Session-Id");
    }

    private ApiClient.Answer post(String body, String... headers) {
        List<String> all = new java.util.ArrayList<>(List.of("Accept", "application/json, text/event-stream"));
        all.addAll(List.of(headers));
        return new ApiClient(port, "ada", "secret").post("/mcp", body, all.toArray(String[]::new));
    }

    @Test
    void clientsHearOfToolsThatComeChangeAndGo() {
        List<List<String>> heard = new CopyOnWriteArrayList<>();
        try (McpSyncClient client = client(
                "ada", list -> heard.add(list.stream().map(Tool::description).toList()))) {
            write("fresh", fresh("version one"));
            awaitThat(() -> assertThat(heard).isNotEmpty());
            assertThat(heard.getLast()).contains("version one");

            write("fresh", fresh("version two"));
            awaitThat(() -> assertThat(heard.getLast()).contains("version two").doesNotContain("version one"));

            delete("fresh");
            awaitThat(() -> assertThat(heard.getLast()).doesNotContain("version two"));

            int before = heard.size();
            write("fresh", fresh("not for clients").replace("tags: mcp", "tags: inside"));
            await().until(() -> tools.current().get("fresh") != null);
            write("fresh-2", fresh("for clients").replace("fresh", "fresh-2"));
            awaitThat(() -> assertThat(heard.getLast()).contains("for clients").doesNotContain("not for clients"));
            assertThat(heard).hasSize(before + 1);
            delete("fresh");
            delete("fresh-2");
        }
    }

    @Test
    void theNameOfTheBuiltInWorkflowIsTaken() {
        write(
                "mine",
                """
                - route:
                    id: mine
                    from:
                      uri: task:mcp
                      steps:
                        - log: { message: never }
                """);

        awaitThat(() -> assertThat(new ApiClient(port, "ada", "secret")
                        .get("/api/workflows")
                        .json()
                        .path("problems")
                        .findValuesAsText("message"))
                .anyMatch(message -> message.contains("the workflow 'mcp' is built in")));
        delete("mine");
    }

    private static void awaitThat(org.awaitility.core.ThrowingRunnable assertion) {
        await().untilAsserted(assertion);
    }

    private static String fresh(String description) {
        return """
                - route:
                    id: fresh
                    from:
                      uri: tool:fresh
                      parameters: { description: %s, tags: mcp, readOnlyHint: true }
                      steps:
                        - setBody: { expression: { constant: { expression: fresh } } }
                """
                .formatted(description);
    }

    private static CallToolRequest keyed(String name, String key) {
        return new CallToolRequest("greet", Map.of("name", name, "amount", 1), Map.of("io.drover/idempotencyKey", key));
    }

    private static UUID task(CallToolResult result) {
        return UUID.fromString((String) result.meta().get("io.drover/taskId"));
    }

    private static JsonNode error(CallToolResult result) {
        return Json.tree(parse(text(result))).path("error");
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String json) {
        return (Map<String, Object>) parse(json);
    }

    private static Object parse(String json) {
        try {
            return Json.value(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
