package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a file is not in Camel's canonical form.
 *
 * @param message what the schema says
 * @param node    where it is so
 * @param holder  the mapping whose member the node is, or null
 * @param line    of the node, or of the name that it has
 * @param names   the names and indexes on the way to it
 */
record Deviation(ValidationMessage message, Yaml node, @Nullable Yaml holder, int line, List<String> names) {

    /** Read with the first directory that is validated: no process that runs routes needs it. */
    private static final class Canonical {
        static final JsonNode DOCUMENT = CanonicalSchema.document();
        static final JsonSchema SCHEMA =
                JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(DOCUMENT);
    }

    static List<Deviation> of(Yaml root) {
        List<Deviation> found = new ArrayList<>();
        for (ValidationMessage message : Canonical.SCHEMA.validate(root.json())) {
            Deviation deviation = at(root, message);
            if (deviation != null) {
                found.add(deviation);
            }
        }
        return found;
    }

    private static @Nullable Deviation at(Yaml root, ValidationMessage message) {
        JsonNodePath path = message.getInstanceLocation();
        Yaml node = root;
        Yaml holder = null;
        int line = node.line();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < path.getNameCount() && node != null; i++) {
            Object step = path.getElement(i);
            names.add(step.toString());
            Yaml next = step instanceof Integer index ? node.items().get(index) : node.get(step.toString());
            if (step instanceof String name) {
                line = lineOfKey(node, name);
            } else if (next != null) {
                line = next.line();
            }
            holder = node.isMapping() ? node : null;
            node = next;
        }
        boolean isRead =
                node == null || node.isScalar() && (node.text().contains("{{") || isRead(message, node.text()));
        return node == null || isRead // a placeholder may stand for any type
                ? null
                : new Deviation(message, node, holder, line, names);
    }

    /** Whether Camel reads a scalar although YAML gives it another type or its word other letters. */
    private static boolean isRead(ValidationMessage message, String text) {
        String rule = message.getMessage();
        if (message.getType().equals("enum")) {
            for (JsonNode choice : message.getSchemaNode()) {
                if (choice.asText().equalsIgnoreCase(text)) {
                    return true;
                }
            }
            return false;
        }
        return message.getType().equals("type")
                && (rule.endsWith("string expected")
                        || rule.endsWith("boolean expected") && text.matches("(?i)true|false")
                        || rule.matches(".*(?:number|integer) expected") && text.matches("-?\\d+"));
    }

    /** Whether a scalar stands for an object. */
    boolean isShortValue() {
        return message.getType().equals("type")
                && node.isScalar()
                && message.getMessage().contains("object expected");
    }

    /** The name that is not known there, or null. */
    @Nullable
    String unknown() {
        return message.getType().equals("additionalProperties") ? message.getProperty() : null;
    }

    /** Whether what stands there may have an option, written as an object. */
    boolean mayHave(String option) {
        String keyword = message.getSchemaLocation().getFragment().toString();
        JsonNode definition = Canonical.DOCUMENT.at(keyword.substring(0, keyword.lastIndexOf('/')));
        return definition.path("properties").has(option);
    }

    /** The last name on the way, without indexes; empty at the top. */
    String name() {
        return names.reversed().stream()
                .filter(name -> !name.matches("\\d+"))
                .findFirst()
                .orElse("");
    }

    static int lineOfKey(Yaml mapping, String name) {
        return mapping.members().stream()
                .filter(member -> member.name().equals(name))
                .mapToInt(member -> member.key().line())
                .findFirst()
                .orElse(mapping.line());
    }
}
