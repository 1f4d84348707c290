package io.drover.guard;

import org.apache.camel.Exchange;

/** One try of a call, as it is given to the tool's route to be made there. */
public interface DispatchedCall extends ToolInvocation {

    /** Puts this try on the exchange that carries it; no step takes it away. */
    void bindTo(Exchange exchange);

    /** To be called when the exchange has come out of the guard. */
    void ended(Exchange exchange);
}
