package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.Try.Settlement.Returned;
import io.drover.tool.Json;
import io.drover.tool.ToolOutcome.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body at the end of a tool's steps as its result: JSON where it is or says it is JSON, else text; maps, lists
 * and objects as they are.
 */
final class Results {

    private Results() {}

    static Returned read(Exchange exchange, int maxBytes) {
        Object body = exchange.getMessage().getBody();
        return switch (body) {
            case InputStream stream -> ofText(bytes(stream, maxBytes), exchange, maxBytes);
            case byte[] bytes -> ofText(bytes, exchange, maxBytes);
            case String text -> ofText(text.getBytes(StandardCharsets.UTF_8), exchange, maxBytes);
            case StreamCache cache -> {
                check(cache.length(), maxBytes);
                yield ofText(convert(exchange, cache), exchange, maxBytes);
            }
            case WrappedFile<?> file -> {
                check(file.getFileLength(), maxBytes);
                yield ofText(convert(exchange, file), exchange, maxBytes);
            }
            case null -> of(null, "null");
            default -> {
                String document = Json.write(body);
                check(document.length(), maxBytes);
                yield of(body, document);
            }
        };
    }

    private static Returned ofText(byte[] bytes, Exchange exchange, int maxBytes) {
        check(bytes.length, maxBytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        boolean declared = type.contains("json");
        String stripped = text.strip();
        if (declared || stripped.startsWith("{") || stripped.startsWith("[")) {
            try {
                return stripped.isEmpty() ? of(null, "null") : of(Json.value(text), text);
            } catch (JsonProcessingException e) {
                if (declared) {
                    throw new ResultException(
                            "the result is declared as %s but is not JSON: %s".formatted(type, e.getOriginalMessage()));
                }
            }
        }
        return of(text, Json.write(text));
    }

    private static Returned of(@Nullable Object value, String document) {
        return new Returned(value, document, Origin.CALL);
    }

    private static byte[] bytes(InputStream stream, int maxBytes) {
        try (stream) {
            return stream.readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] convert(Exchange exchange, Object body) {
        return exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
    }

    private static void check(long bytes, int maxBytes) {
        if (bytes > maxBytes) {
            throw new ResultException(
                    "the result is longer than %d bytes; raise maxResultBytes of the tool, or let it return less"
                            .formatted(maxBytes));
        }
    }
}
