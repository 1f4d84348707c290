package io.drover.guard;

import org.apache.camel.Exchange;

/** One try of a call, as the guard gives it to the tool's route, which makes it. */
public interface DispatchedCall extends ToolInvocation {

    /** Puts this try on the exchange that carries it; no step can remove it. */
    void bindTo(Exchange exchange);

    /** To be called when the exchange has come out of the guard. */
    void ended(Exchange exchange);
}
