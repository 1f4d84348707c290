package io.drover.camel;

import io.drover.guard.ToolRegistry;
import io.drover.task.WorkflowRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Builds a route beside the one that runs, then puts it in its place. A replaced tool or workflow runs on until the last
 * attempt that began with it has ended; other routes are stopped first, because two of them cannot consume side by side.
 */
@Component
class RouteSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSwitch.class);

    private final CamelContext context;
    private final RouteYamlLoader loader;
    private final DefinitionFiles files;
    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final Map<String, String> running = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Set<String> retired = new HashSet<>();

    RouteSwitch(
            CamelContext context,
            RouteYamlLoader loader,
            DefinitionFiles files,
            ToolRegistry tools,
            WorkflowRegistry workflows) {
        this.context = context;
        this.loader = loader;
        this.files = files;
        this.tools = tools;
        this.workflows = workflows;
    }

    /** Puts a file's route in force; when that fails, what ran before runs on. */
    synchronized void put(RouteFile file) throws RouteFileException {
        RouteDefinition definition = parse(file);
        String old = running.get(file.id());
        String routeId = RouteIds.version(file.id(), versions.merge(file.id(), 1, Integer::sum));
        definition.setId(routeId);
        definition.setAutoStartup("false");
        files.built(routeId, file.digest());
        try {
            context.getCamelContextExtension().getContextPlugin(Model.class).addRouteDefinition(definition);
            start(routeId, old, isShared(definition));
            running.put(file.id(), routeId);
        } catch (Exception e) {
            discard(routeId);
            throw new RouteFileException(RouteYaml.line(e), RouteYaml.message(e), e);
        }
    }

    private void start(String routeId, String old, boolean shared) throws Exception {
        if (old == null) {
            context.getRouteController().startRoute(routeId);
        } else if (shared) {
            context.getRouteController().startRoute(routeId);
            retired.add(old);
        } else {
            context.getRouteController().stopRoute(old);
            try {
                context.getRouteController().startRoute(routeId);
            } catch (Exception e) {
                context.getRouteController().startRoute(old);
                throw e;
            }
            discard(old);
        }
    }

    /** Takes a route out of force. */
    synchronized void remove(String id) {
        String routeId = running.remove(id);
        if (routeId == null) {
            return;
        }
        tools.remove(id, routeId);
        workflows.remove(id, routeId);
        retired.add(routeId);
        sweep();
    }

    /** Removes the replaced routes that no attempt uses any more. */
    synchronized void sweep() {
        if (retired.isEmpty()) {
            return;
        }
        Set<String> reachable = tools.reachableRoutes();
        reachable.addAll(workflows.reachableRoutes());
        for (String routeId : Set.copyOf(retired)) {
            if (!reachable.contains(routeId)) {
                discard(routeId);
                retired.remove(routeId);
            }
        }
    }

    private void discard(String routeId) {
        try {
            if (context.getRoute(routeId) != null) {
                context.getRouteController().stopRoute(routeId);
                context.removeRoute(routeId);
            }
            context.getCamelContextExtension()
                    .getContextPlugin(Model.class)
                    .getRouteDefinitions()
                    .removeIf(route -> route.getId().equals(routeId));
            files.removed(routeId);
        } catch (Exception e) {
            LOG.warn("route {} could not be removed: {}", routeId, e.getMessage());
        }
    }

    private RouteDefinition parse(RouteFile file) throws RouteFileException {
        RoutesDefinition routes;
        try {
            RouteBuilder builder = loader.doLoadRouteBuilder(
                    ResourceHelper.fromString(file.path().toString(), file.text()));
            routes = builder.configureRoutes(context);
        } catch (Exception e) {
            throw new RouteFileException(RouteYaml.line(e), RouteYaml.message(e), e);
        }
        if (routes.getRoutes().size() != 1) {
            throw new RouteFileException(
                    1,
                    "the file must hold one route, and holds "
                            + routes.getRoutes().size(),
                    null);
        }
        RouteDefinition definition = routes.getRoutes().get(0);
        if (!file.id().equals(definition.getId())) {
            throw new RouteFileException(
                    1,
                    "the route's id must be the file's name: '%s', not '%s'".formatted(file.id(), definition.getId()),
                    null);
        }
        return definition;
    }

    private static boolean isShared(RouteDefinition definition) {
        String uri = definition.getInput().getEndpointUri();
        return uri.startsWith("tool:") || uri.startsWith("task:");
    }
}
