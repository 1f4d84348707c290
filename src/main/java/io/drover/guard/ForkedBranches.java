package io.drover.guard;

import io.drover.journal.PendingException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RollbackDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ThrowExceptionDefinition;
import org.apache.camel.model.ValidateDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.stereotype.Component;

/**
 * Stands before every step that works on parts or copies beside each other. Each of them is a {@link Branch}; after the
 * join the message is in the branch it was in before.
 */
@Component
class ForkedBranches implements InterceptStrategy {

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        boolean forks = node instanceof SplitDefinition
                || node instanceof MulticastDefinition
                || node instanceof RecipientListDefinition;
        boolean fails = node instanceof ThrowExceptionDefinition
                || node instanceof ValidateDefinition
                || node instanceof RollbackDefinition;
        ExchangePropertyKey part =
                node instanceof SplitDefinition ? ExchangePropertyKey.SPLIT_INDEX : ExchangePropertyKey.MULTICAST_INDEX;
        return forks ? new Fork(target, part) : fails ? new Stop(target) : target;
    }

    /** In a branch that waits, a step of a {@code doCatch} makes no failure of that. */
    private static final class Stop extends DelegateAsyncProcessor {

        Stop(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            TaskContext task = TaskContext.of(exchange);
            if (task == null || !task.branch().isPending()) {
                return super.process(exchange, callback);
            }
            exchange.setException(new PendingException(task.attempt().lease()));
            callback.done(true);
            return true;
        }
    }

    private static final class Fork extends DelegateAsyncProcessor {

        private final ExchangePropertyKey part;

        Fork(Processor target, ExchangePropertyKey part) {
            super(target);
            this.part = part;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            TaskContext before = TaskContext.of(exchange);
            if (before == null) {
                return super.process(exchange, callback);
            }
            before.forked(part).bindTo(exchange);
            return super.process(exchange, doneSync -> {
                before.bindTo(exchange);
                callback.done(doneSync);
            });
        }
    }
}
