package io.drover.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JSON as the values of CEL. */
public final class CelValues {

    private CelValues() {}

    /** A value of which no schema is known. */
    public static Object of(JsonNode value) {
        return of(value, MissingNode.getInstance());
    }

    /** In the type that its schema says. @param schema missing where nothing is known of it */
    public static Object of(JsonNode value, JsonNode schema) {
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
