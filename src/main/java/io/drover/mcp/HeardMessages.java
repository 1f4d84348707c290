package io.drover.mcp;

import static io.drover.mcp.ServerMessages.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.tool.HttpAnswerException;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages that a server sends by itself: a changed list is passed on, a request is answered. */
final class HeardMessages implements AwaitedAnswer.Other {

    private static final Logger LOG = LoggerFactory.getLogger(HeardMessages.class);
    private static final Duration REPLY = Duration.ofSeconds(5);

    private final Runnable listChanged;
    private final ServerMessages messages;

    /** @param listChanged is told when the server says that its tools have changed */
    HeardMessages(Runnable listChanged, ServerMessages messages) {
        this.listChanged = listChanged;
        this.messages = messages;
    }

    @Override
    public void heard(JsonNode message) throws Exception {
        String method = message.path("method").asText();
        if (method.equals(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED)) {
            listChanged.run();
        } else if (message.has("method") && message.has("id")) {
            boolean known = method.equals(McpSchema.METHOD_PING);
            Object value = known
                    ? Map.of()
                    : Map.of("code", ErrorCodes.METHOD_NOT_FOUND, "message", "Drover answers ping only");
            reply(message("id", message.get("id"), known ? "result" : "error", value));
        }
    }

    /** The outcome of a reply says nothing about the current call, whose answer still comes. */
    private void reply(Map<String, Object> message) throws Exception {
        try {
            messages.send(message, REPLY);
        } catch (IOException | HttpAnswerException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.debug("A reply to the server was not taken", e);
        }
    }
}
