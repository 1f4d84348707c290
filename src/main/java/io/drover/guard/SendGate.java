package io.drover.guard;

import io.drover.journal.Lease;
import java.util.List;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.PollDefinition;
import org.apache.camel.model.PollEnrichDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.ScriptDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Stands before every step that sends. It refuses to send in the name of an attempt that has ended or is about to wait,
 * whatever a {@code doCatch} or a thread of its own makes of that. And once a message of a tool that must not be repeated
 * may have taken effect without an answer, that try sends nothing more: neither redelivery nor a loop, a failover or a
 * {@code doCatch} may do the same thing twice.
 */
@Component
class SendGate implements InterceptStrategy {

    private static final List<Class<?>> SENDING = List.of(
            SendDefinition.class,
            ToDynamicDefinition.class,
            RecipientListDefinition.class,
            RoutingSlipDefinition.class,
            DynamicRouterDefinition.class,
            EnrichDefinition.class,
            PollEnrichDefinition.class,
            PollDefinition.class);

    /** Steps that may send or not. */
    private static final List<Class<?>> CODE = List.of(BeanDefinition.class, ScriptDefinition.class);

    /** Components in the process whose work is an effect, or leads to one. */
    private static final Set<String> EFFECTS = Set.of("tool", "task", "agent");

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        boolean code = CODE.stream().anyMatch(type -> type.isInstance(node));
        return code || sends(node) && !isHarmless(context, node) ? new Gate(target, !code) : target;
    }

    /** Whether a step may send the message that is there. */
    static boolean sends(NamedNode node) {
        return SENDING.stream().anyMatch(type -> type.isInstance(node));
    }

    private static boolean isHarmless(CamelContext context, NamedNode node) {
        if (!(node instanceof SendDefinition<?> send) || send.getEndpointUri() == null) {
            return false;
        }
        String uri = context.resolvePropertyPlaceholders(send.getEndpointUri());
        String scheme = uri.substring(0, Math.max(0, uri.indexOf(':')));
        return InProcess.COMPONENTS.contains(scheme) && !EFFECTS.contains(scheme);
    }

    private static final class Gate extends DelegateAsyncProcessor {

        private final boolean sends;

        Gate(Processor target, boolean sends) {
            super(target);
            this.sends = sends;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Exception refusal = refusal(exchange);
            if (refusal == null) {
                return super.process(exchange, callback);
            }
            exchange.setException(refusal);
            callback.done(true);
            return true;
        }

        private @Nullable Exception refusal(Exchange exchange) {
            TaskContext task = TaskContext.of(exchange);
            String over = task == null ? null : task.attempt().over();
            if (task != null && over != null) {
                Lease lease = task.attempt().lease();
                return new AttemptOverException(lease, over);
            }
            Try current = Try.find(exchange);
            if (current == null) {
                return null;
            }
            if (sends) {
                return current.refusalToSend();
            }
            current.runsCode();
            return null;
        }
    }
}
