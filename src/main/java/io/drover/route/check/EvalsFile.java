package io.drover.route.check;

import io.drover.eval.Eval;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of evals, read and checked once. */
public final class EvalsFile extends SingleFile<List<Eval>> {

    private static final String KIND = "evals";

    private EvalsFile(Source source, EvalsReader.Read read) {
        super(source, read.problems(), read.warnings(), read::evals);
    }

    /** Whether it is that of a file of evals, relative to the routes directory. */
    public static boolean isName(String name) {
        return isName(KIND, name);
    }

    /** Null where there is no file. */
    static @Nullable EvalsFile read(Path directory, RouteSet routes) {
        Source source = Source.in(directory, KIND);
        return source == null ? null : new EvalsFile(source, read(source, routes));
    }

    private static EvalsReader.Read read(Source source, RouteSet routes) {
        return source.read(
                root -> new EvalsReader(source.name(), routes).read(root),
                (line, why) -> EvalsReader.Read.failed(source.name(), line, why));
    }
}
