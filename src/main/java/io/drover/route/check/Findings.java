package io.drover.route.check;

import java.util.SortedSet;
import java.util.TreeSet;

/** Collects the problems of a run. */
final class Findings {

    private final SortedSet<Problem> problems = new TreeSet<>();

    void add(RouteSource route, int line, String message) {
        problems.add(new Problem(route.file(), line, message));
    }

    SortedSet<Problem> problems() {
        return problems;
    }
}
