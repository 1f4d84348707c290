package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a JSON value of Drover may not hold, wherever it comes from. */
final class JsonLimits {

    /** As in IEEE 754 binary64, about. */
    static final int MAX_EXPONENT = 400;

    /** Of a tree: a number that a parser of ours let through may have lost zeros at its end. */
    private static final int MAX_SCALE = 1000;

    private static final int MAX_DIGITS = 1000;
    private static final int MAX_DEPTH = 1000;

    private JsonLimits() {}

    /** What is wrong with a text, in words that follow "it holds"; null when nothing is. */
    static @Nullable String problem(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "the character U+0000, which cannot be stored";
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return "an unpaired surrogate (U+%04X), which is not Unicode text".formatted((int) c);
                }
                i++;
            }
        }
        return null;
    }

    /**
     * The same of the spelling of a number. A few characters can name a number that fills the memory of who writes it
     * out: {@code 1e999999999}.
     *
     * @param text holds a number as JSON spells it, at most {@link StrictJsonFactory#MAX_DIGITS} long
     */
    static @Nullable String exponentProblem(char[] text, int offset, int length) {
        int decimals = 0;
        boolean point = false;
        for (int i = offset; i < offset + length; i++) {
            char c = text[i];
            if (c == 'e' || c == 'E') {
                long scale = decimals - exponent(text, i + 1, offset + length);
                return Math.abs(scale) <= MAX_EXPONENT ? null : tooLarge();
            }
            decimals += point ? 1 : 0;
            point |= c == '.';
        }
        return null;
    }

    private static long exponent(char[] text, int from, int to) {
        boolean negative = text[from] == '-';
        long exponent = 0;
        for (int i = negative || text[from] == '+' ? from + 1 : from; i < to; i++) {
            exponent = Math.min(exponent * 10 + (text[i] - '0'), Integer.MAX_VALUE);
        }
        return negative ? -exponent : exponent;
    }

    private static String tooLarge() {
        return "a number with an exponent beyond %d".formatted(MAX_EXPONENT);
    }

    /** The same of a tree that no parser of ours has read. */
    static @Nullable String problem(JsonNode node) {
        return problem(node, 0);
    }

    private static @Nullable String problem(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            return "values nested more than %d deep".formatted(MAX_DEPTH);
        }
        if (node.isTextual()) {
            return problem(node.textValue());
        }
        if (node.isNumber()) {
            return numberProblem(node);
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = problem(member.getKey());
                String value = name == null ? problem(member.getValue(), depth + 1) : name;
                if (value != null) {
                    return value;
                }
            }
        } else if (node.isArray()) {
            for (JsonNode item : node) {
                String problem = problem(item, depth + 1);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return null;
    }

    /** About how many characters a tree is long, written. */
    static long size(JsonNode node) {
        return size(node, 0);
    }

    private static long size(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            return 0; // it is refused
        }
        if (node.isTextual()) {
            return 2L + node.textValue().length();
        }
        long size = 2;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            size += 4L + member.getKey().length() + size(member.getValue(), depth + 1);
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                size += size(item, depth + 1);
            }
        }
        return size;
    }

    private static @Nullable String numberProblem(JsonNode node) {
        if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
            return "%s, which is not a JSON number".formatted(node.doubleValue());
        }
        if (node.isBigDecimal()) {
            BigDecimal number = node.decimalValue();
            return Math.abs((long) number.scale()) > MAX_SCALE || number.precision() > MAX_DIGITS ? tooLarge() : null;
        }
        return node.isBigInteger() && node.bigIntegerValue().bitLength() > MAX_DIGITS * 4
                ? "an integer of more than %d digits".formatted(MAX_DIGITS)
                : null;
    }
}
