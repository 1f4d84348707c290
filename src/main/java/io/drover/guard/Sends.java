package io.drover.guard;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells a try what its steps send, also in branches, parts and copies of its exchange: a later step's failure says nothing of what an earlier one has done. */
@Component
class Sends extends EventNotifierSupport {

    Sends() {
        setIgnoreCamelContextInitEvents(true);
        setIgnoreCamelContextEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeFailedEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        switch (event) {
            case CamelEvent.ExchangeSendingEvent sending -> {
                Try current = sender(sending.getExchange(), sending.getEndpoint());
                if (current != null) {
                    current.sends();
                }
            }
            case CamelEvent.ExchangeSentEvent sent -> {
                Exception thrown = sent.getExchange().getException();
                Try current = thrown == null ? null : sender(sent.getExchange(), sent.getEndpoint());
                if (current != null) {
                    current.failedToSend(thrown);
                }
            }
            default -> {}
        }
    }

    private static @Nullable Try sender(Exchange exchange, Endpoint endpoint) {
        return leavesTheProcess(endpoint) ? Try.find(exchange) : null;
    }

    private static boolean leavesTheProcess(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        int scheme = uri.indexOf(':');
        return scheme < 0 || !InProcess.COMPONENTS.contains(uri.substring(0, scheme));
    }
}
