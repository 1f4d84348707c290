package io.drover.mcp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;

/** An error as JSON-RPC has it. The SDK's transport writes the exception itself, with its stack trace, where no session is. */
final class ErrorAnswer extends StdSerializer<McpError> {

    private static final String UNREADABLE = "Invalid message format"; // what follows are words of the parser

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
        json.writeNumberField("code", error.code());
        json.writeStringField("message", message(error));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String message(JSONRPCError error) {
        if (error.code() == McpSchema.ErrorCodes.INTERNAL_ERROR) {
            return "the request failed inside Drover; the log has the cause";
        }
        return error.message().startsWith(UNREADABLE) ? "the body is not one message of JSON-RPC 2.0" : error.message();
    }
}
