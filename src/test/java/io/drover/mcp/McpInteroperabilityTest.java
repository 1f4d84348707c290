package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.NodeProject;
import io.drover.guard.ToolRegistry;
import io.drover.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Programs that others wrote, from npm, against the whole process. */
class McpInteroperabilityTest extends McpTestBase {

    private static final NodeProject NODE = new NodeProject("mcp");

    @Autowired
    ToolRegistry tools;

    @BeforeEach
    void theToolsAreLoaded() {
        await().until(() -> tools.current().get("test_simple_text") != null);
    }

    @Test
    void theClientOfTheTypeScriptSdkListsAndCalls() throws Exception {
        NodeProject.Result run = NODE.run("client.mjs", "http://127.0.0.1:%d/mcp".formatted(port), "ada:secret");

        assertThat(run.exitCode()).as(run.output()).isZero();
        JsonNode said = Json.parse(run.output());
        assertThat(said.at("/server/name").asText()).isEqualTo("drover");
        assertThat(said.path("tools").findValuesAsText("name")).contains("greet", "risky", "test_simple_text");
        assertThat(said.at("/greeted/structuredContent/greeting").asText()).isEqualTo("Hello Ada");
        assertThat(said.at("/refused/isError").asBoolean()).isTrue();
        assertThat(said.at("/refused/content/0/text").asText()).contains("invalid_arguments");
        assertThat(said.at("/unknown/code").asInt()).isEqualTo(-32602);
    }

    @Test
    @Tag("release")
    void theConformanceSuitePassesWhereItApplies() {
        // The suite cannot log in, so a proxy does it.
        Process proxy = NODE.start("proxy.mjs", Integer.toString(port), "ada:secret");
        try {
            NodeProject.Result run = NODE.run(
                    "node_modules/@modelcontextprotocol/conformance/dist/index.js",
                    "server",
                    "--url",
                    "http://127.0.0.1:%s/mcp".formatted(NodeProject.firstLine(proxy)),
                    "--suite",
                    "all",
                    "--expected-failures",
                    "conformance.yaml",
                    "--output-dir",
                    "conformance");

            assertThat(run.exitCode()).as(run.output()).isZero();
        } finally {
            proxy.destroyForcibly();
        }
    }
}
