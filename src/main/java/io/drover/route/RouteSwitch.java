package io.drover.route;

import io.drover.guard.ToolRegistry;
import io.drover.route.check.RouteFile;
import io.drover.task.WorkflowRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.RouteDefinition;
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

    private final CamelContext context;
    private final CamelRoutes routes;
    private final RouteDefinitions definitions;
    private final RetiredRoutes retired;
    private final Destinations destinations;
    private final Map<String, String> running = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Map<String, String> resting = new ConcurrentHashMap<>();
    private final Map<String, RouteFile> sources = new ConcurrentHashMap<>();

    RouteSwitch(
            CamelContext context,
            CamelRoutes routes,
            RouteDefinitions definitions,
            ToolRegistry tools,
            WorkflowRegistry workflows) {
        this.context = context;
        this.routes = routes;
        this.definitions = definitions;
        this.retired = new RetiredRoutes(routes, tools, workflows);
        this.destinations = new Destinations(context, workflows);
    }

    /** Puts a file's route in force; when that fails, what ran before runs on. */
    void put(RouteFile file) throws RouteFileException {
        RouteDefinition definition = definitions.of(file);
        String missing = destinations.missing(definition, Set.of());
        if (missing != null) {
            throw RouteFileException.waits(missing);
        }
        put(file.id(), file.digest(), definition);
        sources.put(file.id(), file);
    }

    /**
     * Checks a file whose route does not run in this process.
     *
     * @throws RouteFileException when the file is not right; it says where and why
     */
    void check(RouteFile file) throws RouteFileException {
        definitions.of(file);
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
            RouteDefinition definition = routes.definition(routeId);
            String missing = definition == null ? null : destinations.missing(definition, gone);
            if (missing != null) {
                stranded.put(id, missing);
            }
        });
        return stranded;
    }

    /** Puts a route in force under an id; when that fails, what ran before runs on. */
    synchronized void put(String id, long digest, RouteDefinition definition) throws RouteFileException {
        String old = running.get(id);
        OwnResources.name(context, definition, next(id));
        RouteDefinition before = old == null ? null : routes.definition(old);
        if (old != null && before != null && OwnResources.meet(context, before, definition)) {
            exchange(id, digest, definition, old);
            return;
        }
        try (var quiet = OwnResources.quiet(context, definition)) {
            replace(id, digest, definition, old, routes.first(definition));
        } catch (Exception e) {
            throw RouteFileException.of(e, e instanceof HandedBackException);
        }
    }

    /** Removes the route that runs before its successor is built. */
    private void exchange(String id, long digest, RouteDefinition definition, String old) throws RouteFileException {
        ServiceStatus before = routes.status(old);
        running.remove(id);
        routes.discard(old);
        try {
            replace(id, digest, definition, null, routes.first(definition));
        } catch (Exception e) {
            restore(id, before, e);
            throw RouteFileException.of(e, true);
        }
    }

    /** The id of the version that is built next. */
    private String next(String id) {
        return RouteIds.version(id, versions.getOrDefault(id, 0) + 1);
    }

    /** Builds the version before again, which had to go before its successor could be built; in the state it was in. */
    private void restore(String id, ServiceStatus before, Exception failure) {
        try {
            RouteFile file = Objects.requireNonNull(sources.get(id), "what runs was read from a file");
            RouteDefinition definition = definitions.of(file);
            OwnResources.name(context, definition, next(id));
            replace(id, file.digest(), definition, null, before);
        } catch (Exception e) {
            LOG.error("route {} does not run: its new version failed, and so did the previous one", id, e);
            failure.addSuppressed(e);
        }
    }

    private void replace(String id, long digest, RouteDefinition definition, @Nullable String old, ServiceStatus state)
            throws Exception {
        boolean rests = !routes.isAutoStarted(definition); // when it starts is decided here
        String routeId = RouteIds.version(id, versions.merge(id, 1, Integer::sum));
        try {
            if (!routes.add(routeId, digest, definition)) {
                remove(id);
                resting.put(id, "its precondition is false");
                return;
            }
            if (old == null) {
                routes.start(routeId, state);
            } else {
                takeOver(id, routeId, old, state);
            }
        } catch (Exception e) {
            routes.discard(routeId);
            throw e;
        }
        running.put(id, routeId);
        resting.remove(id);
        if (rests) {
            resting.put(id, "its autoStartup is false");
        }
        if (old != null) {
            retired.withdraw(old); // its name may have changed
        }
    }

    private void takeOver(String id, String routeId, String old, ServiceStatus state) throws Exception {
        if (routes.isShared(routes.definition(old))) {
            routes.start(routeId, state);
            retired.add(old);
            return;
        }
        ServiceStatus before = routes.status(old);
        routes.stop(old);
        try {
            routes.start(routeId, state);
        } catch (Exception e) {
            goOn(id, old, before, e);
            throw new HandedBackException(e);
        }
        routes.discard(old);
    }

    /** The route was stopped for a new version, which could not be started. */
    private static final class HandedBackException extends Exception {
        HandedBackException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** The version before, which was stopped for its successor. */
    private void goOn(String id, String old, ServiceStatus before, Exception failure) {
        try {
            routes.start(old, before);
        } catch (Exception e) {
            LOG.error("route {} does not run: its new version failed, and so did the previous one", id, e);
            running.remove(id);
            routes.discard(old);
            failure.addSuppressed(e);
        }
    }

    /** Takes a route out of force. */
    synchronized void remove(String id) {
        resting.remove(id);
        sources.remove(id);
        String routeId = running.remove(id);
        if (routeId != null) {
            retired.withdraw(routeId);
            retired.add(routeId);
            sweep();
        }
    }

    /** Removes the replaced routes that no attempt uses any more, and what they left. */
    synchronized void sweep() {
        retired.sweep();
        try {
            OwnResources.removeForsaken(context);
        } catch (Exception e) {
            LOG.warn("a schedule that no route has could not be removed; this is tried again: {}", e.getMessage());
        }
    }
}
