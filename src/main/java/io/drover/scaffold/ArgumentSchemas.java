package io.drover.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Copies schemas of an OpenAPI document into one JSON Schema (draft 2020-12) for a tool.
 * What a {@code $ref} names becomes one of its {@code $defs}, so a schema that contains itself stays finite.
 * Keywords that JSON Schema does not have are left behind.
 */
final class ArgumentSchemas {

    private static final int DEEPEST = 40;
    private static final int MOST_NODES = 5_000;

    /** Values, which are copied as they are. */
    private static final Set<String> VALUES = Set.of(
            "type",
            "enum",
            "const",
            "default",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "required");

    private static final Set<String> TEXTS = Set.of("title", "description");
    private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties", "not");
    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");

    private final OpenApiDocument document;
    private final ObjectNode definitions = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> names = new HashMap<>();
    private int nodes;

    ArgumentSchemas(OpenApiDocument document) {
        this.document = document;
    }

    /** What the copies refer to, for the member {@code $defs}; empty if they refer to nothing. */
    ObjectNode definitions() {
        return definitions;
    }

    JsonNode copy(JsonNode schema) throws LeftOutException {
        return copy(schema, 0);
    }

    private JsonNode copy(JsonNode schema, int depth) throws LeftOutException {
        if (depth > DEEPEST || ++nodes > MOST_NODES) {
            throw new LeftOutException(
                    "its schemas have more than %d levels or %d parts; write the tool with a simpler argSchema"
                            .formatted(DEEPEST, MOST_NODES));
        }
        if (schema.isBoolean()) {
            return schema;
        }
        if (!schema.isObject()) {
            throw new LeftOutException("one of its schemas is no object; mend the document");
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        if (schema.path("$ref").isTextual()) {
            copy.put("$ref", "#/$defs/" + defined(schema.path("$ref").textValue(), depth));
        }
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            member(copy, member.getKey(), member.getValue(), depth);
        }
        ofVersion30(copy, schema);
        withoutAnswers(copy, schema);
        return copy;
    }

    private void member(ObjectNode copy, String keyword, JsonNode value, int depth) throws LeftOutException {
        if (VALUES.contains(keyword)) {
            copy.set(keyword, value);
        } else if (TEXTS.contains(keyword)) {
            copy.put(keyword, Foreign.line(value.asText(), 1000));
        } else if (SCHEMAS.contains(keyword)) {
            copy.set(keyword, copy(value, depth + 1));
        } else if (LISTS.contains(keyword)) {
            ArrayNode list = copy.putArray(keyword);
            for (JsonNode one : value) {
                list.add(copy(one, depth + 1));
            }
        } else if (keyword.equals("properties")) {
            ObjectNode properties = copy.putObject(keyword);
            for (Map.Entry<String, JsonNode> property : value.properties()) {
                properties.set(property.getKey(), copy(property.getValue(), depth + 1));
            }
        }
    }

    /** The name under which a definition is copied; once, before what it holds, which may refer to it. */
    private String defined(String reference, int depth) throws LeftOutException {
        String known = names.get(reference);
        if (known != null) {
            return known;
        }
        JsonNode definition = document.at(reference);
        String fit = Foreign.name(reference.substring(reference.lastIndexOf('/') + 1), 60);
        String name = fit;
        for (int i = 2; definitions.has(name); i++) {
            name = "%s_%d".formatted(fit, i);
        }
        names.put(reference, name);
        definitions.putObject(name);
        definitions.set(name, copy(definition, depth + 1));
        return name;
    }

    /** OpenAPI 3.0 has its own words for null, and for bounds that are excluded. */
    private static void ofVersion30(ObjectNode copy, JsonNode schema) {
        if (schema.path("nullable").asBoolean() && copy.path("type").isTextual()) {
            copy.putArray("type").add(schema.path("type")).add("null");
            if (copy.path("enum") instanceof ArrayNode values) {
                copy.set("enum", values.deepCopy().addNull());
            }
        }
        excluded(copy, "exclusiveMinimum", "minimum");
        excluded(copy, "exclusiveMaximum", "maximum");
    }

    private static void excluded(ObjectNode copy, String keyword, String bound) {
        if (copy.path(keyword).isBoolean()) {
            boolean excludes = copy.remove(keyword).booleanValue();
            if (excludes && copy.has(bound)) {
                copy.set(keyword, copy.remove(bound));
            }
        }
    }

    /** A property that is only read stands in answers, and is nothing to send. */
    private static void withoutAnswers(ObjectNode copy, JsonNode schema) {
        Set<String> read = new HashSet<>();
        schema.path("properties").properties().forEach(property -> {
            if (property.getValue().path("readOnly").asBoolean()) {
                read.add(property.getKey());
            }
        });
        if (read.isEmpty()) {
            return;
        }
        if (copy.path("properties") instanceof ObjectNode properties) {
            properties.remove(read);
        }
        if (copy.path("required") instanceof ArrayNode required) {
            ArrayNode left = copy.putArray("required");
            required.forEach(name -> {
                if (!read.contains(name.asText())) {
                    left.add(name);
                }
            });
        }
    }

    /** Whether a schema is surely about a list or an object, or surely about neither. */
    boolean isOf(JsonNode schema, Set<String> types) throws LeftOutException {
        JsonNode found = document.resolve(schema);
        Set<String> named = new TreeSet<>();
        if (found.path("type").isTextual()) {
            named.add(found.path("type").textValue().toLowerCase(Locale.ROOT));
        }
        found.path("type").forEach(type -> named.add(type.asText()));
        named.remove("null");
        return !named.isEmpty() && types.containsAll(named);
    }
}
