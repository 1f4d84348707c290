package io.drover.intake;

import io.drover.route.RouteDresser;
import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteKind;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/** Adds {@link EventPolicy} to every trigger, and what its kind needs. */
@Component
class TriggerDresser implements RouteDresser {

    private final Triggers triggers;

    TriggerDresser(Triggers triggers) {
        this.triggers = triggers;
    }

    @Override
    public void dress(RouteDefinition route, RouteKind kind, String uri) {
        if (kind != RouteKind.TRIGGER) {
            return;
        }
        route.routePolicy(new EventPolicy(triggers));
        triggers.of(EndpointUri.of(uri).scheme()).dress(route, uri);
    }
}
