package io.drover.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.journal.SetAside.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers of a record that is set aside, byte for byte, as JSON: pairs of name and value, both in base64. */
final class SetAsideHeaders {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SetAsideHeaders() {}

    static String write(List<Header> headers) {
        List<@Nullable String[]> pairs = new ArrayList<>();
        for (Header header : headers) {
            pairs.add(new @Nullable String[] {
                encoded(header.name().getBytes(StandardCharsets.UTF_8)), encoded(header.value())
            });
        }
        try {
            return JSON.writeValueAsString(pairs);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String encoded(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    private static byte @Nullable [] decoded(@Nullable String text) {
        return text == null ? null : Base64.getDecoder().decode(text);
    }

    static List<Header> read(String json) {
        try {
            List<Header> headers = new ArrayList<>();
            for (String[] pair : JSON.readValue(json, String[][].class)) {
                headers.add(new Header(new String(decoded(pair[0]), StandardCharsets.UTF_8), decoded(pair[1])));
            }
            return headers;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
