package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A request to a tool.
 *
 * @param arguments an object
 * @param payload   what the tool's steps get beside the arguments and the journal does not hold, see {@link ToolInvocation#payload}
 * @param id        the caller's own name of the call, for traces, or null
 */
public record ToolRequest(String tool, JsonNode arguments, @Nullable Object payload, @Nullable String id) {

    public ToolRequest(String tool, JsonNode arguments) {
        this(tool, arguments, null, null);
    }

    /** The same of another tool. */
    ToolRequest of(String other) {
        return new ToolRequest(other, arguments, payload, id);
    }
}
