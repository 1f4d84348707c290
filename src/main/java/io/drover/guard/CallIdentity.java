package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.util.UUID;

/**
 * Which call it is.
 *
 * @param address  what it is known by
 * @param document its canonical arguments
 * @param afresh   whether its answer must be of now, and not one that was kept for other calls
 */
record CallIdentity(
        TaskContext context, GuardedTool tool, UUID address, ToolRequest request, String document, boolean afresh) {

    CallIdentity(TaskContext context, GuardedTool tool, UUID address, ToolRequest request, String document) {
        this(context, tool, address, request, document, false);
    }

    /** A call whose answer must be of now. */
    static CallIdentity afresh(TaskContext context, GuardedTool tool, UUID address, ToolRequest request) {
        return new CallIdentity(context, tool, address, request, Json.canonical(request.arguments()), true);
    }

    JsonNode arguments() {
        return request.arguments();
    }
}
