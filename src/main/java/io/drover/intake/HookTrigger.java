package io.drover.intake;

import io.drover.journal.KeyOwner;
import io.drover.route.RouteIds;
import io.drover.route.check.EndpointUri;
import io.drover.route.check.EventIdentity;
import io.drover.task.Backlog;
import io.drover.task.KeyOwners;
import org.apache.camel.Exchange;
import org.apache.camel.model.RouteDefinition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Requests: {@link HttpHook} answers them, and refuses them while the backlog is full. */
@Component
final class HookTrigger implements Trigger {

    private final ObjectProvider<Backlog> backlog;
    private final HookMappings hooks;
    private final KeyOwners owners;

    /** @param backlog found later: it needs Camel, which is not there yet */
    HookTrigger(ObjectProvider<Backlog> backlog, HookMappings hooks, KeyOwners owners) {
        this.backlog = backlog;
        this.hooks = hooks;
        this.owners = owners;
    }

    @Override
    public boolean isOf(String scheme) {
        return EventIdentity.HTTP.contains(scheme);
    }

    @Override
    public void dress(RouteDefinition route, String uri) {
        if (EndpointUri.of(uri).is("platform-http") || EndpointUri.of(uri).is("rest")) {
            route.routePolicy(new HttpHook(backlog.getObject(), hooks));
        }
    }

    @Override
    public TriggerEvent event(String scheme, Exchange exchange) {
        String sender = hooks.user(exchange);
        String user = owners.of(sender);
        String route = RouteIds.logical(exchange.getFromRouteId());
        String delivery = Deliveries.of(exchange.getMessage(), hooks.signed(exchange));
        return TriggerEvent.request(
                "%s:%s:%s".formatted(KeyOwner.EVENT, route, user),
                delivery == null ? null : route + "/" + SourceKeys.storable(delivery),
                user,
                sender);
    }
}
