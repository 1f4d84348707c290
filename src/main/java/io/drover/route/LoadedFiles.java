package io.drover.route;

import io.drover.json.Excerpt;
import io.drover.route.RouteFiles.RouteProblem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteKind;
import io.drover.route.check.RouteReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files in force. Reconciling makes them those on disk: tools first, then workflows, then triggers. */
final class LoadedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final Path directory;
    private final RouteDirectory disk;
    private final RouteSwitch routes;
    private final RouteProblems problems;
    private final boolean triggers;
    private final SingleFiles beside;
    private final TriedFiles tried;
    private final Map<String, RouteFile> loaded = new HashMap<>();
    private Map<String, RouteFile> found = Map.of();

    /**
     * @param triggers whether this process has any; a worker leaves their files alone
     * @param nanos    the time
     */
    LoadedFiles(
            Path directory,
            RouteReader reader,
            RouteSwitch routes,
            RouteProblems problems,
            SingleFiles beside,
            boolean triggers,
            LongSupplier nanos) {
        this.tried = new TriedFiles(nanos);
        this.directory = directory;
        this.disk = new RouteDirectory(directory, reader);
        this.routes = routes;
        this.problems = problems;
        this.triggers = triggers;
        this.beside = beside;
    }

    @Nullable
    RouteFile get(String id) {
        return loaded.get(id);
    }

    /** Those that were found last, in force or not. */
    Collection<RouteFile> files() {
        return found.values();
    }

    List<String> names() {
        return Stream.concat(loaded.values().stream().map(RouteFile::name), beside.names())
                .sorted()
                .toList();
    }

    /** The digests of the files in force, by their names. */
    Map<String, Long> digests() {
        Map<String, Long> digests = new HashMap<>();
        loaded.values().forEach(file -> digests.put(file.name(), file.digest()));
        digests.putAll(beside.digests());
        return digests;
    }

    int size() {
        return loaded.size();
    }

    /** Makes what runs equal to what is on disk. */
    void reconcile() {
        Map<String, String> leftOut = new HashMap<>();
        found = disk.read(
                loaded,
                (path, message) -> leftOut.put(directory.relativize(path).toString(), message));
        beside.reconcile(found); // before a route runs that they are about
        Set<String> gone = new TreeSet<>(loaded.keySet());
        gone.removeAll(found.keySet());
        tried.seen(found.values());
        List<RouteFile> changed = found.values().stream().filter(this::isNew).toList();
        if (!changed.isEmpty() || !gone.isEmpty()) {
            Map<String, String> doubles = RouteDirectory.doubles(found, loaded);
            remove(gone, false); // a renamed trigger must not consume twice
            changed.stream()
                    .sorted(Comparator.comparing(RouteFile::kind))
                    .forEach(file -> load(file, doubles.get(file.id())));
        }
        routes.stranded(gone).forEach(this::strand);
        remove(gone, true); // a renamed tool or workflow is never missed
        problems.removeIf(name -> !SingleFiles.isName(name)
                && (!Files.exists(directory.resolve(name))
                        || !leftOut.containsKey(name) && isInForce(found.get(RouteFile.id(Path.of(name))))));
        leftOut.forEach((name, message) -> problems.report(new RouteProblem(name, 1, message, isLoaded(name), false)));
    }

    private boolean isNew(RouteFile file) {
        if (isInForce(file)) {
            tried.forget(file);
            return false;
        }
        return tried.isDue(file);
    }

    private boolean isInForce(@Nullable RouteFile file) {
        RouteFile now = file == null ? null : loaded.get(file.id());
        return file != null && now != null && now.digest() == file.digest();
    }

    private boolean isLoaded(String name) {
        RouteFile now = loaded.get(RouteFile.id(Path.of(name)));
        return now != null && now.name().equals(name);
    }

    private void load(RouteFile file, @Nullable String refusal) {
        boolean runs = loaded.containsKey(file.id());
        try {
            if (refusal != null) {
                tried.forget(file); // it may come right by a change of another file
                throw new RouteFileException(1, refusal, null);
            }
            if (file.kind() == RouteKind.TRIGGER && !triggers) {
                leave(file);
                return;
            }
            routes.put(file);
            loaded.put(file.id(), file);
            problems.solved(file);
            if (runs) {
                LOG.info("{} was changed: new attempts use it", file.name());
            }
        } catch (RouteFileException e) {
            if (e.waitsForFile()) {
                tried.forget(file);
            }
            if (e.disturbs()) {
                tried.disturbed(file);
            }
            failed(file, e.line(), String.valueOf(e.getMessage()), e.waits());
        } catch (RuntimeException | StackOverflowError e) { // one file never keeps the others from being loaded
            failed(file, 1, "the file cannot be loaded: " + Excerpt.of(e.toString()), false);
        }
    }

    /** A worker has no triggers. What the file was before goes, unless the file is broken. */
    private void leave(RouteFile file) throws RouteFileException {
        if (loaded.containsKey(file.id())) {
            routes.check(file);
            loaded.remove(file.id());
            routes.remove(file.id());
            LOG.info("{} is a trigger now: its route is removed when its attempts have ended", file.name());
        }
        problems.solved(file);
    }

    private void failed(RouteFile file, int line, String message, boolean waits) {
        boolean runs = loaded.containsKey(file.id()) && routes.isKnown(file.id());
        if (!runs) {
            loaded.remove(file.id());
        }
        problems.report(new RouteProblem(file.name(), line, message, runs, waits));
    }

    /** Its records wait in Kafka, rather than become dead letters because a file is missing. */
    private void strand(String id, String message) {
        RouteFile file = loaded.remove(id);
        if (file != null) {
            routes.remove(id);
            problems.report(new RouteProblem(file.name(), 1, message, false, true));
        }
    }

    private void remove(Set<String> gone, boolean shared) {
        for (String id : gone) {
            RouteFile file = loaded.get(id);
            if (file != null && file.kind().isShared() == shared) {
                loaded.remove(id);
                LOG.info("{} was deleted: its route is removed when its attempts have ended", file.name());
                routes.remove(id);
            }
        }
    }
}
