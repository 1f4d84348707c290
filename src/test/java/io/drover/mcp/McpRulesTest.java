package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What rules say about calls of MCP clients, by their users and the roles of these. */
class McpRulesTest extends McpTestBase {

    @Autowired
    RulesInForce inForce;

    @AfterEach
    void permitEverything() {
        rules("rules: []");
    }

    private void rules(String text) {
        Rules before = inForce.current();
        writeRules(text);
        await().until(() -> inForce.current() != before);
    }

    private static String greeted(McpSyncClient client, String name) {
        CallToolResult result = client.callTool(new CallToolRequest("greet", Map.of("name", name)));
        return result.content() + " " + result.isError();
    }

    @Test
    void rulesHoldForCallsOfMcpClients() {
        rules(
                """
                rules:
                  - { id: not-eve, why: Ask ann., tools: [greet], workflows: [mcp], when: args.name == 'Eve', then: forbid }
                  - { id: operators, tools: [greet], when: "'operator' in actor.roles && actor.name == 'ada'", then: permit }
                """);
        try (McpSyncClient client = client("ada")) {
            assertThat(greeted(client, "Bob")).contains("Bob").doesNotContain("refused");
            assertThat(greeted(client, "Eve")).contains("refused", "rule not-eve forbids it: Ask ann.", "true");

            rules("rules: [{ id: others, tools: [greet], when: \"!('viewer' in actor.roles)\", then: forbid }]");
            assertThat(greeted(client, "Bob")).contains("rule others forbids it");
        }
    }
}
