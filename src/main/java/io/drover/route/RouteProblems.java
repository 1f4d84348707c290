package io.drover.route;

import io.drover.route.RouteFiles.RouteProblem;
import io.drover.route.check.RouteFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that are not in force as they stand; each is logged when what is wrong with it changes. Any thread may ask. */
final class RouteProblems {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    /** By file. */
    private final Map<String, RouteProblem> problems = new ConcurrentSkipListMap<>();

    /** The files that were broken at the start and have not been loaded since. */
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    List<RouteProblem> all() {
        return List.copyOf(problems.values());
    }

    void report(RouteProblem problem) {
        if (!problem.equals(problems.put(problem.file(), problem))) {
            LOG.error(
                    "{}:{}: {}{}",
                    problem.file(),
                    problem.line(),
                    problem.message(),
                    problem.runs() ? " (the version before goes on)" : "");
        }
    }

    void solved(RouteFile file) {
        problems.remove(file.name());
    }

    /** Forgets the problems of some files. */
    void removeIf(Predicate<String> file) {
        problems.keySet().removeIf(file);
    }

    /** All files of the start have been tried: those that are broken now are missing until they are loaded once, or deleted. */
    void started() {
        problems.values().stream()
                .filter(problem -> !problem.runs() && !problem.waits())
                .forEach(problem -> missing.add(problem.file()));
    }

    /** Forgets that a file was missing, once it has been loaded or deleted. */
    void forgetMissing() {
        missing.retainAll(problems.keySet());
    }

    boolean isAnyMissing() {
        return problems.keySet().stream().anyMatch(missing::contains);
    }
}
