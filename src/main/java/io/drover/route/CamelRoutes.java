package io.drover.route;

import io.drover.route.check.RouteKind;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Camel's routes one by one: each version of a route has an id of its own, and is added, started, stopped and removed alone. */
@Component
class CamelRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(CamelRoutes.class);

    private final CamelContext context;
    private final RouteResources files;

    CamelRoutes(CamelContext context, RouteResources files) {
        this.context = context;
        this.files = files;
    }

    /** What a route was built from, or null when there is no such route. */
    @Nullable
    RouteDefinition definition(String routeId) {
        return model().getRouteDefinition(routeId);
    }

    /** Whether two versions of it may run side by side. */
    boolean isShared(@Nullable RouteDefinition definition) {
        return definition != null
                && RouteKind.of(context.resolvePropertyPlaceholders(
                                definition.getInput().getEndpointUri()))
                        .isShared();
    }

    boolean isAutoStarted(RouteDefinition definition) {
        return definition.getAutoStartup() == null
                || Boolean.parseBoolean(context.resolvePropertyPlaceholders(definition.getAutoStartup()));
    }

    ServiceStatus status(String routeId) {
        return context.getRouteController().getRouteStatus(routeId);
    }

    /** Whether no message is under way in it. */
    boolean isIdle(String routeId) {
        return context.getInflightRepository().size(routeId) == 0;
    }

    /**
     * Builds a route, which is not started.
     *
     * @param digest of what it was read from
     * @return false when it is not there, because its precondition is false
     */
    boolean add(String routeId, long digest, RouteDefinition definition) throws Exception {
        definition.setAutoStartup("false");
        definition.setId(routeId);
        files.built(routeId, digest);
        model().addRouteDefinition(definition);
        if (definition(routeId) == null) {
            files.removed(routeId);
            return false;
        }
        return true;
    }

    /** The state in which a new route begins. */
    ServiceStatus first(RouteDefinition definition) {
        return isAutoStarted(definition) ? ServiceStatus.Started : ServiceStatus.Stopped;
    }

    /**
     * Starts a route, and looks whether it takes what comes.
     *
     * @param state the state it is to be in. What was suspended is suspended again, and resumed by those who suspended it.
     */
    void start(String routeId, ServiceStatus state) throws Exception {
        boolean suspended = state == ServiceStatus.Suspended || state == ServiceStatus.Suspending;
        if (suspended || state == ServiceStatus.Started) {
            context.getRouteController().startRoute(routeId);
            OwnResources.prove(context, routeId);
        }
        if (suspended) {
            context.getRouteController().suspendRoute(routeId);
        }
    }

    void stop(String routeId) throws Exception {
        context.getRouteController().stopRoute(routeId);
    }

    /** Stops and removes a route, as far as it is there. */
    void discard(String routeId) {
        try {
            if (context.getRoute(routeId) != null) {
                stop(routeId);
                context.removeRoute(routeId);
            }
            model().getRouteDefinitions().removeIf(route -> route.getId().equals(routeId));
            files.removed(routeId);
        } catch (Exception e) {
            LOG.warn("route {} could not be removed: {}", routeId, e.getMessage());
        }
    }

    private Model model() {
        return context.getCamelContextExtension().getContextPlugin(Model.class);
    }
}
