package io.drover.route.check;

import io.drover.flag.FlagSet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of flags, read and checked once. */
public final class FlagsFile extends SingleFile<FlagSet> {

    private static final String KIND = "flags";

    private FlagsFile(Source source, FlagsReader.Read read) {
        super(source, read.problems(), List.of(), () -> new FlagSet(read.flags()));
    }

    /** Whether it is that of a file of flags, relative to the routes directory. */
    public static boolean isName(String name) {
        return isName(KIND, name);
    }

    /** Null where there is no file. */
    public static @Nullable FlagsFile read(Path directory) {
        Source source = Source.in(directory, KIND);
        return source == null ? null : new FlagsFile(source, read(source));
    }

    private static FlagsReader.Read read(Source source) {
        return source.read(
                root -> new FlagsReader(source.name()).read(root),
                (line, why) -> FlagsReader.Read.failed(source.name(), line, why));
    }
}
