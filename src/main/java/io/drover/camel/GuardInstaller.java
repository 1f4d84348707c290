package io.drover.camel;

import io.drover.guard.Guard;
import io.drover.task.Backlog;
import io.drover.task.KeyOwners;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Puts the guard around the steps of every {@code from: tool:} route, {@link EventPolicy} around every trigger, the intake
 * around every {@code from: kafka:} route and {@link HttpHook} around every {@code from: platform-http:} route, whatever
 * way the route is added.
 */
@Component
class GuardInstaller extends ModelLifecycleStrategySupport {

    private static final String HOOK = "platform-http:";
    private static final Set<String> OURS = Set.of("tool:", "task:", "kafka:", "direct:", HOOK);

    /** Their messages come from other routes. */
    private static final Set<String> INNER = Set.of("tool:", "task:", "agent:", "direct:", "seda:");

    private final Guard guard;
    private final IntakeFactory intakes;
    private final ObjectProvider<Backlog> backlog;
    private final HookMappings hooks;
    private final KeyOwners owners;

    /** @param backlog found later: it needs Camel, which is not there yet */
    GuardInstaller(
            Guard guard, IntakeFactory intakes, ObjectProvider<Backlog> backlog, HookMappings hooks, KeyOwners owners) {
        this.owners = owners;
        this.guard = guard;
        this.intakes = intakes;
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
        } else if (uri.startsWith("kafka:")) {
            route.routePolicy(intakes.create(context));
        } else if (uri.startsWith(HOOK)) {
            route.routePolicy(new HttpHook(backlog.getObject(), hooks));
        }
    }
}
