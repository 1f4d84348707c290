package io.drover.route;

import io.drover.route.RouteFiles.RouteProblem;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import io.drover.route.check.RulesFile;
import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rules in force equal to the file of rules.
 * A file that cannot be used changes nothing: the rules before stay in force, and where there are none, no call is made.
 */
final class LoadedRules {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final Path directory;
    private final RouteValidator validator;
    private final RulesInForce inForce;
    private final RouteProblems problems;
    private Map<String, RouteFile> checked = Map.of();
    private @Nullable RulesFile last;
    private volatile @Nullable String loaded; // the name of the file
    private volatile List<Problem> warnings = List.of();

    LoadedRules(Path directory, RouteValidator validator, RulesInForce inForce, RouteProblems problems) {
        this.directory = directory;
        this.validator = validator;
        this.inForce = inForce;
        this.problems = problems;
    }

    /** What does not fit, though the rules are in force: they may be about a tool that is not there yet. */
    List<Problem> warnings() {
        return warnings;
    }

    Stream<String> names() {
        return Stream.ofNullable(loaded);
    }

    /** Makes the rules in force those on disk. @param files that the rules are about, by route id */
    void reconcile(Map<String, RouteFile> files) {
        try {
            RulesFile before = last;
            if (before != null && files.equals(checked) && before.isStillAt(directory)) {
                return;
            }
            RulesFile file = validator.rules(directory, files.values());
            checked = files;
            last = file;
            take(file, before == null || file == null || !file.says(before));
        } catch (RuntimeException | StackOverflowError e) { // it never keeps the routes from being loaded
            LOG.error("the rules could not be checked", e);
            refuse(new Problem("rules.yaml", 1, "it could not be checked: " + e));
        }
    }

    private void take(@Nullable RulesFile file, boolean isNew) {
        if (file == null) {
            if (loaded != null) {
                refuse(new Problem(
                        loaded, 1, "it was deleted; to have no rules, write a file with the line 'rules: []'"));
            } else {
                problems.removeIf(RulesFile::isName);
                inForce.put(Rules.NONE);
            }
            return;
        }
        say(file.warnings());
        Rules rules = file.rules();
        if (rules == null) {
            refuse(file.problems().getFirst());
            return;
        }
        inForce.put(rules);
        problems.removeIf(RulesFile::isName);
        if (isNew) {
            LOG.info("the rules of {} are in force", file.name());
        }
        loaded = file.name();
    }

    private void refuse(Problem problem) {
        inForce.unusable("no call is made until the rules can be read: %s".formatted(problem));
        problems.removeIf(name -> RulesFile.isName(name) && !name.equals(problem.file()));
        problems.report(
                new RouteProblem(problem.file(), problem.line(), problem.message(), inForce.current() != null, false));
    }

    private void say(List<Problem> found) {
        found.stream().filter(one -> !warnings.contains(one)).forEach(one -> LOG.warn("{}", one));
        warnings = found;
    }
}
