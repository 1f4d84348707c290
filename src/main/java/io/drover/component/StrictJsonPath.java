package io.drover.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.BodyTypes;
import io.drover.json.ContentType;
import io.drover.json.Json;
import io.drover.json.TextReader;
import io.drover.json.UnreadableTextException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Collection;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.jsonpath.JsonPathLanguage;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * JSONPath over documents that come through the same door as all others: with its bounds, and nothing that is no JSON.
 * A path is fixed when its route is loaded. Camel would put values of the message into it, and a part of it would then
 * come from outside.
 */
final class StrictJsonPath extends JsonPathLanguage {

    /** Before a path in an argument: what is missing there is null. */
    static final String LENIENT = "?";

    private final @Nullable StrictJsonPath lenient;

    StrictJsonPath() {
        this(new StrictJsonPath(null));
        lenient().setSuppressExceptions(true);
    }

    private StrictJsonPath(@Nullable StrictJsonPath lenient) {
        this.lenient = lenient;
        setAllowSimple(false);
    }

    private StrictJsonPath lenient() {
        return lenient == null ? this : lenient;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        super.setCamelContext(context);
        if (lenient != null) {
            lenient.setCamelContext(context);
        }
    }

    @Override
    protected ExpressionAdapter doCreateJsonPathExpression(
            @Nullable Expression source, String path, Object @Nullable [] properties, boolean predicate) {
        if (path.startsWith(LENIENT)) {
            return lenient()
                    .doCreateJsonPathExpression(source, path.substring(LENIENT.length()), properties, predicate);
        }
        return super.doCreateJsonPathExpression(new Document(source), path, properties, predicate);
    }

    /** @param source of the document, or null for the body */
    private static final class Document extends ExpressionAdapter {

        private final @Nullable Expression source;

        Document(@Nullable Expression source) {
            this.source = source;
        }

        @Override
        public void init(CamelContext context) {
            super.init(context);
            if (source != null) {
                source.init(context);
            }
        }

        @Override
        public @Nullable Object evaluate(Exchange exchange) {
            Object given = source == null ? exchange.getMessage().getBody() : source.evaluate(exchange, Object.class);
            if (given == null || given instanceof Map || given instanceof Collection) {
                return given;
            }
            try {
                String text = text(exchange, given);
                Object document = text == null ? given : Json.value(text);
                return document instanceof Map || document instanceof Collection ? document : given;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("jsonpath reads JSON, and this is none: " + Json.reason(e), e);
            } catch (UnreadableTextException e) {
                throw new IllegalArgumentException("jsonpath reads JSON, and this is none: " + e.getMessage(), e);
            }
        }

        /** Null for an object, of which Camel knows how to make a document. */
        private @Nullable String text(Exchange exchange, Object given) throws UnreadableTextException {
            if (given instanceof CharSequence || given instanceof Reader) {
                return TextReader.withoutMark(
                        exchange.getContext().getTypeConverter().convertTo(String.class, exchange, given));
            }
            if (!(given instanceof byte[] || given instanceof InputStream || given instanceof WrappedFile)) {
                return null;
            }
            byte[] bytes = exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, given);
            if (given instanceof StreamCache stream) {
                stream.reset(); // for whoever reads it next
            }
            return TextReader.read(bytes, source == null ? BodyTypes.of(exchange) : ContentType.NONE);
        }
    }
}
