package io.drover.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * JSON of the command line and of the API, whole and exact: {@code 100,50} is not 100, and no digit is rounded away.
 * The API judges the rest; a client does not load what that takes.
 */
final class ExactJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private ExactJson() {}

    /** @return {@link MissingNode} of a text that is empty */
    static JsonNode read(String document) throws JsonProcessingException {
        return MAPPER.readTree(document);
    }

    /** Why a text is not JSON, without where in Jackson's buffers it began. */
    static String reason(JsonProcessingException refused) {
        return refused.getOriginalMessage().replaceFirst("(?s) \\(start marker at .*", "");
    }

    static String write(Object value) throws JsonProcessingException {
        return MAPPER.writeValueAsString(value);
    }
}
