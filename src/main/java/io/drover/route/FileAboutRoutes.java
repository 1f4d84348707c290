package io.drover.route;

import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.SingleFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A file that names what routes define, so that it is read again when one of them changes. */
abstract class FileAboutRoutes<T> extends LoadedFile<T> {

    private final Path directory;
    private Map<String, RouteFile> checked = Map.of();
    private @Nullable SingleFile<T> last;

    /** The others as {@link LoadedFile} has them. */
    FileAboutRoutes(
            Path directory, String kind, String empty, T none, Predicate<String> isName, RouteProblems problems) {
        super(kind, empty, none, isName, problems);
        this.directory = directory;
    }

    /** Null where there is no file. */
    abstract @Nullable SingleFile<T> read(Path directory, Collection<RouteFile> routes);

    /** Makes what is in force what is on disk. @param routes that it is about, by id */
    final void reconcile(Map<String, RouteFile> routes) {
        guarded(() -> {
            SingleFile<T> before = last;
            if (before != null && routes.equals(checked) && before.isStillAt(directory)) {
                return;
            }
            SingleFile<T> file = read(directory, routes.values());
            checked = routes;
            last = file;
            if (file != null) {
                say(file.warnings());
            }
            take(file, before);
        });
    }

    @Override
    final void unusable(Problem why) {
        unusable(why.toString());
    }

    /** @param why with its file and line */
    abstract void unusable(String why);
}
