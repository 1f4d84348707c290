package io.drover.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.json.Json;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;

/** Turns message bodies into JSON documents. */
final class Bodies {

    private Bodies() {}

    /** The output of a task: text that is a JSON object or array stays what it is, other text becomes a JSON string. */
    static String toJson(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (isRaw(body)) {
            String text = exchange.getContext().getTypeConverter().convertTo(String.class, exchange, body);
            String stripped = text.strip();
            if (stripped.startsWith("{") || stripped.startsWith("[")) {
                try {
                    Json.value(stripped);
                    return stripped;
                } catch (JsonProcessingException e) {
                    return Json.write(text);
                }
            }
            return Json.write(text);
        }
        return Json.write(body);
    }

    /**
     * What was sent as the input of a task: raw text as it came, anything else as JSON.
     *
     * @throws CharacterCodingException when the bytes are not UTF-8, or cannot be read to their end
     */
    static String input(Exchange exchange, Object body) throws CharacterCodingException {
        return switch (body) {
            case null -> "null";
            case String text -> text;
            case byte[] bytes ->
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            case Reader text -> read(exchange, text, String.class);
            default -> isRaw(body) ? input(exchange, read(exchange, body, byte[].class)) : Json.write(body);
        };
    }

    /** A body that comes from outside may be too long, broken off, or not in its encoding. */
    private static <T> T read(Exchange exchange, Object body, Class<T> type) throws CharacterCodingException {
        try {
            return exchange.getContext().getTypeConverter().mandatoryConvertTo(type, exchange, body);
        } catch (NoTypeConversionAvailableException | TypeConversionException e) {
            CharacterCodingException unreadable = new CharacterCodingException();
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    private static boolean isRaw(Object body) {
        return body instanceof String
                || body instanceof byte[]
                || body instanceof InputStream
                || body instanceof StreamCache
                || body instanceof WrappedFile<?>;
    }
}
