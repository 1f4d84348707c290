package io.drover.guard;

import java.util.Collection;
import java.util.Iterator;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.kafka.KafkaEndpoint;
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
                current.sends(exchange, endpoint instanceof HttpEndpoint, isSeveral(exchange, endpoint));
            }
        }
    }

    /** Camel sends each element of a list as a record of its own; when one is refused, others may be stored. */
    private static boolean isSeveral(Exchange exchange, Endpoint endpoint) {
        Object body = exchange.getMessage().getBody();
        return endpoint instanceof KafkaEndpoint kafka
                && kafka.getConfiguration().isUseIterator()
                && (body instanceof Iterator || body instanceof Iterable)
                && !(body instanceof Collection<?> elements && elements.size() < 2);
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
