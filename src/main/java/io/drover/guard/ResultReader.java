package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.Settlement.Returned;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/**
 * Reads the body at the end of a tool's steps as its result: JSON where it is or says it is JSON, else text; maps, lists
 * and objects as JSON. The value is always the parsed document: what a workflow gets now is what it gets from the
 * journal in a later attempt.
 */
final class ResultReader {

    private ResultReader() {}

    /** @throws ResultException when the body cannot be a result; it says nothing of what the steps have done */
    static Returned read(Exchange exchange, int maxBytes) {
        Object body = exchange.getMessage().getBody();
        try {
            return switch (body) {
                case InputStream stream -> ofText(bytes(stream, maxBytes), exchange, maxBytes);
                case byte[] bytes -> ofText(bytes, exchange, maxBytes);
                case String text -> ofText(text.getBytes(StandardCharsets.UTF_8), exchange, maxBytes);
                case StreamCache cache -> {
                    ResultDocument.check(cache.length(), maxBytes);
                    yield ofText(convert(exchange, cache), exchange, maxBytes);
                }
                case WrappedFile<?> file -> {
                    ResultDocument.check(file.getFileLength(), maxBytes);
                    yield ofText(convert(exchange, file), exchange, maxBytes);
                }
                case null -> new Returned(null, "null", Origin.CALL);
                default -> {
                    String document = ResultDocument.of(body, maxBytes);
                    yield new Returned(Json.recorded(document), document, Origin.CALL);
                }
            };
        } catch (ResultException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new ResultException("the result could not be read again: " + e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            // Without its cause: that a result cannot be read does not mean that its call did not happen.
            throw new ResultException("the result cannot be read: " + FailureClassifier.summary(e));
        }
    }

    private static Returned ofText(byte[] bytes, Exchange exchange, int maxBytes) throws JsonProcessingException {
        ResultDocument.check(bytes.length, maxBytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        boolean declared = type.contains("json");
        String stripped = text.strip();
        if (declared || stripped.startsWith("{") || stripped.startsWith("[")) {
            try {
                return stripped.isEmpty()
                        ? new Returned(null, "null", Origin.CALL)
                        : new Returned(Json.value(text), text, Origin.CALL);
            } catch (JsonProcessingException e) {
                if (declared) {
                    throw new ResultException("the result is declared as %s but is not JSON: %s"
                            .formatted(Excerpt.of(type), Json.reason(e)));
                }
            }
        }
        // What a string holds is written and read again: the journal's form of it is what its caller gets.
        String document = Json.write(text);
        return new Returned(Json.recorded(document), document, Origin.CALL);
    }

    private static byte[] bytes(InputStream stream, int maxBytes) throws IOException {
        try (stream) {
            return stream.readNBytes(maxBytes + 1);
        }
    }

    private static byte[] convert(Exchange exchange, Object body) {
        return exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, body);
    }
}
