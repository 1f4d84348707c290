package io.drover.route.check;

import java.util.SortedSet;
import java.util.TreeSet;

/** Collects the problems of a run. */
final class Findings {

    private final SortedSet<Problem> problems = new TreeSet<>();

    void add(RouteSource route, int line, String message) {
        add(new Problem(route.file(), line, message));
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    SortedSet<Problem> problems() {
        return problems;
    }
}
