package io.drover.mcp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error in the form of JSON-RPC.
 * Without a session, the SDK's transport would write the exception itself, with its stack trace.
 */
final class ErrorAnswer extends StdSerializer<McpError> {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswer.class);
    private static final String UNREADABLE = "Invalid message format"; // what follows are words of the parser

    /** The SDK's words for faults of the client, which it calls its own: its code for them is that of an internal error. */
    private static final Map<String, String> CLIENTS = Map.of(
            "Session not found",
                    "there is no such session here: it has ended, or another process has it; initialize a new one",
            "Error processing message: Unexpected response", "the message answers no request of this session");

    ErrorAnswer() {
        super(McpError.class);
    }

    @Override
    public void serialize(McpError failure, JsonGenerator json, SerializerProvider provider) throws IOException {
        JSONRPCError error = failure.getJsonRpcError();
        json.writeStartObject();
        json.writeStringField("jsonrpc", McpSchema.JSONRPC_VERSION);
        json.writeNullField("id");
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", code(error));
        json.writeStringField("message", message(error));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The SDK does not tell what is no JSON from what is no message. */
    private static int code(JSONRPCError error) {
        if (clients(error) != null) {
            return McpSchema.ErrorCodes.INVALID_REQUEST;
        }
        if (!error.message().startsWith(UNREADABLE)) {
            return error.code();
        }
        return error.message().contains(MessageMapper.NO_MESSAGE)
                ? McpSchema.ErrorCodes.INVALID_REQUEST
                : McpSchema.ErrorCodes.PARSE_ERROR;
    }

    private static String message(JSONRPCError error) {
        String ofClient = clients(error);
        if (ofClient != null) {
            return ofClient;
        }
        if (error.code() == McpSchema.ErrorCodes.INTERNAL_ERROR) {
            LOG.error("a message of an MCP client failed: {}", error.message()); // the SDK's own log is off
            return "the request failed inside Drover; the log has the cause";
        }
        if (!error.message().startsWith(UNREADABLE)) {
            return error.message();
        }
        return code(error) == McpSchema.ErrorCodes.PARSE_ERROR
                ? "the body is not usable JSON"
                : "the body is not one message of JSON-RPC 2.0";
    }

    private static @Nullable String clients(JSONRPCError error) {
        return CLIENTS.entrySet().stream()
                .filter(known -> error.message().startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
