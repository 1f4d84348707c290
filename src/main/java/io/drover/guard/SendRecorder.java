package io.drover.guard;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.springframework.stereotype.Component;

/** Tells a try what its steps send, also in branches, parts and copies of its exchange: a later step's failure says nothing of what an earlier one has done. */
@Component
class SendRecorder extends EventNotifierSupport {

    SendRecorder() {
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
            case CamelEvent.ExchangeSendingEvent sending -> begins(sending.getExchange(), sending.getEndpoint());
            case CamelEvent.ExchangeSentEvent sent -> ended(sent.getExchange(), sent.getEndpoint());
            default -> {}
        }
    }

    private static void begins(Exchange exchange, Endpoint endpoint) {
        if (leavesTheProcess(endpoint)) {
            Sending.begin(exchange);
            Try current = Try.find(exchange);
            if (current != null) {
                current.sends(exchange, endpoint instanceof HttpEndpoint);
            }
        }
    }

    private static void ended(Exchange exchange, Endpoint endpoint) {
        if (leavesTheProcess(endpoint)) {
            Sending.end();
            Try current = Try.find(exchange);
            if (current != null) {
                current.sent(exchange);
            }
        }
    }

    private static boolean leavesTheProcess(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        int scheme = uri.indexOf(':');
        return scheme < 0 || !InProcess.COMPONENTS.contains(uri.substring(0, scheme));
    }
}
