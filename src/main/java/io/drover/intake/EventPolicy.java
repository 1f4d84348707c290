package io.drover.intake;

import io.drover.journal.KeyOwner;
import io.drover.route.RouteIds;
import io.drover.route.check.EventIdentity;
import io.drover.task.KeyOwners;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Around every trigger: takes the identity of an event before the author's first step can change it. */
final class EventPolicy extends RouteWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EventPolicy.class);

    private final KeyOwners owners;
    private final HookMappings hooks;

    EventPolicy(KeyOwners owners, HookMappings hooks) {
        this.owners = owners;
        this.hooks = hooks;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        if (TriggerEvent.of(exchange) != null) {
            return; // it came through another trigger, such as a kamelet's
        }
        String scheme = SourceKeys.scheme(exchange.getFromEndpoint());
        try {
            event(scheme, exchange).bindTo(exchange);
        } catch (RuntimeException e) { // Camel would go on; so its tasks need a key
            LOG.warn("the identity of an event from {} is not known: {}", scheme, e.toString());
            TriggerEvent.of(scheme, KeyOwner.EVENT, null).bindTo(exchange);
        }
    }

    private TriggerEvent event(String scheme, Exchange exchange) {
        if (!EventIdentity.HTTP.contains(scheme)) {
            return SourceKeys.event(exchange);
        }
        String user = owners.of(hooks.user(exchange));
        String route = RouteIds.logical(exchange.getFromRouteId());
        String delivery = Deliveries.of(exchange.getMessage());
        return TriggerEvent.request(
                "%s:%s:%s".formatted(KeyOwner.EVENT, route, user),
                delivery == null ? null : route + "/" + SourceKeys.storable(delivery),
                user);
    }
}
