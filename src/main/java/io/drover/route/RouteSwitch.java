package io.drover.route;

import io.drover.guard.ToolRegistry;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteKind;
import io.drover.route.check.RouteValidator;
import io.drover.task.WorkflowRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Builds a route beside the one that runs, then puts it in its place. A replaced tool or workflow runs on until the last
 * attempt that began with it has ended; other routes are stopped first, because two of them cannot consume side by side.
 * After each swap it is looked whether the new one takes what comes; if not, the old one starts again.
 */
@Component
class RouteSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(RouteSwitch.class);

    private static final String WAITS = "the %s is not loaded; this trigger runs when it is";

    private final CamelContext context;
    private final RouteYamlLoader loader;
    private final RouteValidator validator;
    private final RouteResources files;
    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final Destinations destinations;
    private final Map<String, String> running = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Set<String> retired = new HashSet<>();
    private final Map<String, String> resting = new ConcurrentHashMap<>();
    private final Map<String, RouteFile> sources = new ConcurrentHashMap<>();

    RouteSwitch(
            CamelContext context,
            RouteYamlLoader loader,
            RouteValidator validator,
            RouteResources files,
            ToolRegistry tools,
            WorkflowRegistry workflows) {
        this.context = context;
        this.loader = loader;
        this.validator = validator;
        this.files = files;
        this.tools = tools;
        this.workflows = workflows;
        this.destinations = new Destinations(context, workflows);
    }

    /** Puts a file's route in force; when that fails, what ran before runs on. */
    void put(RouteFile file) throws RouteFileException {
        RouteDefinition definition = parse(file);
        String missing = destinations.missing(definition, Set.of());
        if (missing != null) {
            throw RouteFileException.waits(WAITS.formatted(missing));
        }
        put(file.id(), file.digest(), definition);
        sources.put(file.id(), file);
    }

    /** The routes that are loaded and not started, because their files say so; by id, why. */
    Map<String, String> resting() {
        return Map.copyOf(resting);
    }

    /** Whether a route is in force under an id, or at rest. */
    synchronized boolean isKnown(String id) {
        return running.containsKey(id) || resting.containsKey(id);
    }

    /**
     * The triggers that would refuse all that comes, because what they name is not there any more; by id, what they miss.
     *
     * @param gone what is about to be removed
     */
    synchronized Map<String, String> stranded(Set<String> gone) {
        Map<String, String> stranded = new HashMap<>();
        running.forEach((id, routeId) -> {
            String missing = destinations.missing(model().getRouteDefinition(routeId), gone);
            if (missing != null) {
                stranded.put(id, WAITS.formatted(missing));
            }
        });
        return stranded;
    }

    /** Puts a route in force under an id; when that fails, what ran before runs on. */
    synchronized void put(String id, long digest, RouteDefinition definition) throws RouteFileException {
        String old = running.get(id);
        OwnResources.name(context, definition, next(id));
        RouteDefinition before = old == null ? null : model().getRouteDefinition(old);
        boolean meet = before != null && OwnResources.meet(before, definition);
        if (old != null && meet) {
            running.remove(id);
            discard(old);
        }
        try {
            replace(id, digest, definition, meet ? null : old);
        } catch (Exception e) {
            if (meet) {
                restore(id, e);
            }
            throw new RouteFileException(RouteErrors.line(e), RouteErrors.message(e), e);
        }
    }

    /** The id of the version that is built next. */
    private String next(String id) {
        return RouteIds.version(id, versions.getOrDefault(id, 0) + 1);
    }

    /** Builds the version before again, which had to go before its successor could be built. */
    private void restore(String id, Exception failure) {
        try {
            RouteFile file = Objects.requireNonNull(sources.get(id), "no file is known of the version before");
            RouteDefinition definition = parse(file);
            OwnResources.name(context, definition, next(id));
            replace(id, file.digest(), definition, null);
        } catch (Exception e) {
            LOG.error("route {} does not run: its new version failed, and so does the one before", id, e);
            failure.addSuppressed(e);
        }
    }

    private void replace(String id, long digest, RouteDefinition definition, @Nullable String old) throws Exception {
        boolean starts = isAutoStarted(definition);
        definition.setAutoStartup("false"); // when it starts is decided here
        String routeId = RouteIds.version(id, versions.merge(id, 1, Integer::sum));
        definition.setId(routeId);
        files.built(routeId, digest);
        try {
            model().addRouteDefinition(definition);
            if (model().getRouteDefinition(routeId) == null) {
                files.removed(routeId);
                remove(id);
                resting.put(id, "its precondition is false");
                return;
            }
            start(id, routeId, old, isShared(definition), starts);
        } catch (Exception e) {
            discard(routeId);
            throw e;
        }
        running.put(id, routeId);
        resting.remove(id);
        if (!starts) {
            resting.put(id, "its autoStartup is false");
        }
        if (old != null) {
            withdraw(old); // its name may have changed
        }
    }

    private boolean isAutoStarted(RouteDefinition definition) {
        return definition.getAutoStartup() == null
                || Boolean.parseBoolean(context.resolvePropertyPlaceholders(definition.getAutoStartup()));
    }

    private void start(String id, String routeId, @Nullable String old, boolean shared, boolean starts)
            throws Exception {
        boolean oldIsShared = old != null && isShared(model().getRouteDefinition(old));
        if (old == null || shared && oldIsShared) {
            start(routeId, starts);
            if (old != null) {
                retired.add(old);
            }
            return;
        }
        boolean ran = context.getRouteController().getRouteStatus(old) == ServiceStatus.Started;
        if (!oldIsShared) {
            context.getRouteController().stopRoute(old);
        }
        try {
            start(routeId, starts);
        } catch (Exception e) {
            goOn(id, old, ran, e);
            throw e;
        }
        if (oldIsShared) {
            retired.add(old);
        } else {
            discard(old);
        }
    }

    private void start(String routeId, boolean starts) throws Exception {
        if (starts) {
            context.getRouteController().startRoute(routeId);
            OwnResources.prove(context, routeId);
        }
    }

    /** The version before, which was stopped for its successor. */
    private void goOn(String id, String old, boolean ran, Exception failure) {
        try {
            start(old, ran);
        } catch (Exception e) {
            LOG.error("route {} does not run: its new version failed, and so does the one before", id, e);
            running.remove(id);
            discard(old);
            failure.addSuppressed(e);
        }
    }

    /** New attempts do not find it any more. */
    private void withdraw(String routeId) {
        tools.remove(routeId);
        workflows.remove(routeId);
    }

    /** Takes a route out of force. */
    synchronized void remove(String id) {
        resting.remove(id);
        sources.remove(id);
        String routeId = running.remove(id);
        if (routeId != null) {
            withdraw(routeId);
            retired.add(routeId);
            sweep();
        }
    }

    /** Removes the replaced routes that no attempt uses any more. */
    synchronized void sweep() {
        if (retired.isEmpty()) {
            return;
        }
        Set<String> reachable = tools.reachableRoutes();
        reachable.addAll(workflows.reachableRoutes());
        for (String routeId : Set.copyOf(retired)) {
            // A call that timed out may still be under way; stopping its route now would wait for it.
            boolean idle = context.getInflightRepository().size(routeId) == 0
                    || !isShared(model().getRouteDefinition(routeId));
            if (!reachable.contains(routeId) && idle) {
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
            model().getRouteDefinitions().removeIf(route -> route.getId().equals(routeId));
            files.removed(routeId);
        } catch (Exception e) {
            LOG.warn("route {} could not be removed: {}", routeId, e.getMessage());
        }
    }

    private RouteDefinition parse(RouteFile file) throws RouteFileException {
        SortedSet<Problem> problems = validator.problems(files.directory(), file.id(), file.text());
        if (!problems.isEmpty()) {
            String more = problems.size() == 1 ? "" : " (and %d more)".formatted(problems.size() - 1);
            throw new RouteFileException(
                    problems.first().line(), problems.first().message() + more, null);
        }
        RoutesDefinition routes;
        try {
            RouteBuilder builder = loader.doLoadRouteBuilder(
                    ResourceHelper.fromString(file.path().toString(), file.text()));
            routes = builder.configureRoutes(context);
        } catch (Exception e) {
            throw new RouteFileException(RouteErrors.line(e), RouteErrors.message(e), e);
        }
        return routes.getRoutes().get(0);
    }

    private Model model() {
        return context.getCamelContextExtension().getContextPlugin(Model.class);
    }

    private boolean isShared(@Nullable RouteDefinition definition) {
        return definition != null
                && RouteKind.of(context.resolvePropertyPlaceholders(
                                definition.getInput().getEndpointUri()))
                        .isShared();
    }
}
