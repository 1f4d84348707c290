package io.drover.guard;

import io.drover.egress.Egress;
import java.io.IOException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.stereotype.Component;

/**
 * Has a step that failed because it may not connect say so, whatever its client makes of that: the breaker, the call and the
 * task hear which host was refused, and why.
 */
@Component
class HiddenRefusals implements InterceptStrategy {

    private final Egress egress;

    HiddenRefusals(Egress egress) {
        this.egress = egress;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        boolean connects = CodeSteps.isOne(node) || CodeSteps.isIn(node) || SendGate.sends(node);
        return connects && egress.isEnforced() ? new Telling(target) : target; // else nothing is refused
    }

    private final class Telling extends DelegateAsyncProcessor {

        Telling(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            long since = System.nanoTime();
            return super.process(exchange, done -> {
                if (exchange.getException() != null) {
                    tell(exchange, since);
                }
                callback.done(done);
            });
        }

        private void tell(Exchange exchange, long since) {
            if (exchange.getException(ToolCallException.class) != null) {
                return; // that call's own step has told it
            }
            Try current = Try.find(exchange);
            String tool = current == null ? "" : current.call().spec().name();
            IOException hidden = egress.behind(tool, exchange.getException(), since);
            if (hidden != null) {
                exchange.setException(hidden);
            }
        }
    }
}
