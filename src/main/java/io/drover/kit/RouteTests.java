package io.drover.kit;

import io.drover.route.check.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The test files of a directory of routes. */
public final class RouteTests {

    private final Path routes;
    private final List<TestFile> files;

    private RouteTests(Path routes, List<TestFile> files) {
        this.routes = routes;
        this.files = files;
    }

    /** Reads the files, and runs nothing. */
    public static RouteTests in(Path routes) throws IOException {
        return in(routes, routes);
    }

    /** The same for files that stand in another directory. */
    public static RouteTests in(Path routes, Path tests) throws IOException {
        return new RouteTests(routes, TestFile.below(tests));
    }

    /** How many files there are. */
    public int files() {
        return files.size();
    }

    /** What is wrong with the files. */
    public List<Problem> problems() {
        return files.stream().flatMap(file -> file.problems().stream()).toList();
    }

    /** Route files that cannot be used, so that no case is run. */
    public static final class UnusableRoutesException extends Exception {

        private final List<String> problems;

        UnusableRoutesException(List<String> problems) {
            super(String.join("; ", problems));
            this.problems = List.copyOf(problems);
        }

        public List<String> problems() {
            return problems;
        }
    }

    /**
     * Runs the cases.
     *
     * @param properties of Spring, as {@code --x=y}
     * @param live       what is asked itself
     * @param which      by the name of the case
     * @param heard      hears of each case as soon as it has run
     */
    public List<TestResult> run(List<String> properties, Live live, Predicate<String> which, Consumer<TestResult> heard)
            throws UnusableRoutesException {
        return each(properties, live, which, RouteTests::timed, heard);
    }

    /** The same, but each case is evaluated, whatever it expects. Those of workflows without an eval are left out. */
    public List<Evaluated> evaluate(
            List<String> properties, Live live, Predicate<String> which, Consumer<Evaluated> heard)
            throws UnusableRoutesException {
        return each(
                properties,
                live,
                which,
                (kit, file, script) -> {
                    Evaluated evaluated = kit.evaluate(script);
                    return evaluated == null ? null : evaluated.in(file.name());
                },
                heard);
    }

    private interface Trial<R> {
        @Nullable
        R of(TestKit kit, TestFile file, TestCase script);
    }

    private <R> List<R> each(
            List<String> properties, Live live, Predicate<String> which, Trial<R> trial, Consumer<R> heard)
            throws UnusableRoutesException {
        List<R> results = new ArrayList<>();
        try (TestKit kit = TestKit.open(routes, properties, run(), live)) {
            if (!kit.problems().isEmpty()) {
                throw new UnusableRoutesException(kit.problems());
            }
            for (TestFile file : files) {
                for (TestCase script : file.cases()) {
                    R result = which.test(script.name()) ? trial.of(kit, file, script) : null;
                    if (result != null) {
                        results.add(result);
                        heard.accept(result);
                    }
                }
            }
        }
        return results;
    }

    private Set<String> run() {
        Set<String> run = new TreeSet<>();
        for (TestFile file : files) {
            for (TestCase script : file.cases()) {
                script.tools().forEach((tool, answers) -> {
                    if (answers.stream().anyMatch(TestCase.Answer::runs)) {
                        run.add(tool);
                    }
                });
            }
        }
        return run;
    }

    private static TestResult timed(TestKit kit, TestFile file, TestCase script) {
        long began = System.nanoTime();
        List<String> failures = kit.run(script);
        return new TestResult(
                file.name(), script.line(), script.name(), failures, Duration.ofNanos(System.nanoTime() - began));
    }

    /** Writes results as JUnit's XML. */
    public static void report(Path file, List<TestResult> results) throws IOException {
        JUnitReport.write(file, results);
    }
}
