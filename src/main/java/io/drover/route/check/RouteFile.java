package io.drover.route.check;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A route file, read and parsed once.
 * All code that checks, orders, builds or swaps it shares this.
 */
public final class RouteFile {

    public static final String SUFFIX = ".camel.yaml";

    private final Path path;
    private final String text;
    private final long digest;
    private final RouteSource source;
    private final @Nullable Problem problem;

    /** @param problem why the text is no YAML, or null */
    RouteFile(Path path, String text, long digest, RouteSource source, @Nullable Problem problem) {
        this.path = path;
        this.text = text;
        this.digest = digest;
        this.source = source;
        this.problem = problem;
    }

    /** The id of the route that a file must hold: the file's name without {@code .camel.yaml}. */
    public static String id(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    public Path path() {
        return path;
    }

    /** The path relative to the routes directory. */
    public String name() {
        return source.file();
    }

    public String id() {
        return source.id();
    }

    public String text() {
        return text;
    }

    /** The digest of the file and of the schemas and prompts that it names. */
    public long digest() {
        return digest;
    }

    /** What its route is; {@link RouteKind#INNER} where the file does not say, or is no YAML. */
    public RouteKind kind() {
        return source.kind();
    }

    /** The endpoint that its route reads from, without options, such as {@code tool:charge}; or an empty string. */
    public String from() {
        return source.from() == null ? "" : source.from().toString();
    }

    /** The tool, or the version of a workflow, that it declares, such as {@code task:order?version=2}. */
    public String declares() {
        return source.declares();
    }

    /** The parsed document, or null where it is empty or no YAML. */
    public @Nullable Node document() {
        return source.root() == null ? null : source.root().node();
    }

    RouteSource source() {
        return source;
    }

    /** Why it is no YAML, or null. */
    @Nullable
    Problem problem() {
        return problem;
    }
}
