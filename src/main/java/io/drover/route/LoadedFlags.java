package io.drover.route;

import io.drover.flag.FlagSet;
import io.drover.flag.FlagsInForce;
import io.drover.route.RouteFiles.RouteProblem;
import io.drover.route.check.FlagsFile;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the flags in force equal to the file of flags.
 * A file that cannot be used changes nothing: the flags before stay in force, and where there are none, who asks for a
 * flag waits.
 */
final class LoadedFlags {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final Path directory;
    private final RouteValidator validator;
    private final FlagsInForce inForce;
    private final boolean isAsked;
    private final RouteProblems problems;
    private Map<String, RouteFile> checked = Map.of();
    private @Nullable FlagsFile last;
    private volatile @Nullable String loaded; // the name of the file
    private volatile List<Problem> warnings = List.of();

    /** @param isAsked false: a provider of the user's own knows the flags */
    LoadedFlags(
            Path directory, RouteValidator validator, FlagsInForce inForce, boolean isAsked, RouteProblems problems) {
        this.directory = directory;
        this.validator = validator;
        this.inForce = inForce;
        this.isAsked = isAsked;
        this.problems = problems;
    }

    /** Flags that routes ask for and that do not exist: they may come later. */
    List<Problem> warnings() {
        return warnings;
    }

    Stream<String> names() {
        return Stream.ofNullable(loaded);
    }

    /** Makes the flags in force those on disk. @param files that ask for flags, by route id */
    void reconcile(Map<String, RouteFile> files) {
        if (!isAsked) {
            return;
        }
        try {
            FlagsFile before = last;
            FlagsFile file = before != null && before.isStillAt(directory) ? before : FlagsFile.read(directory);
            if (file == null || file != before) {
                take(file, before == null || file == null || !file.says(before));
            }
            if (file != before || !files.equals(checked)) {
                say(List.copyOf(validator.flagUses(files.values(), file)));
            }
            checked = files;
            last = file;
        } catch (RuntimeException | StackOverflowError e) { // it never keeps the routes from being loaded
            LOG.error("the flags could not be checked", e);
            refuse(new Problem("flags.yaml", 1, "it could not be checked: " + e));
        }
    }

    private void take(@Nullable FlagsFile file, boolean isNew) {
        if (file == null) {
            if (loaded != null) {
                refuse(new Problem(
                        loaded, 1, "it was deleted; to have no flags, write a file with the line 'flags: {}'"));
            } else {
                problems.removeIf(FlagsFile::isName);
                inForce.put(FlagSet.NONE);
            }
            return;
        }
        FlagSet flags = file.flags();
        if (flags == null) {
            refuse(file.problems().getFirst());
            return;
        }
        inForce.put(flags);
        problems.removeIf(FlagsFile::isName);
        if (isNew) {
            LOG.info("the flags of {} are in force", file.name());
        }
        loaded = file.name();
    }

    private void refuse(Problem problem) {
        inForce.unusable("tasks that ask for a flag wait until the flags can be read: %s".formatted(problem));
        problems.removeIf(name -> FlagsFile.isName(name) && !name.equals(problem.file()));
        problems.report(
                new RouteProblem(problem.file(), problem.line(), problem.message(), inForce.current() != null, false));
    }

    private void say(List<Problem> found) {
        found.stream().filter(one -> !warnings.contains(one)).forEach(one -> LOG.warn("{}", one));
        warnings = found;
    }
}
