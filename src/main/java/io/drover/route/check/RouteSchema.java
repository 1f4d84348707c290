package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.ComponentModel.EndpointOptionModel;

/**
 * The schema of a route file: Camel's canonical form, as {@link CanonicalForm} reads it, with the options of our endpoints.
 * It lets a scalar be another type where Camel reads it, and a placeholder where there may be one.
 */
final class RouteSchema {

    /** A placeholder, an expression in Simple, or a bean, whose value is known later. */
    private static final String LATER = "\\{\\{|\\$\\{|\\$simple\\{|^#";

    private static final String TIME =
            "^\\s*(?:\\d+|(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?(?:\\d+ms)?|[Pp][0-9DHMSTdhmst.]+)\\s*$";

    private static final Set<String> MAPS = Set.of("properties", "definitions", "patternProperties");
    private static final Set<String> LISTS = Set.of("oneOf", "anyOf", "allOf");
    private static final Set<String> SCHEMAS = Set.of("items", "not", "additionalProperties");

    private RouteSchema() {}

    static ObjectNode document() {
        ObjectNode schema = CanonicalSchema.document();
        relax(schema);
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "A route file of Drover: one route in Camel's YAML DSL");
        schema.put("minItems", 1).put("maxItems", 1);
        ObjectNode entry = (ObjectNode) schema.path("items");
        entry.withArray("required").add("route");
        ((ObjectNode) entry.path("properties")).retain("route");
        ObjectNode definitions = (ObjectNode) entry.path("definitions");
        ((ObjectNode) definitions.path("org.apache.camel.model.RouteDefinition"))
                .withArray("required")
                .add("id");
        for (String name : new TreeSet<>(Components.OURS)) {
            ComponentModel model = Components.CATALOG.componentModel(name);
            definitions.set(definition(name, true), parameters(model, true));
            definitions.set(definition(name, false), parameters(model, false));
        }
        definitions.properties().forEach(definition -> endpoints(definition.getKey(), definition.getValue()));
        return schema;
    }

    private static String definition(String component, boolean consumer) {
        return "io.drover.%s.%s".formatted(consumer ? "from" : "to", component);
    }

    /** A step with an endpoint of ours has its options. */
    private static void endpoints(String name, JsonNode definition) {
        JsonNode properties = definition.path("properties");
        if (!properties.has("uri") || !properties.has("parameters")) {
            return;
        }
        ArrayNode all = ((ObjectNode) definition).withArray("allOf");
        for (String component : new TreeSet<>(Components.OURS)) {
            ObjectNode choice = all.addObject();
            ObjectNode condition = choice.putObject("if");
            condition.withArray("required").add("uri");
            condition.putObject("properties").putObject("uri").put("pattern", "^%s(?::|$)".formatted(component));
            choice.putObject("then")
                    .putObject("properties")
                    .putObject("parameters")
                    .put("$ref", "#/items/definitions/" + definition(component, name.contains("From")));
        }
    }

    private static ObjectNode parameters(ComponentModel model, boolean consumer) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("description", model.getDescription());
        ObjectNode properties = schema.putObject("properties");
        String other = consumer ? "producer" : "consumer";
        List<EndpointOptionModel> options = new ArrayList<>(model.getEndpointPathOptions());
        options.addAll(model.getEndpointParameterOptions());
        for (EndpointOptionModel option : options) {
            if (List.of(String.valueOf(option.getLabel()).split(",")).contains(other)) {
                continue;
            }
            if (option.isMultiValue()) {
                schema.withObject("/patternProperties")
                        .putObject("^%s.".formatted(option.getPrefix().replace(".", "\\.")))
                        .put("description", option.getDescription())
                        .set("type", types("string", "number", "boolean", "null"));
            } else {
                properties.set(option.getName(), value(option));
            }
        }
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode value(EndpointOptionModel option) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.put("description", option.getDescription());
        if (option.getDefaultValue() != null) {
            value.put("default", option.getDefaultValue().toString());
        }
        if (option.getEnums() != null && !option.getEnums().isEmpty()) {
            oneOf(value, option.getEnums());
            return value;
        }
        switch (option.getType()) {
            case "boolean" -> flag(value);
            case "integer" -> written(value, "integer", "^\\s*[+-]?\\d+\\s*$");
            case "number" -> written(value, "number", "^\\s*[+-]?[\\d.]+(?:[eE][+-]?\\d+)?\\s*$");
            case "duration" -> written(value, "integer", TIME);
            default -> value.set("type", types("string", "number", "boolean", "null"));
        }
        return value;
    }

    private static void flag(ObjectNode schema) {
        written(schema, "boolean", "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$");
    }

    private static void written(ObjectNode schema, String type, String pattern) {
        schema.set("type", types(type, "string"));
        schema.put("pattern", "%s|%s".formatted(pattern, LATER));
    }

    /** The choices, which an editor offers, or one in other letters. */
    private static void oneOf(ObjectNode schema, List<String> choices) {
        StringBuilder anyCase = new StringBuilder();
        for (String choice : choices) {
            choice.chars()
                    .forEach(c -> anyCase.append(
                            Character.isLetter(c)
                                    ? "[%c%c]".formatted(Character.toUpperCase(c), Character.toLowerCase(c))
                                    : Character.isDigit(c) ? Character.toString(c) : "\\" + Character.toString(c)));
            anyCase.append('|');
        }
        ArrayNode forms = schema.putArray("anyOf");
        choices.forEach(forms.addObject().putArray("enum")::add);
        forms.addObject()
                .put("type", "string")
                .put("pattern", "^(?:%s)$|%s".formatted(anyCase.substring(0, anyCase.length() - 1), LATER));
    }

    private static ArrayNode types(String... names) {
        ArrayNode types = JsonNodeFactory.instance.arrayNode();
        for (String name : names) {
            types.add(name);
        }
        return types;
    }

    /** Lets scalars be what Camel makes of them, below a schema of Camel. */
    private static void relax(JsonNode node) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        for (Map.Entry<String, JsonNode> member : List.copyOf(schema.properties())) {
            if (MAPS.contains(member.getKey())) {
                member.getValue().forEach(RouteSchema::relax);
            } else if (LISTS.contains(member.getKey())) {
                member.getValue().forEach(RouteSchema::relax);
            } else if (SCHEMAS.contains(member.getKey())) {
                relax(member.getValue());
            }
        }
        if (schema.path("enum") instanceof ArrayNode choices) {
            List<String> names = new ArrayList<>();
            choices.forEach(choice -> names.add(choice.asText()));
            schema.remove(List.of("enum", "type"));
            oneOf(schema, names);
            return;
        }
        switch (schema.path("type").asText()) {
            case "string" -> schema.set("type", types("string", "number", "boolean", "null"));
            case "boolean" -> flag(schema);
            case "number", "integer" -> written(schema, "number", "^-?\\d+$");
            default -> {}
        }
    }
}
