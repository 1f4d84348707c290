package io.drover.guard;

import io.drover.journal.LeaseLostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.PollDefinition;
import org.apache.camel.model.PollEnrichDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
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
 * {@code doCatch} may do the same thing twice. What is sent may depend on all that the attempt has read, so the journal
 * holds that before, but where a tool sends that only reads. A dry run sends nothing outside of a tool.
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

    /** Components in the process whose work is an effect, or leads to one. */
    private static final Set<String> EFFECTS = Set.of("tool", "task", "agent", "wait", "signal");

    private final JournalRepository journal;

    SendGate(JournalRepository journal) {
        this.journal = journal;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        boolean code = CodeSteps.isOne(node); // which may send or not
        boolean effect = EffectsOutside.mayHave(context, node);
        if (code || sends(node) && !isHarmless(context, node)) {
            return new Gate(target, !code, isToTool(context, node), effect);
        }
        return effect ? new ReadsFirst(target, true) : target;
    }

    /** Whether a step may send the message that is there. */
    static boolean sends(NamedNode node) {
        return SENDING.stream().anyMatch(type -> type.isInstance(node));
    }

    private static boolean isHarmless(CamelContext context, NamedNode node) {
        String scheme = scheme(context, node);
        return scheme != null && InProcess.COMPONENTS.contains(scheme) && !EFFECTS.contains(scheme);
    }

    /** Whether a step does no more than call a tool, before which the guard itself sees to what was read. */
    private static boolean isToTool(CamelContext context, NamedNode node) {
        return "tool".equals(scheme(context, node));
    }

    /** The component to which a step sends, or null where that is not known before. */
    private static @Nullable String scheme(CamelContext context, NamedNode node) {
        if (!(node instanceof SendDefinition<?> send) || send.getEndpointUri() == null) {
            return null;
        }
        String uri = context.resolvePropertyPlaceholders(send.getEndpointUri());
        return uri.substring(0, Math.max(0, uri.indexOf(':')));
    }

    private class ReadsFirst extends DelegateAsyncProcessor {

        final boolean effect;

        /** @param effect whether it would have one in a dry run, too */
        ReadsFirst(Processor target, boolean effect) {
            super(target);
            this.effect = effect;
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

        @Nullable
        Exception refusal(Exchange exchange) {
            TaskContext task = TaskContext.of(exchange);
            Try current = Try.find(exchange);
            if (task == null || current != null && current.call().spec().readOnly()) {
                return null;
            }
            if (effect && current == null && task.attempt().task().mode().hasNoEffect()) {
                return new DryRunException();
            }
            try {
                journal.awaitReads(task.attempt());
                return null;
            } catch (LeaseLostException | CompletionException e) {
                return e;
            }
        }
    }

    private final class Gate extends ReadsFirst {

        private final boolean sends;
        private final boolean toTool;

        Gate(Processor target, boolean sends, boolean toTool, boolean effect) {
            super(target, effect);
            this.sends = sends;
            this.toTool = toTool;
        }

        @Override
        @Nullable
        Exception refusal(Exchange exchange) {
            TaskContext task = TaskContext.of(exchange);
            if (task != null) {
                try {
                    AttemptWork.mustGoOn(task);
                } catch (LeaseLostException e) {
                    return e;
                }
            }
            Exception unrecorded = toTool && !effect ? null : super.refusal(exchange);
            if (unrecorded != null) {
                return unrecorded;
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
