package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.Settlement.Returned;
import io.drover.json.ContentType;
import io.drover.json.ForeignDocument;
import io.drover.json.ForeignDocument.NotJsonException;
import io.drover.json.Json;
import io.drover.json.UnreadableTextException;
import io.drover.secret.KnownSecrets;
import io.drover.tool.ToolOutcome.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.component.file.GenericFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body at the end of a tool's steps as its result.
 * A body that is JSON, or declares itself as JSON, is read as JSON; other text is text.
 * Maps, lists and objects become JSON, and binary content becomes its type and its bytes in base64.
 * The value is always the parsed document, so a workflow gets the same value from the journal in a later attempt.
 */
public final class ResultReader {

    private ResultReader() {}

    /** @throws ResultException when the body cannot be a result; it says nothing of what the steps have done */
    static Returned read(Exchange exchange, int maxBytes) {
        Object body = exchange.getMessage().getBody();
        try {
            ForeignDocument found = foreign(exchange, body, maxBytes);
            if (found != null) {
                return returned(found.value(), found.document());
            }
            String document = ResultDocument.of(body, maxBytes);
            return returned(Json.recorded(document), document);
        } catch (ResultException e) {
            throw e;
        } catch (NotJsonException e) {
            throw new ResultException("the result is " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new ResultException("the result could not be read again: " + Json.reason(e));
        } catch (UnreadableTextException e) {
            throw new ResultException("the result cannot be read: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Without its cause: that a result cannot be read does not mean that its call did not happen.
            throw new ResultException("the result cannot be read: " + FailureText.of(e));
        }
    }

    /** A server may answer with the secret that it was sent; no one else is to read it. */
    private static Returned returned(@Nullable Object value, String document) throws JsonProcessingException {
        if (!KnownSecrets.areIn(document) && !document.contains("\\u")) { // an escape may hide one
            return new Returned(value, document, Origin.CALL);
        }
        Object hidden = KnownSecrets.hiddenIn(value);
        if (Objects.equals(hidden, value)) {
            return new Returned(value, document, Origin.CALL);
        }
        String written = Json.write(hidden);
        return new Returned(Json.recorded(written), written, Origin.CALL);
    }

    /**
     * A body of text or bytes as the document that it is, by its own type; null where the body is an object, or none.
     *
     * @param maxBytes the longest that is read
     * @throws ResultException when it is longer
     */
    public static @Nullable ForeignDocument foreign(Exchange exchange, @Nullable Object body, int maxBytes)
            throws IOException, NotJsonException {
        ContentType type = BodyTypes.of(exchange);
        return switch (body) {
            case null -> new ForeignDocument(null, "null");
            case String text -> ofText(text, type, maxBytes);
            case Reader text -> ofText(text(text, maxBytes), type, maxBytes);
            case InputStream stream -> ofBytes(bytes(stream, maxBytes), type, maxBytes);
            case byte[] bytes -> ofBytes(bytes, type, maxBytes);
            case ByteBuffer buffer -> ofBytes(bytes(buffer), type, maxBytes);
            case StreamCache cache -> {
                ResultDocument.check(cache.length(), maxBytes);
                yield ofBytes(convert(exchange, cache), type, maxBytes);
            }
            case WrappedFile<?> file -> {
                ResultDocument.check(file.getFileLength(), maxBytes);
                String charset = file instanceof GenericFile<?> read ? read.getCharset() : null;
                yield ofBytes(convert(exchange, file), charset == null ? type : type.in(charset), maxBytes);
            }
            default -> null;
        };
    }

    private static ForeignDocument ofText(String text, ContentType type, int maxBytes)
            throws IOException, NotJsonException {
        // An unpaired surrogate has no place in UTF-8: it becomes a question mark here, before anybody has seen it.
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ResultDocument.check(bytes.length, maxBytes);
        return ForeignDocument.of(new String(bytes, StandardCharsets.UTF_8), type);
    }

    private static ForeignDocument ofBytes(byte[] bytes, ContentType type, int maxBytes)
            throws IOException, NotJsonException {
        ResultDocument.check(bytes.length, maxBytes);
        return ForeignDocument.of(bytes, type);
    }

    private static byte[] bytes(InputStream stream, int maxBytes) throws IOException {
        try (stream) {
            return stream.readNBytes(Math.addExact(maxBytes, 1));
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String text(Reader reader, int maxChars) throws IOException {
        try (reader) {
            StringBuilder text = new StringBuilder();
            char[] piece = new char[8192];
            for (int n = reader.read(piece); n >= 0 && text.length() <= maxChars; n = reader.read(piece)) {
                text.append(piece, 0, n);
            }
            return text.toString();
        }
    }

    private static byte[] convert(Exchange exchange, Object body) {
        return exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
    }
}
