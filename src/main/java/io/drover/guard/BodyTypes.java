package io.drover.guard;

import io.drover.json.ContentType;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.model.ConvertBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Knows which body a {@code Content-Type} belongs to.
 * Camel keeps the header of a request or an answer when a later step makes another body, which the header does not
 * describe.
 * A type that the author sets describes the next body, too.
 */
@Component
public final class BodyTypes implements InterceptStrategy {

    private static final String PROPERTY = "DroverBodyType";

    private enum Belongs {
        /** To an earlier body. */
        NO_MORE,
        /** To the body that is there, and to what the author makes of it until it is sent. */
        TO_WHAT_IS_SENT
    }

    /**
     * What is known about the value of a header.
     *
     * @param value this very object: another value that is equal was set later
     */
    private record Known(Object value, Belongs belongs) implements SafeCopyProperty {
        @Override
        public Known safeCopy() {
            return this;
        }
    }

    /** The type of the current body. */
    public static ContentType of(Exchange exchange) {
        Object type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE);
        return isStale(exchange, type) ? ContentType.NONE : ContentType.of(type);
    }

    /** Whether the message's type belongs to an earlier body. */
    public static boolean isStale(Exchange exchange) {
        return isStale(exchange, exchange.getMessage().getHeader(Exchange.CONTENT_TYPE));
    }

    private static boolean isStale(Exchange exchange, @Nullable Object type) {
        return type != null && is(known(exchange), type, Belongs.NO_MORE);
    }

    private static boolean is(@Nullable Known known, Object type, Belongs belongs) {
        return known != null && known.value == type && known.belongs == belongs;
    }

    private static @Nullable Known known(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, Known.class);
    }

    /** Marks a value, by a copy: the same constant may be set again. */
    private static void mark(Exchange exchange, Object type, Belongs belongs) {
        Object marked = type instanceof String text ? new String(text) : type;
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, marked);
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, new Known(marked, belongs));
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        if (node instanceof ConvertBodyDefinition) {
            return target; // the same body in another form
        }
        return setsType(node) ? new SetsType(target) : new Watch(target, SendGate.sends(node));
    }

    private static boolean setsType(NamedNode node) {
        return node instanceof SetHeaderDefinition header && Exchange.CONTENT_TYPE.equalsIgnoreCase(header.getName())
                || node instanceof SetHeadersDefinition headers
                        && headers.getHeaders().stream()
                                .anyMatch(header -> Exchange.CONTENT_TYPE.equalsIgnoreCase(header.getName()));
    }

    private static final class SetsType extends DelegateAsyncProcessor {

        SetsType(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return super.process(exchange, sync -> {
                Object type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE);
                if (type != null) {
                    mark(exchange, type, Belongs.TO_WHAT_IS_SENT);
                }
                callback.done(sync);
            });
        }
    }

    /** Compares body and type before and after a step. */
    private static final class Watch extends DelegateAsyncProcessor {

        private final boolean sends;

        Watch(Processor target, boolean sends) {
            super(target);
            this.sends = sends;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Message before = exchange.getMessage();
            Object body = before.getBody();
            Object type = before.getHeader(Exchange.CONTENT_TYPE);
            if (type == null) {
                return super.process(exchange, callback);
            }
            return super.process(exchange, sync -> {
                after(exchange, body, type);
                callback.done(sync);
            });
        }

        private void after(Exchange exchange, @Nullable Object body, Object type) {
            if (exchange.getMessage().getHeader(Exchange.CONTENT_TYPE) != type) {
                return; // it came with what the step has made
            }
            Known known = known(exchange);
            boolean authors = is(known, type, Belongs.TO_WHAT_IS_SENT);
            if (exchange.getMessage().getBody() != body && (sends || !authors)) {
                if (!is(known, type, Belongs.NO_MORE)) {
                    mark(exchange, type, Belongs.NO_MORE);
                }
            } else if (sends && authors) {
                exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, null); // it is sent
            }
        }
    }
}
