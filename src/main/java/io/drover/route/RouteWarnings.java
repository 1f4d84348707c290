package io.drover.route;

import io.drover.guard.ToolRegistry;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import io.drover.route.check.SecretUse;
import io.drover.secret.Secrets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What does not fit together in the files, such as a tool that is not there yet; each is logged once. */
final class RouteWarnings {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    /** What was looked at last. */
    private record Looked(Set<Long> digests, Set<String> tools) {}

    private final Path directory;
    private final RouteValidator validator;
    private final ToolRegistry tools;
    private final Secrets secrets;
    private Looked looked = new Looked(Set.of(), Set.of());
    private Set<Problem> ofFiles = Set.of();
    private List<SecretUse> missing = List.of();
    private volatile List<Problem> all = List.of();

    RouteWarnings(Path directory, RouteValidator validator, ToolRegistry tools, Secrets secrets) {
        this.directory = directory;
        this.validator = validator;
        this.tools = tools;
        this.secrets = secrets;
    }

    /**
     * Looks again, as far as something has changed.
     *
     * @param problems why files are not in force; a warning would say the same again
     */
    void look(Collection<RouteFile> files, Collection<RouteFiles.RouteProblem> problems) {
        Set<Long> digests = new HashSet<>();
        files.forEach(file -> digests.add(file.digest()));
        Looked now = new Looked(digests, Set.copyOf(tools.current().all().keySet()));
        if (!now.equals(looked)) {
            looked = now;
            ofFiles = warnings(files, now.tools());
            missing = validator.secrets(files);
        }
        SortedSet<Problem> found = new TreeSet<>(ofFiles);
        found.addAll(missingSecrets());
        found.addAll(validator.misnamed(directory));
        found.removeIf(warning -> problems.stream()
                .anyMatch(problem -> problem.file().equals(warning.file())
                        && problem.line() == warning.line()
                        && problem.message().equals(warning.message())));
        for (Problem warning : found) {
            if (!all.contains(warning)) {
                LOG.warn("{}", warning);
            }
        }
        all = List.copyOf(found);
    }

    /** Those that are there once are not looked for again until a file changes: the call that needs one says what is wrong. */
    private List<Problem> missingSecrets() {
        List<Problem> problems = new ArrayList<>();
        List<SecretUse> still = new ArrayList<>();
        for (SecretUse use : missing) {
            String problem = secrets.problem(use.name());
            if (problem != null) {
                still.add(use);
                problems.add(new Problem(use.file(), use.line(), problem));
            }
        }
        missing = still;
        return problems;
    }

    /** A check that fails says nothing; the files are in force all the same. */
    private Set<Problem> warnings(Collection<RouteFile> files, Set<String> others) {
        try {
            return validator.warnings(directory, files, others);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("the route files could not be checked against each other", e);
            return Set.of();
        }
    }

    List<Problem> all() {
        return all;
    }
}
