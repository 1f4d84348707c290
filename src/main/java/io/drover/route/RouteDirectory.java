package io.drover.route;

import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The route files as they are on disk. */
final class RouteDirectory {

    private final Path directory;
    private final RouteReader reader;

    /** What was read last: a file that has not changed since is not parsed again. */
    private Map<Path, RouteFile> seen = Map.of();

    private @Nullable Read last;

    /** What reading gave, and from what. */
    private record Read(
            DirectoryLook look, Set<RouteFile> loaded, Map<String, RouteFile> files, Map<Path, String> leftOut) {}

    RouteDirectory(Path directory, RouteReader reader) {
        this.directory = directory;
        this.reader = reader;
    }

    /**
     * Reads all route files, unless nothing has changed.
     *
     * @param loaded the files in force; where two files claim the same id or endpoint, the one in force keeps it, and a
     *     file that cannot be read stays as it is in force
     * @param report is told the file and why it is left out
     * @return by route id
     */
    Map<String, RouteFile> read(Map<String, RouteFile> loaded, BiConsumer<Path, String> report) {
        DirectoryLook look = DirectoryLook.at(directory);
        Read before = last;
        Set<RouteFile> inForce = Set.copyOf(loaded.values());
        if (before == null || look == null || !look.isAs(before.look) || !inForce.equals(before.loaded)) {
            Map<Path, String> leftOut = new HashMap<>();
            Map<String, RouteFile> files = readAll(loaded, leftOut::put);
            last = look == null ? null : new Read(look, inForce, files, leftOut);
            leftOut.forEach(report);
            return files;
        }
        before.leftOut.forEach(report);
        return before.files;
    }

    private Map<String, RouteFile> readAll(Map<String, RouteFile> loaded, BiConsumer<Path, String> report) {
        Map<Path, RouteFile> read = new HashMap<>();
        Map<String, RouteFile> files = new TreeMap<>();
        for (Path path : paths(loaded)) {
            RouteFile inForce = loaded.get(RouteFile.id(path));
            boolean mine = inForce != null && inForce.path().equals(path);
            try {
                RouteFile file = reader.read(directory, path, seen.get(path));
                read.put(path, file);
                RouteFile same = files.putIfAbsent(file.id(), file);
                if (same != null) {
                    report.accept(
                            path,
                            "the route id '%s' is taken by %s; give the file another name"
                                    .formatted(file.id(), same.name()));
                }
            } catch (IOException e) {
                report.accept(path, RouteReader.problem(e));
                if (inForce != null && mine) {
                    files.put(inForce.id(), inForce);
                }
            }
        }
        seen = read;
        return files;
    }

    /** The files that name a task: or tool: that another file defines already; by route id, what it is. */
    static Map<String, String> doubles(Map<String, RouteFile> files, Map<String, RouteFile> loaded) {
        Map<String, RouteFile> owners = new HashMap<>();
        Map<String, String> doubles = new HashMap<>();
        List<RouteFile> inForceFirst = new ArrayList<>(files.values());
        inForceFirst.sort(Comparator.comparing(file -> !loaded.containsKey(file.id())));
        for (RouteFile file : inForceFirst) {
            RouteFile owner = file.kind().isShared() ? owners.putIfAbsent(file.declares(), file) : null;
            if (owner != null) {
                doubles.put(
                        file.id(),
                        "%s is defined by %s already"
                                .formatted(file.declares(), owner.path().getFileName()));
            }
        }
        return doubles;
    }

    private List<Path> paths(Map<String, RouteFile> loaded) {
        List<Path> paths = new ArrayList<>(RouteReader.files(directory));
        paths.sort(Comparator.comparing(path -> {
            RouteFile inForce = loaded.get(RouteFile.id(path));
            return inForce == null || !inForce.path().equals(path);
        }));
        return paths;
    }
}
