package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool as a model sees it.
 *
 * @param tool      what is called
 * @param arguments what the model may say
 * @param key       the key of the memory that it works on, which the model neither sees nor chooses; null for other tools
 */
record Function(String tool, String description, Schema arguments, @Nullable String key) {

    private static final Schema ANYTHING = Schema.ofSchema("{}");

    /** A tool of which only the name is known. */
    static Function named(String tool) {
        return new Function(tool, "", ANYTHING, null);
    }

    /** The problems of the model's arguments that the tool's own schema would not find. */
    List<String> problems(JsonNode said) {
        return key == null ? List.of() : arguments.problems(said);
    }

    /** The arguments that the tool is called with. */
    JsonNode complete(JsonNode said) {
        return key == null ? said : ((ObjectNode) said).put("key", key);
    }
}
