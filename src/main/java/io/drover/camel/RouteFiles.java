package io.drover.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Keeps the running routes equal to the files in the routes directory. A file that cannot be built changes nothing that
 * runs: it is reported until it is mended.
 */
@Component
public class RouteFiles implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final Path directory;
    private final RoutesProperties properties;
    private final RouteSwitch routes;
    private final Map<String, RouteFile> loaded = new HashMap<>();
    private final Map<String, Long> tried = new HashMap<>();
    private final Map<String, RouteProblem> problems = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService poll = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("route-files").factory());
    private volatile boolean running;

    RouteFiles(RoutesProperties properties, RouteSwitch routes) {
        this.properties = properties;
        this.directory = properties.directory().toAbsolutePath().normalize();
        this.routes = routes;
    }

    /**
     * A file that is not in force as it stands.
     *
     * @param runs whether an earlier version of it runs
     */
    public record RouteProblem(String file, int line, String message, boolean runs) {}

    /** The files that are broken now. */
    public List<RouteProblem> problems() {
        return List.copyOf(problems.values());
    }

    /** The file that a route was read from, relative to the routes directory, or null. */
    public synchronized @Nullable String fileOf(String routeId) {
        RouteFile file = loaded.get(RouteIds.logical(routeId));
        return file == null ? null : relative(file.path());
    }

    @Override
    @EventListener(ApplicationStartedEvent.class)
    @Order(1)
    public void start() {
        if (!Files.isDirectory(directory)) {
            throw new IllegalStateException(
                    "drover.routes.directory (%s) is not a directory; it must hold the route files"
                            .formatted(directory));
        }
        reconcile();
        long millis = properties.poll().toMillis();
        poll.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS);
        running = true;
        LOG.info("{} routes run from {}", loaded.size(), directory);
    }

    private void tick() {
        try {
            reconcile();
            routes.sweep();
        } catch (RuntimeException e) {
            LOG.error("looking at {} failed, and is tried again", directory, e);
        }
    }

    /** Makes what runs equal to what is on disk. */
    synchronized void reconcile() {
        Map<String, RouteFile> onDisk = read();
        Set<String> gone = new HashSet<>(loaded.keySet());
        gone.removeAll(onDisk.keySet());
        for (String id : gone) {
            LOG.info(
                    "{} was deleted: its route is removed when its attempts have ended",
                    relative(loaded.remove(id).path()));
            routes.remove(id);
        }
        problems.values().removeIf(problem -> !Files.exists(directory.resolve(problem.file())));
        for (RouteFile file : inLoadingOrder(onDisk)) {
            RouteFile now = loaded.get(file.id());
            if (now != null && now.digest() == file.digest()) {
                tried.remove(file.id());
                problems.remove(relative(file.path()));
            } else if (!Long.valueOf(file.digest()).equals(tried.put(file.id(), file.digest()))) {
                load(file, now != null);
            }
        }
    }

    private void load(RouteFile file, boolean runs) {
        String name = relative(file.path());
        try {
            routes.put(file);
            loaded.put(file.id(), file);
            problems.remove(name);
            if (runs) {
                LOG.info("{} was changed: new attempts use it", name);
            }
        } catch (RouteFileException e) {
            problems.put(name, new RouteProblem(name, e.line(), e.getMessage(), runs));
            LOG.error("{}:{}: {}{}", name, e.line(), e.getMessage(), runs ? " (the version before goes on)" : "");
        }
    }

    /** Tools first, then workflows, then triggers: nothing comes in before it can be worked on. */
    private static List<RouteFile> inLoadingOrder(Map<String, RouteFile> files) {
        List<RouteFile> ordered = new ArrayList<>(files.values());
        ordered.sort(Comparator.comparingInt(file -> rank(RouteYaml.fromUri(file.text()))));
        return ordered;
    }

    private static int rank(String fromUri) {
        return fromUri.startsWith("tool:") ? 0 : fromUri.startsWith("task:") ? 1 : 2;
    }

    private Map<String, RouteFile> read() {
        Map<String, RouteFile> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            paths.filter(path -> path.getFileName().toString().endsWith(RouteFile.SUFFIX))
                    .filter(path ->
                            !directory.relativize(path).toString().contains("..")) // a mounted ConfigMap's own folders
                    .sorted()
                    .map(path -> RouteFile.read(directory, path))
                    .forEach(file -> {
                        RouteFile same = files.putIfAbsent(file.id(), file);
                        if (same != null) {
                            problems.put(
                                    relative(file.path()),
                                    new RouteProblem(
                                            relative(file.path()),
                                            1,
                                            "the route id '%s' is taken by %s; give the file another name"
                                                    .formatted(file.id(), relative(same.path())),
                                            false));
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private String relative(Path path) {
        return directory.relativize(path).toString();
    }

    @Override
    public void stop() {
        poll.shutdownNow();
        running = false;
    }

    /** Camel starts when the application context is complete, and this after Camel. */
    @Override
    public boolean isAutoStartup() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops after the worker and before Camel. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
