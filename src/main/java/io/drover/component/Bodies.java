package io.drover.component;

import io.drover.guard.BodyTypes;
import io.drover.guard.ResultReader;
import io.drover.json.ForeignDocument;
import io.drover.json.ForeignDocument.NotJsonException;
import io.drover.json.Json;
import io.drover.json.TextReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/** Turns message bodies into JSON documents. */
final class Bodies {

    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private Bodies() {}

    /** The output of a task: JSON where the body is or says it is JSON, other text as a JSON string, objects as JSON. */
    static String toJson(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        try {
            ForeignDocument found = ResultReader.foreign(exchange, body, LONGEST);
            return found == null ? Json.write(body) : found.document();
        } catch (IOException | NotJsonException e) {
            throw new IllegalArgumentException("the output of the workflow cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What was sent as the input of a task: raw text as it came, anything else as JSON.
     *
     * @throws CharacterCodingException when the bytes are not in their encoding, or cannot be read to their end
     */
    static String input(Exchange exchange, @Nullable Object body) throws CharacterCodingException {
        return switch (body) {
            case null -> "null";
            case String text -> TextReader.withoutMark(text);
            case byte[] bytes -> TextReader.read(bytes, BodyTypes.of(exchange));
            case Reader text -> TextReader.withoutMark(read(exchange, text, String.class));
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

    private static boolean isRaw(@Nullable Object body) {
        return body instanceof InputStream || body instanceof StreamCache || body instanceof WrappedFile<?>;
    }
}
