package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FreePort;
import io.drover.NodeProject;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.guard.GuardedTool;
import io.drover.guard.ToolRegistry;
import io.drover.json.Json;
import io.drover.tool.ToolSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A server made with the TypeScript SDK, in a process of its own that is started, changed and killed. */
@Execution(ExecutionMode.SAME_THREAD)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-mcp-client",
            "drover.mcp.shop.authorization=Bearer secret-of-the-shop",
            "drover.mcp.shop.tags=goods,mcp",
            "drover.mcp.shop.timeout=5s",
            "drover.mcp.shop.refresh=500ms",
            "drover.mcp.everything.refresh=500ms",
            "drover.mcp.nowhere.url=http://127.0.0.1:1/mcp",
            "drover.tools.shop_claims.read-only-hint=false"
        })
class ExternalServersTest {

    private static final NodeProject NODE = new NodeProject("mcp");

    private static final String DATABASE = TestDatabase.migrated();
    private static final int PORT = FreePort.next();
    private static final int EVERYTHING_PORT = FreePort.next();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static Process server;

    private static final String TOOLS =
            """
            {"pageSize": 2, "mended": %s, "tools": [
              {"name": "echo", "description": "Says it {{again}} & again", "annotations": {"readOnlyHint": true},
               "inputSchema": {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
                 "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": {"type": "number"}}},
              {"name": "structured", "inputSchema": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}},
               "annotations": {"idempotentHint": true, "destructiveHint": false}},
              {"name": "image", "inputSchema": {"type": "object"}},
              {"name": "fail", "inputSchema": {"type": "object"},
               "outputSchema": {"type": "object", "properties": {"refund": {"type": "string", "minLength": 1}}, "required": ["refund"]}},
              {"name": "look", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}},
              {"name": "drover", "inputSchema": {"type": "object", "additionalProperties": true}},
              {"name": "drover_again", "inputSchema": {"type": "object", "additionalProperties": true}, "annotations": {"idempotentHint": true}},
              {"name": "refuse", "inputSchema": {"type": "object"}},
              {"name": "claims", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}},
              {"name": "with.a/dot", "inputSchema": {"type": "object"}},
              {"name": "with_a_dot", "inputSchema": {"type": "object"}},
              {"name": "no-schema"},
              {"name": "ref-http", "inputSchema": {"properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}}},
              {"name": "ref-file", "inputSchema": {"$ref": "file:///etc/passwd"}},
              {"name": "ref-deep", "inputSchema": {"allOf": [{"$ref": "#/$defs/d"}], "$defs": {"d": {"items": {"$dynamicRef": "jar:file:/x!/y"}}}}},
              {"name": "ref-self", "inputSchema": {"$ref": "#"}},
              {"name": "", "inputSchema": {"type": "object"}},
              {"name": 7, "inputSchema": {"type": "object"}},
              {"name": "tuple", "inputSchema": {"type": "object",
                "properties": {"at": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "items": false},
                               "who": {"$ref": "#/$defs/who"}},
                "$defs": {"who": {"type": "object", "properties": {"name": {"type": "string"}}, "unevaluatedProperties": false}},
                "dependentRequired": {"who": ["at"]}}},
              {"name": "break", "inputSchema": {"type": "object"}, "annotations": %s}
            ]}
            """;

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", () -> DATABASE);
        registry.add("drover.mcp.everything.url", () -> "http://127.0.0.1:%d/mcp".formatted(EVERYTHING_PORT));
        registry.add("drover.mcp.shop.url", () -> "http://127.0.0.1:%d/mcp".formatted(PORT));
    }

    @LocalServerPort
    int port;

    @Autowired
    ToolRegistry tools;

    @AfterAll
    static void stop() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    @Test
    void aCallWaitsForAServerThatWasNeverReached() {
        Answer waits = submit("call", "nowhere_tool", "{}", 5);

        assertThat(waits.status()).isEqualTo(202);
        await().untilAsserted(() ->
                assertThat(task(waits).path("waitReason").asText()).isEqualTo("DELAY"));
        assertThat(task(waits).at("/error/message").asText())
                .contains("drover.mcp.nowhere has not listed its tools yet");
        assertThat(api().get("/health/ready").status()).isEqualTo(200);
        assertThat(api().get("/health/ready")
                        .json()
                        .at("/components/mcp/details/nowhere")
                        .asText())
                .contains("not reached", "Connect to", "failed: Connection refused")
                .doesNotContain("Exception");
    }

    /** That its tool only reads is what the server says. */
    @Test
    void aDryRunBelievesNoClaim() throws Exception {
        serve("{}");

        Answer echo = submit("call?mode=dry-run", "shop_echo", "{\"text\": \"hi\"}", 20);
        Answer fail = submit("call?mode=dry-run", "shop_fail", "{}", 20);

        assertThat(echo.json().path("output")).isEqualTo(Json.parse("{\"text\":\"hi\",\"dryRun\":true}"));
        assertThat(fail.json().path("output"))
                .as("it fits the schema of the tool's results")
                .isEqualTo(Json.parse("{\"refund\":\"-\"}"));
        assertThat(tool("shop_echo").spec().readOnly()).isTrue();
    }

    @Test
    void itsToolsAreHereWithTheirClaimsAndWithoutWhatHasNoName() throws Exception {
        serve("{}");

        ToolSpec echo = tool("shop_echo").spec();
        assertThat(echo.description()).isEqualTo("Says it {{again}} & again");
        assertThat(echo.tags()).containsExactlyInAnyOrder("goods", "mcp", "shop");
        assertThat(echo.readOnly()).isTrue();
        assertThat(echo.destructive()).isFalse();
        assertThat(echo.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(echo.arguments().schema().at("/additionalProperties/type").asText())
                .isEqualTo("number");
        ToolSpec structured = tool("shop_structured").spec();
        assertThat(structured.readOnly()).isFalse();
        assertThat(structured.idempotent()).isTrue();
        assertThat(structured.destructive()).isFalse();
        assertThat(tool("shop_image").spec().destructive()).isTrue();
        assertThat(tool("shop_claims").spec().readOnly())
                .as("configuration goes first")
                .isFalse();
        assertThat(tools.current().all().keySet())
                .contains("shop_with_a_dot")
                .doesNotContain(
                        "shop_",
                        "shop_7",
                        "shop_no-schema",
                        "shop_with.a/dot",
                        "shop_ref-http",
                        "shop_ref-file",
                        "shop_ref-deep",
                        "shop_ref-self");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    echo       | {"text": "hi"}   | "echo: {\\"text\\":\\"hi\\"}"
                    structured | {"a": 1, "b": 2} | {"sum":3,"_content":"{}"}
                    image      | {}               | [{"type":"image","size":2,"mimeType":"image/png"}]
                    with_a_dot | {}               | "with.a/dot: {}"
                    """)
    void aCallBringsItsResult(String tool, String arguments, String result) throws Exception {
        serve("{}");

        Answer done = submit("call", "shop_" + tool, arguments, 20);

        assertThat(done.json().path("status").asText()).as(done.body()).isEqualTo("COMPLETED");
        assertThat(done.json().path("output")).isEqualTo(io.drover.json.Json.parse(result));
        JsonNode call = control("").path("calls");
        JsonNode last = call.get(call.size() - 1);
        assertThat(last.path("authorization").asText()).isEqualTo("Bearer secret-of-the-shop");
        assertThat(last.path("key").asText())
                .isEqualTo(last.path("header").asText())
                .hasSize(36);
    }

    @ParameterizedTest
    @CsvSource({"look, no such order", "refuse, not with these arguments"})
    void aCallThatTheServerRefusesIsDead(String tool, String message) throws Exception {
        serve("{}");

        Answer dead = submit("call", "shop_" + tool, "{}", 20);

        assertThat(dead.json().path("status").asText()).isEqualTo("DEAD");
        assertThat(dead.json().at("/error/message").asText()).contains(message);
    }

    /** isError is any error: the other side may have run into a time-out of its own, and the refund is under way. */
    @Test
    void anErrorOfACallThatChangesSomethingLeavesItInDoubt() throws Exception {
        serve("{}");

        Answer waits = submit("call", "shop_fail", "{}", 0);

        await().untilAsserted(() ->
                assertThat(task(waits).path("waitReason").asText()).isEqualTo("IN_DOUBT"));
        assertThat(task(waits).at("/error/message").asText()).contains("no such order");

        String call = "/api/tasks/%s/calls/1".formatted(task(waits).path("id").asText());
        assertThat(api().get(call + "/sample").json().at("/schema/required/0").asText())
                .isEqualTo("refund");
        Answer refused = api().post(call + "/resolve", "{\"resolution\":\"happened\",\"result\":{\"refund\":\"\"}}");
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().path("detail").asText())
                .startsWith("the result is not what tool:shop_fail declares: ");
        assertThat(api().post(call + "/resolve", "{\"resolution\":\"happened\",\"result\":{\"refund\":\"r-1\"}}")
                        .status())
                .isEqualTo(200);
        await().untilAsserted(
                        () -> assertThat(task(waits).path("status").asText()).isEqualTo("COMPLETED"));
    }

    @ParameterizedTest
    @CsvSource({
        "drover, in_doubt, IN_DOUBT, 1",
        "drover, waiting, IN_DOUBT, 1",
        "drover, unconfirmed, IN_DOUBT, 1",
        "drover, timed_out, IN_DOUBT, 1",
        "drover, failed, IN_DOUBT, 1",
        "drover, cancelled, IN_DOUBT, 1",
        "drover, refused, DEAD, 1",
        "drover, invalid_arguments, DEAD, 1",
        "drover, busy, COMPLETED, 2",
        "drover_again, timed_out, COMPLETED, 2",
        "drover_again, waiting, COMPLETED, 2"
    })
    void anErrorOfAnotherDroverIsReadByItsType(String tool, String type, String end, int sent) throws Exception {
        serve("{}");
        int n = NUMBERS.incrementAndGet();

        Answer submitted = submit("call", "shop_" + tool, "{\"type\": \"%s\", \"n\": %d}".formatted(type, n), 0);

        await().untilAsserted(() -> assertThat(List.of(
                        task(submitted).path("status").asText(),
                        task(submitted).path("waitReason").asText()))
                .contains(end));
        List<String> keys = new ArrayList<>();
        control("").path("calls").forEach(call -> {
            if (call.at("/args/n").asInt() == n) {
                keys.add(call.path("key").asText());
            }
        });
        assertThat(keys).hasSize(sent);
        assertThat(keys.stream().distinct()).hasSize(1);
    }

    @Test
    void argumentsAreCheckedHere() throws Exception {
        serve("{}");
        int before = control("").path("calls").size();

        Answer dead = submit("call", "shop_echo", "{\"text\": 1}", 20);

        assertThat(dead.json().at("/error/message").asText()).contains("invalid arguments");
        assertThat(control("").path("calls")).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"at\": [1, \"2\"]}",
                "{\"at\": [1, 2, 3]}",
                "{\"who\": {\"name\": \"Ada\"}}",
                "{\"at\": [1], \"who\": {\"age\": 5}}"
            })
    void everyKeywordOfASchemaCounts(String arguments) throws Exception {
        serve("{}");
        JsonNode schema = tool("shop_tuple").spec().arguments().schema();
        assertThat(schema.at("/properties/at/prefixItems")).hasSize(2);
        assertThat(schema.at("/$defs/who/unevaluatedProperties").asBoolean(true))
                .isFalse();

        Answer dead = submit("call", "shop_tuple", arguments, 20);

        assertThat(dead.json().path("status").asText()).as(dead.body()).isEqualTo("DEAD");
        assertThat(dead.json().at("/error/message").asText()).contains("invalid arguments");
    }

    @Test
    void aServerThatDiesDuringACallLeavesItInDoubt() throws Exception {
        serve("{}");

        Answer waits = submit("call", "shop_break", "{}", 1);

        await().untilAsserted(() ->
                assertThat(task(waits).path("waitReason").asText()).isEqualTo("IN_DOUBT"));
        assertThat(tool("shop_echo")).as("its tools stay").isNotNull();
    }

    @Test
    void aServerThatDiesDuringACallThatMayBeRepeatedIsCalledAgainWhenItIsBack() throws Exception {
        serve("{\"idempotentHint\": true}");

        Answer submitted = submit("call", "shop_break", "{}", 0);
        server.waitFor();
        serve("{\"idempotentHint\": true}", true);

        await().untilAsserted(() ->
                assertThat(task(submitted).path("output").asText()).isEqualTo("mended"));
        JsonNode call = task(submitted).path("calls").get(0);
        assertThat(control("").at("/calls/0/key").asText())
                .isEqualTo(call.path("idempotencyKey").asText());
    }

    @Test
    void aServerThatIsStartedAnewIsFoundAgain() throws Exception {
        serve("{}");
        server.destroyForcibly().waitFor();
        Answer submitted = submit("call", "shop_echo", "{\"text\": \"back\"}", 0);

        serve("{}");

        await().untilAsserted(() ->
                assertThat(task(submitted).path("status").asText()).isEqualTo("COMPLETED"));
    }

    @Test
    void aChangedListIsFollowed() throws Exception {
        serve("{}");
        String before = tool("shop_echo").routeId();

        control(
                """
                {"tools": [{"name": "echo", "description": "version two", "inputSchema": {"type": "object"}},
                           {"name": "fresh", "inputSchema": {"type": "object"}}]}
                """);

        await().untilAsserted(() -> {
            assertThat(tool("shop_echo").spec().description()).isEqualTo("version two");
            assertThat(tool("shop_echo").routeId()).isNotEqualTo(before);
            assertThat(tools.current().get("shop_fresh")).isNotNull();
            assertThat(tools.current().get("shop_image")).isNull();
        });
    }

    @Test
    void theReferenceServerOfTheProtocolIsUnderstood() {
        Process everything = NODE.start(
                "--input-type=module",
                "--eval",
                "process.env.PORT = '%d'; process.argv = ['node', 'everything', 'streamableHttp'];"
                                .formatted(EVERYTHING_PORT)
                        + "await import('./node_modules/@modelcontextprotocol/server-everything/dist/index.js')");
        try {
            await().untilAsserted(() ->
                    assertThat(tools.current().all().keySet()).contains("everything_echo", "everything_get-sum"));
            assertThat(tool("everything_echo").spec().description()).isNotEmpty();

            Answer echo = submit("call", "everything_echo", "{\"message\": \"hello\"}", 20);
            Answer sum = submit("call", "everything_get-sum", "{\"a\": 2, \"b\": 3}", 20);

            assertThat(echo.json().path("output").asText()).as(echo.body()).isEqualTo("Echo: hello");
            assertThat(sum.json().path("output").asText()).as(sum.body()).contains("5");
        } finally {
            everything.destroyForcibly();
        }
    }

    /** Starts the server where it does not run, with all its tools. */
    private void serve(String breaksHints) throws Exception {
        serve(breaksHints, false);
    }

    private void serve(String breaksHints, boolean mended) throws Exception {
        String state = TOOLS.formatted(mended, breaksHints);
        if (server == null || !server.isAlive()) {
            server = NODE.start("server.mjs", Integer.toString(PORT), state);
            assertThat(NodeProject.firstLine(server)).isEqualTo("listening");
        }
        control(state);
        await().untilAsserted(() -> {
            assertThat(tool("shop_echo").spec().description()).startsWith("Says it");
            assertThat(tool("shop_break").spec().idempotent()).isEqualTo(breaksHints.contains("idempotent"));
            assertThat(tools.current().get("shop_fresh")).isNull();
        });
    }

    private GuardedTool tool(String name) {
        GuardedTool tool = tools.current().get(name);
        assertThat(tool).as(name).isNotNull();
        return tool;
    }

    private static JsonNode control(String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/control".formatted(PORT)));
        if (!body.isEmpty()) {
            request.POST(BodyPublishers.ofString(body));
        }
        return io.drover.json.Json.parse(
                HTTP.send(request.build(), BodyHandlers.ofString()).body());
    }

    private ApiClient api() {
        return new ApiClient(port, "ada", "secret");
    }

    private Answer submit(String workflow, String tool, String arguments, int wait) {
        String input = "{\"tool\": \"%s\", \"arguments\": %s}".formatted(tool, arguments);
        return wait == 0
                ? api().post("/api/tasks/" + workflow, input)
                : api().post("/api/tasks/" + workflow, input, "Prefer", "wait=" + wait);
    }

    private JsonNode task(Answer submitted) {
        return api().get("/api/tasks/" + submitted.json().path("id").asText()).json();
    }
}
