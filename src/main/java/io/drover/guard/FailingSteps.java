package io.drover.guard;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Remembers which step of a route failed: Camel has forgotten it where the failure ends the route. */
@Component
public final class FailingSteps implements InterceptStrategy {

    private static final String PROPERTY = "DroverFailingStep";

    private record Failing(Throwable thrown, NamedNode step) implements SafeCopyProperty {
        @Override
        public Failing safeCopy() {
            return this;
        }
    }

    /** The innermost step that ended with the exception of an exchange, or null where it came from no step. */
    public static @Nullable NamedNode of(Exchange exchange) {
        Failing failing = exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, Failing.class);
        return failing != null && isOf(failing, exchange.getException()) ? failing.step : null;
    }

    private static boolean isOf(Failing failing, @Nullable Throwable thrown) {
        for (Throwable t : ObjectHelper.createExceptionIterable(thrown)) {
            if (t == failing.thrown) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        return new Watch(target, node);
    }

    private static final class Watch extends DelegateAsyncProcessor {

        private final NamedNode step;

        Watch(Processor target, NamedNode step) {
            super(target);
            this.step = step;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return super.process(exchange, sync -> {
                if (exchange.getException() != null && of(exchange) == null) {
                    exchange.getExchangeExtension()
                            .setSafeCopyProperty(PROPERTY, new Failing(exchange.getException(), step));
                }
                callback.done(sync);
            });
        }
    }
}
