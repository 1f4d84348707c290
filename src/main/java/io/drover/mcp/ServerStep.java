package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.ToolInvocation;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** Calls a server's tool, inside the guard. */
final class ServerStep implements Processor {

    private final ExternalServer server;
    private final RemoteTool tool;

    ServerStep(ExternalServer server, RemoteTool tool) {
        this.server = server;
        this.tool = tool;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        ToolInvocation current = ToolInvocation.of(exchange);
        JsonNode result = server.call(
                tool.remoteName(), current.arguments(), current.idempotencyKey().toString());
        String unfit = Json.problem(result);
        if (unfit != null) {
            throw new ServerErrorException("the result holds " + unfit);
        }
        if (result.path("isError").asBoolean()) {
            throw ServerFailures.error(
                    text(result.path("content")), current.context().tools().changesNothing(tool.name()));
        }
        exchange.getMessage().setBody(value(result));
    }

    /** What is structured as it is; texts as text; anything else, such as images, as the protocol has it. */
    private static @Nullable Object value(JsonNode result) {
        if (result.path("structuredContent").isObject()) {
            return Json.value(result.path("structuredContent"));
        }
        JsonNode content = result.path("content");
        for (JsonNode part : content) {
            if (!part.path("type").asText().equals("text")) {
                return Json.value(content);
            }
        }
        return text(content);
    }

    private static String text(JsonNode content) {
        List<String> texts = new ArrayList<>();
        content.forEach(part -> texts.add(part.path("text").asText()));
        return String.join("\n", texts);
    }
}
