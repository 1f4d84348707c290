package io.drover.intake;

import io.drover.journal.KeyOwner;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before every trigger's steps: it takes the identity of an event before the author's first step can change
 * it.
 */
final class EventPolicy extends RouteWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EventPolicy.class);

    private final Triggers triggers;

    EventPolicy(Triggers triggers) {
        this.triggers = triggers;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        if (TriggerEvent.of(exchange) != null) {
            return; // it came through another trigger, such as a kamelet's
        }
        String scheme = SourceKeys.scheme(exchange.getFromEndpoint());
        try {
            TriggerEvent event = triggers.of(scheme).event(scheme, exchange);
            event.at(SourceKeys.instant(scheme, exchange)).bindTo(exchange);
        } catch (RuntimeException e) { // Camel would go on; so its tasks need a key
            LOG.warn("the identity of an event from {} is not known: {}", scheme, e.toString());
            TriggerEvent.of(scheme, KeyOwner.EVENT, null).bindTo(exchange);
        }
    }
}
