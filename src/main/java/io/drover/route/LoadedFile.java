package io.drover.route;

import io.drover.route.RouteFiles.RouteProblem;
import io.drover.route.check.Problem;
import io.drover.route.check.SingleFile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is in force equal to the one file that holds it.
 * A file that cannot be used changes nothing: what was before stays in force.
 */
abstract class LoadedFile<T> {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final String kind;
    private final String empty;
    private final T none;
    private final Predicate<String> isName;
    private final RouteProblems problems;
    private volatile @Nullable String loaded; // the name of the file
    private volatile long digest;
    private volatile List<Problem> warnings = List.of();

    /**
     * @param kind   what it holds, in one word
     * @param empty  the line of a file that holds nothing
     * @param none   what is in force without a file
     * @param isName whether a name is that of such a file
     */
    LoadedFile(String kind, String empty, T none, Predicate<String> isName, RouteProblems problems) {
        this.kind = kind;
        this.empty = empty;
        this.none = none;
        this.isName = isName;
        this.problems = problems;
    }

    /** From now on this is in force. */
    abstract void put(T content);

    /** The file cannot be used; what is in force stays. @param why and what that means where nothing is in force */
    abstract void unusable(Problem why);

    /** Whether anything is in force. */
    abstract boolean isAnyInForce();

    /** What does not fit, though it is in force: it may be about something that comes later. */
    final List<Problem> warnings() {
        return warnings;
    }

    final Stream<String> names() {
        return Stream.ofNullable(loaded);
    }

    /** The digest of what is in force, by the name of the file. */
    final Map<String, Long> digests() {
        String name = loaded;
        return name == null ? Map.of() : Map.of(name, digest);
    }

    /** Reads and takes the file; it never keeps the routes from being loaded. */
    final void guarded(Runnable reconciling) {
        try {
            reconciling.run();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("the {} could not be checked", kind, e);
            refuse(new Problem(kind + ".yaml", 1, "it could not be checked: " + e));
        }
    }

    /** @param before what was taken last */
    final void take(@Nullable SingleFile<T> file, @Nullable SingleFile<T> before) {
        if (file == null) {
            if (loaded != null) {
                refuse(new Problem(
                        Objects.requireNonNull(loaded),
                        1,
                        "it was deleted; to have no %s, write a file with the line '%s'".formatted(kind, empty)));
            } else {
                problems.removeIf(isName);
                put(none);
            }
            return;
        }
        T content = file.content();
        if (content == null) {
            refuse(file.problems().getFirst());
            return;
        }
        put(content);
        problems.removeIf(isName);
        if (before == null || !file.says(before)) {
            LOG.info("the {} of {} are in force", kind, file.name());
        }
        digest = file.digest();
        loaded = file.name();
    }

    private void refuse(Problem problem) {
        unusable(problem);
        problems.removeIf(name -> isName.test(name) && !name.equals(problem.file()));
        problems.report(new RouteProblem(problem.file(), problem.line(), problem.message(), isAnyInForce(), false));
    }

    final void say(List<Problem> found) {
        found.stream().filter(one -> !warnings.contains(one)).forEach(one -> LOG.warn("{}", one));
        warnings = found;
    }
}
