package io.drover.guard;

import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** The outermost ring of the guard: decides whether a call may be made at all. */
final class GuardPolicy implements Policy {

    private final ToolSpec spec;
    private final GuardProperties settings;

    GuardPolicy(ToolSpec spec, GuardProperties settings) {
        this.spec = spec;
        this.settings = settings;
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing is added to the author's steps here
    }

    @Override
    public Processor wrap(Route route, Processor processor) {
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                GuardedCall call = Try.of(exchange).call;
                String reason = refusal(settings, call.attempt().task().workflow(), spec);
                if (reason == null) {
                    return super.process(exchange, callback);
                }
                call.outcome = new ToolOutcome.Refused(reason);
                callback.done(true);
                return true;
            }
        };
    }

    static @Nullable String refusal(GuardProperties settings, String workflow, ToolSpec tool) {
        if (!tool.enabled()) {
            return "drover.tools.%s.enabled is false".formatted(tool.name());
        }
        String unapproved = GuardProperties.unapproved(tool.name(), tool.approval());
        if (unapproved != null) {
            return unapproved;
        }
        return settings.allows(workflow, tool.name())
                ? null
                : "drover.workflows.%s.allowed-tools does not name it".formatted(workflow);
    }
}
