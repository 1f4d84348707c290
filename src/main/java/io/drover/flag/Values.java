package io.drover.flag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Value;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON as the values of OpenFeature, and back. */
final class Values {

    /** A structure of a provider may be nested without end. */
    private static final int DEEPEST = 50;

    private Values() {}

    static Value of(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> new Value(node.textValue());
            case BOOLEAN -> new Value(node.booleanValue());
            case NUMBER ->
                node.canConvertToExactIntegral() && node.canConvertToInt()
                        ? new Value(node.intValue())
                        : new Value(node.doubleValue());
            case ARRAY -> {
                List<Value> list = new ArrayList<>();
                node.forEach(item -> list.add(of(item)));
                yield new Value(list);
            }
            case OBJECT -> {
                Map<String, Value> members = new HashMap<>();
                node.properties().forEach(one -> members.put(one.getKey(), of(one.getValue())));
                yield new Value(new ImmutableStructure(members));
            }
            default -> new Value();
        };
    }

    /** Null where it is none, or JSON cannot hold it. */
    static @Nullable JsonNode json(@Nullable Value value) {
        if (value == null || value.isNull()) {
            return null;
        }
        JsonNode node = json(value, 0);
        return Json.problem(node) == null ? node : null;
    }

    private static JsonNode json(Value value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("the value is nested more than %d deep".formatted(DEEPEST));
        }
        if (value.isStructure()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            new TreeMap<>(value.asStructure().asMap())
                    .forEach((name, member) -> object.set(name, json(member, depth + 1)));
            return object;
        }
        if (value.isList()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.asList().forEach(item -> array.add(json(item, depth + 1)));
            return array;
        }
        Object plain = value.asObject();
        return plain instanceof String || plain instanceof Number || plain instanceof Boolean || plain == null
                ? Json.tree(plain)
                : JsonNodeFactory.instance.textNode(plain.toString());
    }
}
