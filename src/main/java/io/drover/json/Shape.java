package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What several documents have in common, and in what another one differs from that. */
public final class Shape {

    private static final int MOST = 20;
    private static final int MOST_ELEMENTS = 100;
    private static final int DEEPEST = 32;

    private final List<String> differences = new ArrayList<>();

    private Shape() {}

    /**
     * Says what a document lacks of what all samples have: a field, a type, a text, object or list that is not empty. What it
     * has beyond the samples is no difference.
     *
     * @return at most 20 sentences about a JSON path, none if the document is like the samples or if there are none
     */
    public static List<String> differences(List<JsonNode> samples, JsonNode document) {
        Shape shape = new Shape();
        if (!samples.isEmpty()) {
            shape.compare("$", samples, document, 0);
        }
        return shape.differences;
    }

    private void compare(String path, List<JsonNode> known, JsonNode value, int depth) {
        if (differences.size() >= MOST || depth > DEEPEST) {
            return;
        }
        Set<JsonNodeType> types = EnumSet.noneOf(JsonNodeType.class);
        known.forEach(sample -> types.add(sample.getNodeType()));
        if (types.equals(EnumSet.of(JsonNodeType.NULL))) {
            return; // nothing is known of it
        }
        if (!types.contains(value.getNodeType())) {
            differences.add("%s is %s, not %s".formatted(path, word(value.getNodeType()), words(types)));
        } else if (isEmpty(value) && known.stream().noneMatch(Shape::isEmpty)) {
            differences.add("%s is empty".formatted(path));
        } else if (value.isObject()) {
            compareFields(path, known, value, depth);
        } else if (value.isArray()) {
            compareElements(path, known, value, depth);
        }
    }

    private void compareFields(String path, List<JsonNode> known, JsonNode value, int depth) {
        List<JsonNode> objects = known.stream().filter(JsonNode::isObject).toList();
        Set<String> names = new LinkedHashSet<>();
        objects.forEach(object -> object.fieldNames().forEachRemaining(names::add));
        for (String name : names) {
            List<JsonNode> having =
                    objects.stream().filter(object -> object.has(name)).toList();
            if (value.has(name)) {
                compare(
                        path + "." + name,
                        having.stream().map(object -> object.get(name)).toList(),
                        value.get(name),
                        depth + 1);
            } else if (having.size() == objects.size() && differences.size() < MOST) {
                differences.add("%s has no field '%s'".formatted(path, name));
            }
        }
    }

    private void compareElements(String path, List<JsonNode> known, JsonNode value, int depth) {
        List<JsonNode> elements = new ArrayList<>();
        for (JsonNode sample : known) {
            for (int i = 0; sample.isArray() && i < sample.size() && elements.size() < MOST_ELEMENTS; i++) {
                elements.add(sample.get(i));
            }
        }
        int compared = elements.isEmpty() ? 0 : Math.min(value.size(), MOST_ELEMENTS);
        for (int i = 0; i < compared; i++) {
            compare("%s[%d]".formatted(path, i), elements, value.get(i), depth + 1);
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isTextual() ? value.textValue().isBlank() : value.isContainerNode() && value.isEmpty();
    }

    private static String words(Set<JsonNodeType> types) {
        return types.stream().map(Shape::word).collect(Collectors.joining(" or "));
    }

    private static String word(JsonNodeType type) {
        return switch (type) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> type.name().toLowerCase(Locale.ROOT);
        };
    }
}
