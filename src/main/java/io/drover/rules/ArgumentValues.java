package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call as the values of CEL, in the types that {@link ArgumentTypes} says. */
final class ArgumentValues {

    private ArgumentValues() {}

    /** @param schema of the value; missing where nothing is known of it */
    static Object of(JsonNode value, JsonNode schema) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(value, schema);
            case ARRAY -> list(value, schema.path("items"));
            case OBJECT -> object(value, schema.path("properties"));
            default -> NullValue.NULL_VALUE;
        };
    }

    /** A whole number that CEL's integers cannot hold is compared as the nearest one of its other numbers. */
    private static Object number(JsonNode value, JsonNode schema) {
        boolean whole = !schema.path("type").asText().equals("number")
                && value.canConvertToExactIntegral()
                && value.canConvertToLong();
        return whole ? value.longValue() : (Object) value.doubleValue();
    }

    private static List<Object> list(JsonNode value, JsonNode items) {
        List<Object> list = new ArrayList<>(value.size());
        value.forEach(item -> list.add(of(item, items)));
        return list;
    }

    private static Map<String, Object> object(JsonNode value, JsonNode properties) {
        Map<String, Object> object = new HashMap<>();
        value.properties().forEach(one -> object.put(one.getKey(), of(one.getValue(), properties.path(one.getKey()))));
        return object;
    }
}
