package io.drover.route.check;

import io.drover.start.FilesBelow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Files that hold routes under a name that nothing loads, such as {@code refund.yaml}. */
final class MisnamedFiles {

    private static final Set<String> ENTRIES = Set.of("route", "from", "routeTemplate", "rest", "beans");

    private record Seen(long size, long time, @Nullable Problem problem) {}

    private Map<Path, Seen> seen = Map.of();

    /** What is wrong with the names of files below a directory. A file is read again when it has changed. */
    synchronized List<Problem> problems(Path directory) throws IOException {
        Map<Path, Seen> now = new HashMap<>();
        FilesBelow.seen(directory).forEach((file, as) -> {
            if (as.isRegularFile() && isCandidate(directory, file)) {
                Seen before = seen.get(file);
                long size = as.size();
                long time = as.lastModifiedTime().toMillis();
                boolean same = before != null && before.size() == size && before.time() == time;
                now.put(file, same ? before : new Seen(size, time, problem(directory, file)));
            }
        });
        seen = now;
        List<Problem> problems = new ArrayList<>();
        now.values().forEach(file -> {
            if (file.problem() != null) {
                problems.add(file.problem());
            }
        });
        return problems;
    }

    /** These files, in their order. */
    static List<Path> of(Path directory) throws IOException {
        return FilesBelow.of(directory).stream()
                .filter(file -> Files.isRegularFile(file) && isCandidate(directory, file))
                .filter(file -> problem(directory, file) != null)
                .toList();
    }

    private static boolean isCandidate(Path directory, Path path) {
        String name = path.getFileName().toString();
        return name.toLowerCase(Locale.ROOT).matches(".*\\.ya?ml")
                && !name.endsWith(RouteFile.SUFFIX)
                && !RouteReader.isHidden(directory.relativize(path));
    }

    private static @Nullable Problem problem(Path directory, Path file) {
        try {
            Yaml root = Yaml.parse(NamedFiles.text(file));
            boolean holdsRoutes = root != null
                    && root.items().stream()
                            .flatMap(item -> item.members().stream())
                            .anyMatch(member -> ENTRIES.contains(member.name()));
            String name = file.getFileName().toString().replaceFirst("(?i)(?:\\.camel)?\\.ya?ml$", "");
            return holdsRoutes
                    ? new Problem(
                            RouteReader.name(directory, file),
                            1,
                            "the file holds a route, but is not loaded, because its name does not end with %s; rename it to %s%s"
                                    .formatted(RouteFile.SUFFIX, name, RouteFile.SUFFIX))
                    : null;
        } catch (IOException | YamlEngineException e) {
            return null; // it is no route
        }
    }
}
