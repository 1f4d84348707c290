package io.drover.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;

/** A recorded document with its numbers as people write them: 250 and not 2.5E+2. */
final class PlainNumbers {

    private static final JsonMapper PLAIN = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
            .build();

    /** Written in full it would be very long. */
    private static final Pattern HUGE = Pattern.compile("[eE][+-]?\\d{3}");

    private PlainNumbers() {}

    static String in(String document) {
        if (HUGE.matcher(document).find()) {
            return document;
        }
        try {
            return PLAIN.writeValueAsString(PLAIN.readTree(document));
        } catch (JsonProcessingException e) {
            return document; // as it is recorded
        }
    }
}
