package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.json.Redaction;
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

    /** The fields of its arguments and its result that are never stored. */
    Redaction redaction() {
        return tool.spec().redaction().and(request.redaction());
    }

    /** Its canonical arguments as the journal has them. */
    String recorded() {
        return redaction().in(document);
    }

    /** What the tool gets. */
    JsonNode arguments() {
        return request.arguments();
    }
}
