package io.drover.route.check;

import io.drover.rollout.DeclaredRollout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of rollouts, read and checked once. */
public final class RolloutsFile extends SingleFile<List<DeclaredRollout>> {

    private static final String KIND = "rollouts";

    private RolloutsFile(Source source, RolloutsReader.Read read) {
        super(source, read.problems(), read.warnings(), read::rollouts);
    }

    /** Whether it is that of a file of rollouts, relative to the routes directory. */
    public static boolean isName(String name) {
        return isName(KIND, name);
    }

    /** Null where there is no file. */
    static @Nullable RolloutsFile read(Path directory, RouteSet routes) {
        Source source = Source.in(directory, KIND);
        return source == null ? null : new RolloutsFile(source, read(source, routes));
    }

    private static RolloutsReader.Read read(Source source, RouteSet routes) {
        return source.read(
                root -> new RolloutsReader(source.name(), routes).read(root),
                (line, why) -> RolloutsReader.Read.failed(source.name(), line, why));
    }
}
