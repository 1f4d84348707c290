package io.drover.kit;

import java.time.Duration;
import java.util.List;

/**
 * What came of a case.
 *
 * @param file     relative to the directory of the routes
 * @param failures what is not as expected, in words; empty where all is
 */
public record TestResult(String file, int line, String name, List<String> failures, Duration took) {

    public boolean isRight() {
        return failures.isEmpty();
    }
}
