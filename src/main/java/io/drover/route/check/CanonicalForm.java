package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;

/** The file is Camel's YAML DSL in its canonical form, which Kaoto opens and which has one spelling for each thing. */
final class CanonicalForm implements Check {

    /** Read with the first directory that is validated: no process that runs routes needs it. */
    private static final class Canonical {
        static final JsonSchema SCHEMA = CanonicalSchema.load();
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() == null) {
            return;
        }
        for (ValidationMessage message : Canonical.SCHEMA.validate(route.root().json())) {
            JsonNodePath path = message.getInstanceLocation();
            Yaml node = route.root();
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
                node = next;
            }
            if (node == null || node.isScalar() && (node.text().contains("{{") || isRead(message, node.text()))) {
                continue; // a placeholder may stand for any type
            }
            report(route, findings, message, node, line, names);
        }
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

    private static void report(
            RouteSource route, Findings findings, ValidationMessage message, Yaml node, int line, List<String> names) {
        String where = names.isEmpty() ? "the document" : "'%s'".formatted(lastName(names));
        switch (message.getType()) {
            case "additionalProperties" -> {
                String property = message.getProperty();
                String parent = names.isEmpty() ? "" : lastName(names);
                findings.add(route, lineOfKey(node, property), CanonicalHints.unknown(where, property, parent));
            }
            case "type" ->
                findings.add(
                        route,
                        line,
                        node.isScalar() && wantsObject(message)
                                ? CanonicalHints.shorthand(where, lastName(names))
                                : "%s: %s".formatted(where, text(message)));
            case "required" -> findings.add(route, line, "%s lacks '%s'".formatted(where, message.getProperty()));
            default -> findings.add(route, line, "%s: %s".formatted(where, text(message)));
        }
    }

    private static String lastName(List<String> names) {
        for (int i = names.size() - 1; i >= 0; i--) {
            if (!names.get(i).matches("\\d+")) {
                return names.get(i);
            }
        }
        return "the document";
    }

    private static boolean wantsObject(ValidationMessage message) {
        return message.getMessage().contains("object expected");
    }

    private static String text(ValidationMessage message) {
        String text = message.getMessage();
        int colon = text.indexOf(": ");
        return text.startsWith("$") && colon > 0 ? text.substring(colon + 2) : text;
    }

    private static int lineOfKey(Yaml mapping, String name) {
        return mapping.members().stream()
                .filter(member -> member.name().equals(name))
                .mapToInt(member -> member.key().line())
                .findFirst()
                .orElse(mapping.line());
    }
}
