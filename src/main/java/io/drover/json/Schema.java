package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The schema of a tool's arguments or a workflow's input: a JSON Schema (draft 2020-12), checked on every call. */
public final class Schema {

    /** The keywords by which a schema itself says what undeclared properties may be. */
    private static final Set<String> OTHERS = Set.of("additionalProperties", "unevaluatedProperties");

    /** The part of a variable's name before it chooses where Camel keeps the variable, as in {@code global:x}. */
    private static final String COLON = ":";

    /** The keywords of a schema that may declare no argument; any other could, or could refuse to have none. */
    private static final Set<String> OF_NOTHING = Set.of(
            "$schema",
            "$id",
            "$comment",
            "title",
            "description",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "unevaluatedProperties");

    private static final Set<String> TYPES = Set.of("string", "number", "integer", "boolean", "object", "array");

    private final JsonNode document;
    private final BoundedSchema schema;
    private final boolean ofTool;

    private Schema(JsonNode document, JsonNode checked, boolean ofTool) {
        this.document = document;
        this.schema = BoundedSchema.of(checked);
        this.ofTool = ofTool;
    }

    /**
     * A schema document. A {@code $ref} to another document is refused: schemas are read from files here, never fetched.
     *
     * @throws IllegalArgumentException when it is not a JSON Schema
     */
    public static Schema ofSchema(String document) {
        try {
            JsonNode node = Json.parse(document);
            if (!node.isObject() && !node.isBoolean()) {
                throw new IllegalArgumentException(
                        "a JSON Schema is an object or a boolean, not " + node.getNodeType());
            }
            List<String> problems = SchemaLibrary.OF_SCHEMAS.problems(node);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("not a JSON Schema: " + String.join("; ", problems));
            }
            return new Schema(node, node, false);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + Json.reason(e), e);
        }
    }

    /**
     * Named parameters with their types; each is required unless its type ends in {@code ?}, others are rejected.
     *
     * @param types by name: string, number, integer, boolean, object or array
     */
    public static Schema ofTypes(Map<String, String> types) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Set<String> required = new TreeSet<>();
        types.forEach((name, declared) -> {
            if (name.contains(COLON)) {
                throw new IllegalArgumentException(
                        "parameter.%s: a name must not contain a colon, because an argument becomes a variable"
                                .formatted(name));
            }
            boolean optional = declared.endsWith("?");
            String type = optional ? declared.substring(0, declared.length() - 1) : declared;
            if (!TYPES.contains(type)) {
                throw new IllegalArgumentException(
                        "parameter.%s: '%s' is not a type; it must be one of %s, with '?' at the end if the argument may be left out"
                                .formatted(name, declared, new TreeSet<>(TYPES)));
            }
            properties.put(name, Map.of("type", type));
            if (!optional) {
                required.add(name);
            }
        });
        Map<String, Object> document = new LinkedHashMap<>(); // the same text in every process
        document.put("type", "object");
        document.put("properties", properties);
        document.put("required", required);
        document.put("additionalProperties", false);
        JsonNode schema = Json.tree(document);
        return new Schema(schema, schema, true);
    }

    /**
     * The same as arguments of a tool: an argument that the schema does not declare is refused, unless the schema
     * itself says what others may be. An argument whose name cannot be a variable's is refused too.
     */
    public Schema ofTool() {
        if (!(document instanceof ObjectNode object) || OTHERS.stream().anyMatch(object::has)) {
            return new Schema(document, document, true);
        }
        return new Schema(document, object.deepCopy().put("unevaluatedProperties", false), true);
    }

    /** The mistakes in a value, in words for its sender; empty if there are none. */
    public List<String> problems(JsonNode value) {
        String unfit = Json.problem(value);
        if (unfit != null) {
            return List.of("it holds " + unfit);
        }
        Stream<String> names = StreamSupport.stream(((Iterable<String>) value::fieldNames).spliterator(), false)
                .filter(name -> ofTool && name.contains(COLON))
                .map(name -> "the name of the argument '%s' must not contain a colon".formatted(Excerpt.of(name)));
        return Stream.concat(names, schema.problems(value).stream()).limit(10).toList();
    }

    /**
     * A constant that YAML provides as text, in the type that its argument declares: {@code 5} for a number, but "5"
     * for a string.
     */
    public JsonNode constant(String name, String text) {
        String type = document.path("properties").path(name).path("type").asText("string");
        if (!type.equals("string")) {
            try {
                return Json.parse(text);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                return TextNode.valueOf(text); // the schema's words are the better error
            }
        }
        return TextNode.valueOf(text);
    }

    /** Whether its tool takes no arguments: the schema declares none, and refuses others. */
    public boolean takesNothing() {
        boolean open = OTHERS.stream().anyMatch(others -> document.path(others).asBoolean(document.has(others)));
        return ofTool
                && document.isObject()
                && document.path("properties").isEmpty()
                && !open
                && StreamSupport.stream(((Iterable<String>) document::fieldNames).spliterator(), false)
                        .allMatch(OF_NOTHING::contains);
    }

    /** The schema as a JSON document. */
    public JsonNode schema() {
        return document;
    }
}
