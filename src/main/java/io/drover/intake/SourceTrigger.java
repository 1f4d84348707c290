package io.drover.intake;

import io.drover.journal.KeyOwner;
import io.drover.route.RouteIds;
import org.apache.camel.Exchange;

/** Schedules, files, mail and messages: Camel acknowledges an event when its exchange has ended well. */
final class SourceTrigger implements Trigger {

    @Override
    public boolean isOf(String scheme) {
        return true;
    }

    @Override
    public TriggerEvent event(String scheme, Exchange exchange) {
        String route = RouteIds.logical(exchange.getFromRouteId());
        String identity = SourceKeys.identity(scheme, exchange);
        return TriggerEvent.of(
                scheme,
                KeyOwner.EVENT + ":" + route,
                identity == null ? null : route + "/" + SourceKeys.storable(identity));
    }
}
