package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.ToolInvocation;
import io.drover.json.Json;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

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
                    ResultContent.reason(result), current.context().tools().changesNothing(tool.name()));
        }
        exchange.getMessage().setBody(ResultContent.value(result));
    }
}
