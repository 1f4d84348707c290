package io.drover.route.check;

import io.drover.json.Digest;
import io.drover.start.FilesBelow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads the route files of a directory. */
public final class RouteReader {

    private final UnaryOperator<String> placeholders;

    /** @param placeholders replaces those of a text, as far as they are known */
    RouteReader(UnaryOperator<String> placeholders) {
        this.placeholders = placeholders;
    }

    /** The route files below a directory. */
    public static List<Path> files(Path directory) {
        try {
            return FilesBelow.of(directory).stream()
                    .filter(path -> path.getFileName().toString().endsWith(RouteFile.SUFFIX))
                    .filter(path -> !isHidden(directory.relativize(path)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A mounted ConfigMap keeps its versions in folders whose names begin with two dots. */
    static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith("..")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads a file with the schemas and prompts that it names.
     *
     * @param before what was read before, or null; where nothing has changed since, it is what is returned
     * @throws IOException when one of them is no UTF-8 text or larger than 1 MiB
     */
    public RouteFile read(Path directory, Path path, @Nullable RouteFile before) throws IOException {
        String text = NamedFiles.text(path);
        List<String> contents = new ArrayList<>(List.of(text));
        NamedFiles.texts(directory, text).forEach(contents::add);
        long digest = Digest.bits(contents.toArray(String[]::new));
        return before != null && before.digest() == digest && before.path().equals(path)
                ? before
                : parsed(directory, path, text, digest);
    }

    /** A file whose text is known. */
    RouteFile parsed(Path directory, Path path, String text, long digest) {
        String name = name(directory, path);
        Yaml root = null;
        Problem problem = null;
        try {
            root = Yaml.parse(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problem = new Problem(name, line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            problem = new Problem(name, 1, "not YAML: " + message);
        }
        return new RouteFile(path, text, digest, RouteSource.of(name, root, placeholders), problem);
    }

    /** What an exception of {@link #read} says to people. */
    public static String problem(IOException failure) {
        return NamedFiles.problem(failure);
    }

    static String name(Path directory, Path path) {
        return directory.relativize(path).toString().replace('\\', '/');
    }
}
