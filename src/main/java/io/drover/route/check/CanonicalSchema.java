package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The schema of Camel's YAML DSL in its canonical form. Camel ships the classic schema; what it offers as a choice between
 * a shorthand and the explicit form is reduced here to the explicit form.
 */
final class CanonicalSchema {

    private static final String CLASSIC = "/schema/camelYamlDsl.json";
    private static final String EXPRESSION = "#/items/definitions/org.apache.camel.model.language.ExpressionDefinition";

    private CanonicalSchema() {}

    /** A copy of its own for each caller. */
    static ObjectNode document() {
        try (InputStream in = CanonicalSchema.class.getResourceAsStream(CLASSIC)) {
            if (in == null) {
                throw new IllegalStateException("camel-yaml-dsl holds no " + CLASSIC);
            }
            ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(in);
            ObjectNode definitions = (ObjectNode) schema.path("items").path("definitions");
            for (String name : names(definitions)) {
                definitions.set(name, canonical((ObjectNode) definitions.get(name)));
            }
            return schema;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode canonical(ObjectNode definition) {
        ObjectNode explicit = definition;
        for (JsonNode form : definition.path("oneOf")) {
            if (form.path("type").asText().equals("object")) {
                explicit = (ObjectNode) form;
            }
        }
        JsonNode choices = explicit.remove("anyOf");
        if (choices != null && explicit.path("properties") instanceof ObjectNode properties) {
            Set<String> chosen = new HashSet<>();
            boolean implicit = false;
            for (JsonNode choice : choices) {
                for (JsonNode option : choice.path("oneOf")) {
                    implicit |= option.path("$ref").asText().equals(EXPRESSION);
                    option.path("properties").properties().forEach(property -> {
                        chosen.add(property.getKey());
                        properties.set(property.getKey(), property.getValue());
                    });
                }
            }
            if (implicit) {
                for (String name : names(properties)) {
                    if (properties.get(name).isEmpty() && !chosen.contains(name)) {
                        properties.remove(name); // a language that stands without `expression`
                    }
                }
            }
        }
        return explicit;
    }

    private static List<String> names(ObjectNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
