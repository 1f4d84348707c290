package io.drover.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came from outside, as a JSON document: JSON where it is or says it is JSON, else text; and what is no text as its
 * type and its bytes in base64.
 *
 * @param value    the parsed document
 * @param document its spelling
 */
public record ForeignDocument(@Nullable Object value, String document) {

    private static final String BYTES = "application/octet-stream";

    /** Terminals' colours. */
    private static final int ESCAPE = 0x1B;

    /**
     * @param type of these bytes; {@link ContentType#NONE} where nothing is known
     * @throws UnreadableTextException when they are declared as text, and are not
     * @throws NotJsonException        when they are declared as JSON, and are not
     */
    public static ForeignDocument of(byte[] bytes, ContentType type)
            throws UnreadableTextException, NotJsonException, JsonProcessingException {
        if (type.isBinary()) {
            return binary(bytes, type);
        }
        if (type.isText()) {
            return of(TextReader.read(bytes, type), type);
        }
        String text;
        try {
            text = TextReader.read(bytes, type);
        } catch (UnreadableTextException e) {
            return binary(bytes, type);
        }
        return isPlain(text, bytes) ? of(text, type) : binary(bytes, type);
    }

    /** The same of text that is decoded already. */
    public static ForeignDocument of(String given, ContentType type) throws NotJsonException, JsonProcessingException {
        String text = TextReader.withoutMark(given);
        if (type.isJsonLines()) {
            return lines(text, type);
        }
        String stripped = text.strip();
        if (type.isJson() || stripped.startsWith("{") || stripped.startsWith("[")) {
            try {
                return stripped.isEmpty()
                        ? new ForeignDocument(null, "null")
                        : new ForeignDocument(Json.value(text), text);
            } catch (JsonProcessingException e) {
                if (type.isJson()) {
                    throw new NotJsonException(type, Json.reason(e));
                }
            }
        }
        return written(text);
    }

    private static ForeignDocument lines(String text, ContentType type) throws NotJsonException {
        List<@Nullable Object> values = new ArrayList<>();
        int number = 0;
        for (String line : text.split(type.type().endsWith("json-seq") ? "\u001E" : "\n")) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                values.add(Json.value(line));
            } catch (JsonProcessingException e) {
                throw new NotJsonException(type, "document %d: %s".formatted(number, Json.reason(e)));
            }
        }
        return new ForeignDocument(values, Json.write(values));
    }

    private static ForeignDocument binary(byte[] bytes, ContentType type) throws JsonProcessingException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("contentType", type.type().isEmpty() ? BYTES : type.type());
        value.put("base64", Base64.getEncoder().encodeToString(bytes));
        return written(value);
    }

    /** What a value holds is written and read again: the recorded form of it is what its caller gets. */
    private static ForeignDocument written(Object value) throws JsonProcessingException {
        String document = Json.write(value);
        return new ForeignDocument(Json.recorded(document), document);
    }

    /** Whether it is surely text. Almost all bytes can be read in UTF-16, but not as characters that exist. */
    private static boolean isPlain(String text, byte[] bytes) {
        boolean wide = bytes.length > 0 && (bytes[0] == 0 || (bytes[0] & 0xff) >= 0xFE);
        return text.codePoints()
                .noneMatch(c -> Character.getType(c) == Character.CONTROL && !Character.isWhitespace(c) && c != ESCAPE
                        || wide && !Character.isDefined(c));
    }

    /** Something is declared as JSON and is not. */
    public static final class NotJsonException extends Exception {

        NotJsonException(ContentType type, String reason) {
            super("declared as %s but is not JSON: %s".formatted(Excerpt.of(type.type()), reason));
        }
    }
}
