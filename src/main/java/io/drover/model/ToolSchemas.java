package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** The schemas of tools' arguments in the form that is sent to models; nothing that the schema says is lost. */
final class ToolSchemas {

    private static final String PROPERTIES = "properties";
    private static final String OTHERS = "additionalProperties";

    /** What some providers take at the root; below it they take everything. */
    private static final Set<String> PLAIN = Set.of(
            "$schema",
            "type",
            "title",
            "description",
            PROPERTIES,
            "required",
            OTHERS,
            "$defs",
            "definitions",
            "examples",
            "$comment");

    /** Keywords at the root that declare arguments, or say what others may be. */
    private static final List<String> DECLARES = List.of(
            OTHERS,
            "unevaluatedProperties",
            "patternProperties",
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
            "if",
            "dependentSchemas");

    private ToolSchemas() {}

    /** An object with properties, as all servers want, that says whether there may be others. */
    static Prompt.Tool whole(Prompt.Tool tool) {
        return new Prompt.Tool(tool.name(), tool.description(), object(tool.parameters()));
    }

    /** The same, with the keywords that the root must not have in the words of the description. */
    static Prompt.Tool plainRoot(Prompt.Tool tool) {
        ObjectNode root = object(tool.parameters());
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        root.properties().stream()
                .filter(keyword -> !PLAIN.contains(keyword.getKey()))
                .forEach(keyword -> rest.set(keyword.getKey(), keyword.getValue()));
        root.remove(List.copyOf(
                rest.propertyStream().map(java.util.Map.Entry::getKey).toList()));
        String description = rest.isEmpty()
                ? tool.description()
                : "%s\nThe arguments must also fit this JSON Schema: %s".formatted(tool.description(), rest);
        return new Prompt.Tool(tool.name(), description, root);
    }

    /** The same with each reference to a definition replaced by it, as far as a schema that contains itself allows. */
    static Prompt.Tool withoutReferences(Prompt.Tool tool) {
        ObjectNode root = object(tool.parameters());
        Inlined inlined = new Inlined(root);
        ObjectNode all = (ObjectNode) inlined.of(root, 0);
        String description = inlined.isWhole()
                ? tool.description()
                : "%s\nThe whole JSON Schema of the arguments: %s".formatted(tool.description(), tool.parameters());
        return new Prompt.Tool(tool.name(), description, all);
    }

    /** Replaces references below one root. */
    private static final class Inlined {

        private static final int DEEPEST = 20;
        private static final int MOST = 10_000;

        private final JsonNode root;
        private int nodes;
        private boolean whole = true;

        Inlined(JsonNode root) {
            this.root = root;
        }

        boolean isWhole() {
            return whole;
        }

        JsonNode of(JsonNode node, int depth) {
            if (depth > DEEPEST || ++nodes > MOST) {
                whole = false;
                return JsonNodeFactory.instance.objectNode();
            }
            if (node instanceof ArrayNode array) {
                ArrayNode all = JsonNodeFactory.instance.arrayNode();
                array.forEach(one -> all.add(of(one, depth + 1)));
                return all;
            }
            if (!(node instanceof ObjectNode object)) {
                return node;
            }
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            String reference = object.path("$ref").asText();
            if (reference.startsWith("#/")
                    && of(root.at(reference.substring(1)), depth + 1) instanceof ObjectNode one) {
                all.setAll(one);
            }
            object.properties().forEach(member -> {
                boolean definitions = node == root && member.getKey().matches("\\$defs|definitions");
                if (!member.getKey().equals("$ref") && !definitions) {
                    all.set(member.getKey(), of(member.getValue(), depth + 1));
                }
            });
            return all;
        }
    }

    private static ObjectNode object(JsonNode schema) {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("type", "object");
        root.putObject(PROPERTIES);
        if (schema instanceof ObjectNode said) {
            root.setAll(said.deepCopy());
        }
        if (DECLARES.stream().noneMatch(root::has)) {
            root.put(OTHERS, false); // other arguments are refused
        }
        return root;
    }
}
