package io.drover.mcp;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The SDK's JSON, which takes nothing for a message that is none: its transport would fail on it. */
final class MessageMapper implements McpJsonMapper {

    /** What {@link ErrorAnswer} knows valid JSON by that is no message. */
    static final String NO_MESSAGE = "not one message of JSON-RPC 2.0";

    private final McpJsonMapper mapper;

    MessageMapper(McpJsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public <T> T readValue(String content, TypeRef<T> type) throws IOException {
        T value;
        try {
            value = mapper.readValue(content, type);
        } catch (MismatchedInputException e) { // JSON, but no object
            throw new IOException(NO_MESSAGE);
        }
        if (value == null || value instanceof Map<?, ?> message && !isMessage(message)) {
            throw new IOException(NO_MESSAGE);
        }
        return value;
    }

    private static boolean isMessage(Map<?, ?> message) {
        Object id = message.get("id");
        Object params = message.get("params");
        if (!"2.0".equals(message.get("jsonrpc"))
                || !(id instanceof String || id instanceof Number || !message.containsKey("id"))) {
            return false;
        }
        if (!message.containsKey("method")) {
            return id != null && (message.containsKey("result") || message.get("error") instanceof Map<?, ?>);
        }
        boolean initialize = McpSchema.METHOD_INITIALIZE.equals(message.get("method"));
        return message.get("method") instanceof String
                && (params instanceof Map<?, ?> || params == null && !initialize)
                && (!initialize || isInitialize(params));
    }

    private static boolean isInitialize(@Nullable Object params) {
        return params instanceof Map<?, ?> request
                && request.get("protocolVersion") instanceof String
                && request.get("capabilities") instanceof Map<?, ?>
                && request.get("clientInfo") instanceof Map<?, ?>;
    }

    @Override
    public <T> T readValue(String content, Class<T> type) throws IOException {
        return mapper.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, Class<T> type) throws IOException {
        return mapper.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
        return mapper.readValue(content, type);
    }

    @Override
    public <T> T convertValue(Object value, Class<T> type) {
        return mapper.convertValue(value, type);
    }

    @Override
    public <T> T convertValue(Object value, TypeRef<T> type) {
        return mapper.convertValue(value, type);
    }

    @Override
    public String writeValueAsString(Object value) throws IOException {
        return mapper.writeValueAsString(value);
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws IOException {
        return mapper.writeValueAsBytes(value);
    }
}
