package io.drover.route;

import io.drover.json.Excerpt;
import io.drover.route.check.RouteKind;
import io.drover.route.check.RouteValidator;
import io.drover.start.Part;
import io.drover.start.Periodic;
import io.drover.start.Sequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keeps the running routes equal to the files in the routes directory. A file that cannot be built changes nothing that
 * runs: it is reported until it is corrected.
 */
@Component
public class RouteFiles implements Part {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    /** What a file needs may come back, such as a database that its route opens when it starts. */
    private static final Duration TRIED_AGAIN_AFTER = Duration.ofSeconds(30);

    private final Path directory;
    private final RouteDirectory disk;
    private final RoutesProperties properties;
    private final RouteSwitch routes;
    private final boolean triggers;
    private final Map<String, RouteFile> loaded = new HashMap<>();
    private final Map<String, Tried> tried = new HashMap<>();
    private final Map<String, RouteProblem> problems = new ConcurrentSkipListMap<>();

    /** The files that were broken at the start and have not been loaded since. */
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    private final Periodic poll;
    private volatile boolean running;

    RouteFiles(RoutesProperties properties, RouteSwitch routes, @Value("${drover.role:all}") String role) {
        this.properties = properties;
        this.poll = new Periodic("route-files", properties.poll(), this::tick);
        this.directory = properties.directory().toAbsolutePath().normalize();
        this.disk = new RouteDirectory(directory);
        this.routes = routes;
        this.triggers = !role.equals("worker");
    }

    /**
     * A file whose current version is not in force.
     *
     * @param runs  whether an earlier version of it runs
     * @param waits whether nothing is wrong with it, but with what it names
     */
    public record RouteProblem(String file, int line, String message, boolean runs, boolean waits) {}

    private record Tried(long digest, long nanos) {}

    /** The files that are broken now. */
    public List<RouteProblem> problems() {
        return List.copyOf(problems.values());
    }

    /** A file that is loaded, and whose route is not started, because the file says so. */
    public record RouteAtRest(String file, String reason) {}

    /** The files whose routes are not started. */
    public synchronized List<RouteAtRest> atRest() {
        Map<String, String> resting = routes.resting();
        return loaded.values().stream()
                .filter(file -> resting.containsKey(file.id()))
                .map(file -> new RouteAtRest(relative(file.path()), String.valueOf(resting.get(file.id()))))
                .sorted(Comparator.comparing(RouteAtRest::file))
                .toList();
    }

    /** Whether every file that was there at the start has been loaded once; one that breaks later changes nothing. */
    public boolean areAllLoaded() {
        return running && problems.keySet().stream().noneMatch(missing::contains);
    }

    /** The file that a route was read from, relative to the routes directory, or null. */
    public synchronized @Nullable String fileOf(String routeId) {
        RouteFile file = loaded.get(RouteIds.logical(routeId));
        return file == null ? null : relative(file.path());
    }

    @Override
    public Sequence place() {
        return Sequence.ROUTE_FILES;
    }

    @Override
    public void start() {
        if (!Files.isDirectory(directory)) {
            throw new IllegalStateException(
                    "drover.routes.directory (%s) is not a directory; it must hold the route files"
                            .formatted(directory));
        }
        reconcile();
        problems.values().stream()
                .filter(problem -> !problem.runs() && !problem.waits())
                .forEach(problem -> missing.add(problem.file()));
        atRest().forEach(rest -> LOG.info("{} is not started: {}", rest.file(), rest.reason()));
        poll.start();
        running = true;
        LOG.info("{} routes run from {}", loaded.size(), directory);
    }

    private void tick() {
        reconcile();
        routes.sweep();
    }

    /** Makes what runs equal to what is on disk. */
    synchronized void reconcile() {
        Map<String, String> leftOut = new HashMap<>();
        Map<String, RouteFile> found = disk.read(loaded, (path, message) -> leftOut.put(relative(path), message));
        Set<String> gone = new TreeSet<>(loaded.keySet());
        gone.removeAll(found.keySet());
        tried.keySet().retainAll(found.keySet());
        List<RouteFile> changed = found.values().stream().filter(this::isNew).toList();
        if (!changed.isEmpty() || !gone.isEmpty()) {
            Map<String, String> doubles = RouteDirectory.doubles(found, loaded);
            remove(gone, false); // a renamed trigger must not consume twice
            inLoadingOrder(changed).forEach(file -> load(file, doubles.get(file.id())));
        }
        routes.stranded(gone).forEach(this::strand);
        remove(gone, true); // a renamed tool or workflow is never missed
        problems.keySet()
                .removeIf(name -> !Files.exists(directory.resolve(name))
                        || !leftOut.containsKey(name) && isInForce(found.get(RouteFile.id(Path.of(name)))));
        leftOut.forEach((name, message) -> report(new RouteProblem(name, 1, message, isLoaded(name), false)));
        missing.retainAll(problems.keySet()); // what was loaded once, or deleted, is no reason any more
    }

    private boolean isNew(RouteFile file) {
        if (isInForce(file)) {
            tried.remove(file.id());
            return false;
        }
        Tried before = tried.get(file.id());
        long now = System.nanoTime();
        if (before != null && before.digest() == file.digest() && now - before.nanos() < TRIED_AGAIN_AFTER.toNanos()) {
            return false;
        }
        tried.put(file.id(), new Tried(file.digest(), now));
        return true;
    }

    private boolean isInForce(@Nullable RouteFile file) {
        RouteFile now = file == null ? null : loaded.get(file.id());
        return file != null && now != null && now.digest() == file.digest();
    }

    private boolean isLoaded(String name) {
        RouteFile now = loaded.get(RouteFile.id(Path.of(name)));
        return now != null && relative(now.path()).equals(name);
    }

    private void load(RouteFile file, @Nullable String refusal) {
        String name = relative(file.path());
        boolean runs = loaded.containsKey(file.id());
        try {
            if (refusal != null) {
                tried.remove(file.id()); // it may come right by a change of another file
                throw new RouteFileException(1, refusal, null);
            }
            routes.put(file);
            loaded.put(file.id(), file);
            problems.remove(name);
            if (runs) {
                LOG.info("{} was changed: new attempts use it", name);
            }
        } catch (RouteFileException e) {
            if (e.waits()) {
                tried.remove(file.id());
            }
            failed(file, e.line(), String.valueOf(e.getMessage()), e.waits());
        } catch (RuntimeException | StackOverflowError e) { // one file never keeps the others from being loaded
            failed(file, 1, "the file cannot be loaded: " + Excerpt.of(e.toString()), false);
        }
    }

    private void failed(RouteFile file, int line, String message, boolean waits) {
        boolean runs = loaded.containsKey(file.id()) && routes.isKnown(file.id());
        if (!runs) {
            loaded.remove(file.id());
        }
        report(new RouteProblem(relative(file.path()), line, message, runs, waits));
    }

    /** Its records wait in Kafka, rather than become dead letters because a file is missing. */
    private void strand(String id, String message) {
        RouteFile file = loaded.remove(id);
        if (file != null) {
            routes.remove(id);
            report(new RouteProblem(relative(file.path()), 1, message, false, true));
        }
    }

    private void report(RouteProblem problem) {
        if (!problem.equals(problems.put(problem.file(), problem))) {
            LOG.error(
                    "{}:{}: {}{}",
                    problem.file(),
                    problem.line(),
                    problem.message(),
                    problem.runs() ? " (the version before goes on)" : "");
        }
    }

    private void remove(Set<String> gone, boolean shared) {
        for (String id : gone) {
            RouteFile file = loaded.get(id);
            if (file != null && kind(file).isShared() == shared) {
                loaded.remove(id);
                LOG.info("{} was deleted: its route is removed when its attempts have ended", relative(file.path()));
                routes.remove(id);
            }
        }
    }

    /** Tools first, then workflows, then triggers: nothing comes in before it can be worked on. */
    private List<RouteFile> inLoadingOrder(List<RouteFile> files) {
        List<RouteFile> ordered = new ArrayList<>(files);
        ordered.removeIf(file -> !triggers && kind(file) == RouteKind.TRIGGER);
        ordered.sort(Comparator.comparing(RouteFiles::kind));
        return ordered;
    }

    private static RouteKind kind(RouteFile file) {
        return RouteKind.of(RouteValidator.fromUri(file.text()));
    }

    private String relative(Path path) {
        return directory.relativize(path).toString();
    }

    @Override
    public void stop() {
        poll.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
