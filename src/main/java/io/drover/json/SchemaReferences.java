package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The references of a schema, which are looked at when it is loaded: the validator would follow most of them much later. */
final class SchemaReferences {

    private static final String REF = "$ref";
    private static final Set<String> KEYWORDS = Set.of(REF, "$dynamicRef", "$recursiveRef");

    /** Below these a {@code $ref} is a value, not a keyword. */
    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples", "example");

    private final JsonNode document;
    private final Map<String, Set<String>> references = new TreeMap<>();

    private SchemaReferences(JsonNode document) {
        this.document = document;
    }

    /**
     * The schema with each of its references at its top, so that resolving the top resolves all of them.
     *
     * @throws IllegalArgumentException when one of them leads to nothing but itself
     */
    static JsonNode atTop(JsonNode document) {
        SchemaReferences found = new SchemaReferences(document);
        found.walk(document, true);
        if (found.references.isEmpty() || !(document instanceof ObjectNode object)) {
            return document;
        }
        found.references.getOrDefault(REF, Set.of()).forEach(found::checkEnd);
        ObjectNode top = object.deepCopy();
        ArrayNode all = top.path("allOf") instanceof ArrayNode there ? there : top.putArray("allOf");
        found.references.forEach(
                (keyword, targets) -> targets.forEach(target -> all.addObject().put(keyword, target)));
        return top;
    }

    private void walk(JsonNode node, boolean top) {
        if (node instanceof ArrayNode) {
            node.forEach(item -> walk(item, false));
        }
        // A part with an id of its own has another base; its references are resolved when they are first followed.
        if (!(node instanceof ObjectNode object) || !top && (object.has("$id") || object.has("id"))) {
            return;
        }
        for (String keyword : KEYWORDS) {
            if (object.path(keyword).isTextual()) {
                references
                        .computeIfAbsent(keyword, key -> new TreeSet<>())
                        .add(object.path(keyword).textValue());
            }
        }
        object.properties().forEach(member -> {
            if (!VALUES.contains(member.getKey())) {
                walk(member.getValue(), false);
            }
        });
    }

    private void checkEnd(String reference) {
        Set<String> seen = new HashSet<>();
        String next = reference;
        while (next.startsWith("#/") || next.equals("#")) {
            if (!seen.add(next)) {
                throw new IllegalArgumentException("the schema cannot be used: the $ref '%s' leads only to itself"
                        .formatted(Excerpt.of(reference)));
            }
            JsonNode target = document.at(next.substring(1));
            if (!target.path(REF).isTextual()) {
                return;
            }
            next = target.path(REF).textValue();
        }
    }
}
