package io.drover.camel;

import io.drover.guard.Guard;
import io.drover.task.Backlog;
import io.drover.task.KeyOwners;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Puts the guard around the steps of every {@code from: tool:} route and {@link EventPolicy} around every trigger, gives every
 * {@code from: kafka:} route a consumer group of its own, and puts {@link HttpHook} around every {@code from: platform-http:}
 * route, whatever way the route is added.
 */
@Component
class GuardInstaller extends ModelLifecycleStrategySupport {

    /** A Kafka trigger, behind {@code master:<lease>:} or not. */
    private static final Pattern KAFKA = Pattern.compile("(?:master:[^:?]*:)?kafka:");

    private static final Pattern GROUP = Pattern.compile("[?&]groupId=");
    private static final String HOOK = "platform-http:";
    private static final Set<String> OURS = Set.of("tool:", "task:", "kafka:", "direct:", HOOK);

    /** Their messages come from other routes. */
    private static final Set<String> INNER = Set.of("tool:", "task:", "agent:", "direct:", "seda:");

    private final Guard guard;
    private final ObjectProvider<Backlog> backlog;
    private final HookMappings hooks;
    private final KeyOwners owners;

    /** @param backlog found later: it needs Camel, which is not there yet */
    GuardInstaller(Guard guard, ObjectProvider<Backlog> backlog, HookMappings hooks, KeyOwners owners) {
        this.owners = owners;
        this.guard = guard;
        this.backlog = backlog;
        this.hooks = hooks;
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        CamelContext context = route.getCamelContext();
        String uri = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        if (!Guard.isAround(route)) {
            AwaitedRoutes.prepare(route);
        }
        if (OURS.stream().anyMatch(uri::startsWith) && !route.isErrorHandlerFactorySet()) {
            // Guard, worker, intake and hook own failures and retries, also those of the direct: routes that they call;
            // Camel's handler would only log each of them at length.
            route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
        }
        if (INNER.stream().noneMatch(uri::startsWith)) {
            route.routePolicy(new EventPolicy(owners, hooks));
        }
        if (uri.startsWith("tool:") && !Guard.isAround(route)) {
            ToolEndpoint endpoint = context.getEndpoint(uri, ToolEndpoint.class);
            try {
                guard.buildAround(route, endpoint.spec(), context);
            } catch (IllegalArgumentException e) {
                throw new RuntimeCamelException(e.getMessage(), e);
            }
        } else if (KAFKA.matcher(uri).lookingAt()) {
            ownGroup(route, uri, context);
        } else if (uri.startsWith(HOOK)) {
            route.routePolicy(new HttpHook(backlog.getObject(), hooks));
        }
    }

    /** Triggers in one group would be disturbed by each other's topics. */
    private static void ownGroup(RouteDefinition route, String uri, CamelContext context) {
        if (route.getId() != null && !GROUP.matcher(uri).find()) {
            String prefix = GroupOffsets.prefix(
                    context.getComponent("kafka", KafkaComponent.class).getConfiguration());
            String group = URLEncoder.encode(
                    GroupOffsets.own(prefix, RouteIds.logical(route.getId())), StandardCharsets.UTF_8);
            String given = route.getInput().getUri();
            route.getInput().setUri(given + (given.contains("?") ? "&" : "?") + "groupId=" + group);
        }
    }
}
