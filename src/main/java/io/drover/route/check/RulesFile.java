package io.drover.route.check;

import io.drover.rules.Rules;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of rules, read and checked once. */
public final class RulesFile extends SingleFile<Rules> {

    private static final String KIND = "rules";

    private RulesFile(Source source, RulesReader.Read read) {
        super(source, read.problems(), read.warnings(), () -> new Rules(read.rules()));
    }

    /** Whether it is that of a file of rules, relative to the routes directory. */
    public static boolean isName(String name) {
        return isName(KIND, name);
    }

    /** Null where there is no file. */
    static @Nullable RulesFile read(Path directory, RouteSet routes) {
        Source source = Source.in(directory, KIND);
        return source == null ? null : new RulesFile(source, read(source, routes));
    }

    private static RulesReader.Read read(Source source, RouteSet routes) {
        return source.read(
                root -> new RulesReader(source.name(), routes).read(root),
                (line, why) -> RulesReader.Read.failed(source.name(), line, why));
    }
}
