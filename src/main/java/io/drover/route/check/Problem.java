package io.drover.route.check;

import java.util.Comparator;

/**
 * Something that is wrong with a route file.
 *
 * @param file relative to the routes directory
 * @param line from 1
 */
public record Problem(String file, int line, String message) implements Comparable<Problem> {

    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::file).thenComparingInt(Problem::line).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(file, line, message);
    }
}
