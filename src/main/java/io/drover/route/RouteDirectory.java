package io.drover.route;

import io.drover.route.check.EndpointUri;
import io.drover.route.check.RouteKind;
import io.drover.route.check.RouteValidator;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The route files as they are on disk. */
final class RouteDirectory {

    private final Path directory;

    RouteDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads all route files.
     *
     * @param loaded the files in force; where two files claim the same id or endpoint, the one in force keeps it, and a
     *     file that cannot be read stays as it is in force
     * @param report is told the file and why it is left out
     * @return by route id
     */
    Map<String, RouteFile> read(Map<String, RouteFile> loaded, BiConsumer<Path, String> report) {
        Map<String, RouteFile> files = new TreeMap<>();
        for (Path path : paths(loaded)) {
            RouteFile inForce = loaded.get(RouteFile.id(path));
            boolean mine = inForce != null && inForce.path().equals(path);
            try {
                RouteFile file = RouteFile.read(directory, path);
                RouteFile same = files.putIfAbsent(file.id(), file);
                if (same != null) {
                    report.accept(
                            path,
                            "the route id '%s' is taken by %s; give the file another name"
                                    .formatted(file.id(), directory.relativize(same.path())));
                }
            } catch (UncheckedIOException e) {
                report.accept(path, "the file cannot be read as UTF-8 text of at most 1 MiB: " + e.getCause());
                if (inForce != null && mine) {
                    files.put(inForce.id(), inForce);
                }
            }
        }
        return files;
    }

    /** The files that name a task: or tool: that another file defines already; by route id, what it is. */
    static Map<String, String> doubles(Map<String, RouteFile> files, Map<String, RouteFile> loaded) {
        Map<String, RouteFile> owners = new HashMap<>();
        Map<String, String> doubles = new HashMap<>();
        List<RouteFile> inForceFirst = new ArrayList<>(files.values());
        inForceFirst.sort(Comparator.comparing(file -> !loaded.containsKey(file.id())));
        for (RouteFile file : inForceFirst) {
            String uri = RouteValidator.fromUri(file.text());
            EndpointUri from = EndpointUri.of(uri);
            if (RouteKind.of(uri).isShared()) {
                RouteFile owner = owners.putIfAbsent(from.toString(), file);
                if (owner != null) {
                    doubles.put(
                            file.id(),
                            "%s is defined by %s already"
                                    .formatted(from, owner.path().getFileName()));
                }
            }
        }
        return doubles;
    }

    private List<Path> paths(Map<String, RouteFile> loaded) {
        List<Path> paths = new ArrayList<>(RouteValidator.files(directory));
        paths.sort(Comparator.comparing(path -> {
            RouteFile inForce = loaded.get(RouteFile.id(path));
            return inForce == null || !inForce.path().equals(path);
        }));
        return paths;
    }
}
