package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import io.drover.memory.MemoryTool;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool as a model sees it.
 *
 * @param tool       what is called
 * @param parameters the JSON Schema of what the model may say
 * @param key        the key of the memory that it works on, which the model neither sees nor chooses; null for other tools
 */
record Function(String tool, String description, JsonNode parameters, @Nullable String key) {

    /** A tool of which only the name is known. */
    static Function named(String tool) {
        return new Function(tool, "", JsonNodeFactory.instance.objectNode(), null);
    }

    /** The problems of the model's arguments that the tool's own schema would not find. */
    List<String> problems(JsonNode said) {
        return key == null
                ? List.of()
                : Arrays.stream(MemoryTool.values())
                        .filter(memory -> memory.toolName().equals(tool))
                        .flatMap(memory -> memory.argumentsWithoutKey().problems(said).stream())
                        .toList();
    }

    /** The arguments that the tool is called with. */
    JsonNode complete(JsonNode said) {
        return key == null ? said : ((ObjectNode) said).put("key", key);
    }

    /** Whether a model that knows the one knows what to say to the other. */
    boolean takesTheSameAs(Function other) {
        return parameters == other.parameters || Json.canonical(parameters).equals(Json.canonical(other.parameters));
    }
}
