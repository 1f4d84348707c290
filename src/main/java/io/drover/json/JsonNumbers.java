package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * One node for one number: 5.0, 5e0 and 5 are the integer 5, in the smallest type that holds it, and everything else
 * is an exact decimal. JSON Schema knows one kind of number; the validator's comparisons hold for these nodes only.
 */
final class JsonNumbers {

    private JsonNumbers() {}

    /**
     * A tree with normal numbers; the tree itself where they are normal already.
     *
     * @param digits integers of more digits stay decimals
     */
    static JsonNode normal(JsonNode node, int digits) {
        if (node.isNumber()) {
            return number(node, digits);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = null;
            for (var member : object.properties()) {
                JsonNode value = normal(member.getValue(), digits);
                if (value != member.getValue()) {
                    copy = copy == null ? JsonNodeFactory.instance.objectNode().setAll(object) : copy;
                    copy.set(member.getKey(), value);
                }
            }
            return copy == null ? object : copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = null;
            for (int i = 0; i < array.size(); i++) {
                JsonNode item = normal(array.get(i), digits);
                if (item != array.get(i)) {
                    copy = copy == null ? JsonNodeFactory.instance.arrayNode().addAll(array) : copy;
                    copy.set(i, item);
                }
            }
            return copy == null ? array : copy;
        }
        return node;
    }

    private static JsonNode number(JsonNode node, int digits) {
        if (node.isInt()) {
            return node;
        }
        if (node.isIntegralNumber()) {
            return integer(node.bigIntegerValue());
        }
        BigDecimal number = node.decimalValue();
        BigDecimal stripped = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (stripped.scale() <= 0 && (long) stripped.precision() - stripped.scale() <= digits) {
            return integer(stripped.toBigInteger());
        }
        return DecimalNode.valueOf(stripped);
    }

    private static JsonNode integer(BigInteger number) {
        int bits = number.bitLength();
        if (bits < Integer.SIZE) {
            return IntNode.valueOf(number.intValue());
        }
        return bits < Long.SIZE ? LongNode.valueOf(number.longValue()) : BigIntegerNode.valueOf(number);
    }
}
