package io.drover.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Compares JSON documents by value: 5, 5.0 and 5e0 are one number, and the order of members means nothing. */
final class JsonDocuments {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonDocuments() {}

    static boolean same(String one, String other) {
        try {
            return one.equals(other) || JSON.readTree(one).equals(JsonDocuments::compare, JSON.readTree(other));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a stored document is not JSON", e);
        }
    }

    /** @return 0 where two values that hold no others are the same */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
