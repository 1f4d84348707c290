package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Schema;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arguments of a call as its result, as far as they fit, and what else the schema of the result requires. */
final class Echo {

    private static final String MARK = "dryRun";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 16;
    private static final int MOST_NODES = 10_000;
    private static final int MOST_ELEMENTS = 100;
    private static final int LONGEST = 1_000;

    private final JsonNode root;
    private int made;

    private Echo(JsonNode root) {
        this.root = root;
    }

    /** @param schema of the result; without one, a mark shows that nothing was done */
    static JsonNode of(JsonNode arguments, @Nullable Schema schema) {
        if (schema != null) {
            return new Echo(schema.schema()).made(schema.schema(), arguments, 0);
        }
        if (arguments instanceof ObjectNode object && !object.has(MARK)) {
            return object.deepCopy().put(MARK, true);
        }
        return arguments;
    }

    private JsonNode made(JsonNode schema, @Nullable JsonNode like, int depth) {
        if (depth > DEEPEST || ++made > MOST_NODES) {
            return NODES.nullNode();
        }
        if (schema.path("$ref").asText().startsWith("#/")) {
            return made(root.at(schema.get("$ref").asText().substring(1)), like, depth + 1);
        }
        JsonNode given = Stream.of(
                        schema.path("const"),
                        schema.path("default"),
                        schema.path("enum").path(0),
                        schema.path("examples").path(0))
                .filter(node -> !node.isMissingNode())
                .findFirst()
                .orElse(null);
        if (given != null) {
            return given;
        }
        for (String choice : new String[] {"oneOf", "anyOf", "allOf"}) {
            if (schema.path(choice).has(0) && !schema.has("type")) {
                return made(schema.get(choice).get(0), like, depth + 1);
            }
        }
        return ofType(schema, type(schema), like, depth);
    }

    private JsonNode ofType(JsonNode schema, String type, @Nullable JsonNode like, int depth) {
        if (like != null && !type.equals("object") && isOf(type, like)) {
            return like;
        }
        return switch (type) {
            case "object" -> object(schema, like, depth);
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                int least = Math.min(MOST_ELEMENTS, schema.path("minItems").asInt());
                while (array.size() < least) {
                    array.add(made(schema.path("items"), null, depth + 1));
                }
                yield array;
            }
            case "string" ->
                NODES.textNode(
                        "-".repeat(Math.min(LONGEST, schema.path("minLength").asInt())));
            case "integer", "number" -> schema.has("minimum") ? schema.get("minimum") : NODES.numberNode(0);
            case "boolean" -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private ObjectNode object(JsonNode schema, @Nullable JsonNode like, int depth) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties").properties().forEach(property -> {
            JsonNode same = like == null ? null : like.get(property.getKey());
            boolean fits = same != null && isOf(type(property.getValue()), same);
            if (fits || isRequired(schema, property.getKey())) {
                object.set(property.getKey(), made(property.getValue(), fits ? same : null, depth + 1));
            }
        });
        return object;
    }

    private static boolean isRequired(JsonNode schema, String name) {
        for (JsonNode required : schema.path("required")) {
            if (required.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The first type that it names; an object where it only has properties. */
    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        String first = type.isArray() ? type.path(0).asText() : type.asText();
        return first.isEmpty() && schema.has("properties") ? "object" : first;
    }

    private static boolean isOf(String type, JsonNode value) {
        return value.getNodeType().name().toLowerCase(Locale.ROOT).equals(type)
                || type.equals("integer") && value.isIntegralNumber();
    }
}
