package io.drover.intake;

import io.drover.route.RouteDresser;
import io.drover.route.RouteIds;
import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteKind;
import io.drover.task.Backlog;
import io.drover.task.KeyOwners;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.model.RouteDefinition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Puts {@link EventPolicy} around every trigger, gives every {@code from: kafka:} route a consumer group of its own, and puts
 * {@link HttpHook} around every {@code from: platform-http:} or {@code from: rest:} route.
 */
@Component
class TriggerDresser implements RouteDresser {

    private static final Pattern GROUP = Pattern.compile("[?&]groupId=");

    private final ObjectProvider<Backlog> backlog;
    private final HookMappings hooks;
    private final KeyOwners owners;

    /** @param backlog found later: it needs Camel, which is not there yet */
    TriggerDresser(ObjectProvider<Backlog> backlog, HookMappings hooks, KeyOwners owners) {
        this.backlog = backlog;
        this.hooks = hooks;
        this.owners = owners;
    }

    @Override
    public void dress(RouteDefinition route, RouteKind kind, String uri) {
        if (kind != RouteKind.TRIGGER) {
            return;
        }
        route.routePolicy(new EventPolicy(owners, hooks));
        EndpointUri from = EndpointUri.of(uri);
        if (from.is("kafka")) {
            ownGroup(route, uri);
        } else if (from.is("platform-http") || from.is("rest")) { // the same server behind both
            route.routePolicy(new HttpHook(backlog.getObject(), hooks));
        }
    }

    /** Triggers in one group would be disturbed by each other's topics. */
    private static void ownGroup(RouteDefinition route, String uri) {
        if (route.getId() != null && !GROUP.matcher(uri).find()) {
            KafkaComponent kafka = route.getCamelContext().getComponent("kafka", KafkaComponent.class);
            String prefix = GroupOffsets.prefix(kafka.getConfiguration());
            String group = URLEncoder.encode(
                    GroupOffsets.own(prefix, RouteIds.logical(route.getId())), StandardCharsets.UTF_8);
            String given = route.getInput().getUri();
            route.getInput().setUri(given + (given.contains("?") ? "&" : "?") + "groupId=" + group);
        }
    }
}
