package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.guard.GuardedTool;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRegistry;
import io.drover.tool.ToolSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which tools clients are offered, and what they are told of them. */
@Component
class ServedTools {

    static final String TAG = "mcp";

    private final ToolCalls calls;

    ServedTools(ToolCalls calls) {
        this.calls = calls;
    }

    /** Whether a tool is for clients at all; policy is asked separately. What clients ask for is recorded as it is. */
    static boolean isServed(@Nullable GuardedTool tool) {
        return tool != null
                && tool.spec().tags().contains(TAG)
                && tool.spec().redaction().isNone();
    }

    /** Those that have the tag and that policy lets clients call, as {@code tools/list} answers. */
    List<Map<String, Object>> list(ToolRegistry.Generation tools) {
        return tools.all().values().stream()
                .filter(ServedTools::isServed)
                .map(GuardedTool::spec)
                .filter(spec -> calls.isAllowed(CallWorkflow.NAME, spec))
                .map(ServedTools::describe)
                .toList();
    }

    private static Map<String, Object> describe(ToolSpec tool) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", tool.name());
        description.put("description", tool.description());
        description.put("inputSchema", objectSchema(tool.arguments().schema()));
        description.put(
                "annotations",
                Map.of(
                        "readOnlyHint", tool.readOnly(),
                        "destructiveHint", tool.destructive(),
                        "idempotentHint", tool.idempotent(),
                        "openWorldHint", tool.openWorld()));
        return description;
    }

    /** The protocol requires the type to be written, although arguments are always an object. */
    private static JsonNode objectSchema(JsonNode schema) {
        ObjectNode object = schema.isObject() ? schema.deepCopy() : JsonNodeFactory.instance.objectNode();
        return object.put("type", "object");
    }
}
