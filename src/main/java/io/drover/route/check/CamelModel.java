package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.util.StringHelper;

/**
 * What the members of Camel's YAML are, as the schema says that Camel ships: with the shorthand, which it also reads. So
 * the value of an endpoint's parameter is never mistaken for a step that has the parameter's name.
 */
final class CamelModel {

    /** A file's entries, such as {@code route}. */
    static final String ENTRY = "entry";

    /** A value whose content the model says nothing about: text, or the parameters of an endpoint. */
    static final String PLAIN = "";

    static final String STEP = "org.apache.camel.model.ProcessorDefinition";

    private static final String SCHEMA = "/schema/camelYamlDsl.json";
    private static final String LANGUAGES = "org.apache.camel.model.language.";
    private static final String DATA_FORMATS = "org.apache.camel.model.dataformat.";
    static final String EXPRESSION = LANGUAGES + "ExpressionDefinition";

    /** By type, then by member. */
    private static final Map<String, Map<String, String>> TYPES = load();

    private CamelModel() {}

    /** The type of a member; {@link #PLAIN} also for one that Camel does not know. */
    static String type(String holder, String member) {
        return TYPES.getOrDefault(holder, Map.of()).getOrDefault(member, PLAIN);
    }

    /** The names of the members that a type has. */
    static Set<String> members(String type) {
        return TYPES.getOrDefault(type, Map.of()).keySet();
    }

    /** The name of a member; Camel reads {@code logging-level}, too. */
    static String name(String written) {
        return StringHelper.dashToCamelCase(written);
    }

    /** Whether a value is an expression in a language, such as {@code simple}. */
    static boolean isLanguage(String type) {
        return type.startsWith(LANGUAGES) && !type.equals(EXPRESSION);
    }

    static boolean isDataFormat(String type) {
        return type.startsWith(DATA_FORMATS);
    }

    private static Map<String, Map<String, String>> load() {
        try (InputStream in = CamelModel.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("camel-yaml-dsl holds no " + SCHEMA);
            }
            JsonNode items = new ObjectMapper().readTree(in).path("items");
            JsonNode definitions = items.path("definitions");
            Map<String, Map<String, String>> types = new HashMap<>();
            definitions.properties().forEach(entry -> {
                Map<String, String> members = new HashMap<>();
                collect(entry.getValue(), definitions, members);
                types.put(entry.getKey(), members);
            });
            Map<String, String> entries = new HashMap<>();
            collect(items, definitions, entries);
            types.put(ENTRY, entries);
            return types;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The members of all forms that a value may have. */
    private static void collect(JsonNode definition, JsonNode definitions, Map<String, String> members) {
        definition.path("properties").properties().forEach(member -> {
            String type = type(member.getValue());
            if (!type.equals(PLAIN) || !members.containsKey(member.getKey())) {
                members.put(member.getKey(), type);
            }
        });
        for (String choice : new String[] {"anyOf", "oneOf"}) {
            for (JsonNode form : definition.path(choice)) {
                String other = type(form);
                collect(other.equals(PLAIN) ? form : definitions.path(other), definitions, members);
            }
        }
    }

    private static String type(JsonNode member) {
        String reference =
                member.path("$ref").asText(member.path("items").path("$ref").asText());
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
