package io.drover.command;

import io.drover.kit.RouteTests;
import io.drover.kit.RouteTests.UnusableRoutesException;
import io.drover.kit.TestResult;
import io.drover.start.FilesBelow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the test files of routes; it needs neither database nor Kafka nor a network. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the cases of every *.test.yaml file below a directory against its routes.",
            "Nothing outside of the process is reached: the cases say what tools, models and people answer (docs/testing-routes.md)."
        })
final class TestCommand extends CasesCommand {

    private static final Duration LOOK = Duration.ofMillis(300);

    @Option(names = "--junit", paramLabel = "<file>", description = "Also write the results as JUnit's XML.")
    private @Nullable Path junit;

    @Option(names = "--watch", description = "Run them again when a file below the directory changes.")
    private boolean watch;

    @Override
    public Integer call() throws IOException {
        List<String> properties = properties();
        Path routes = routes(environment());
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines among the results
        Map<Path, FileTime> before = times(routes);
        int code = once(routes, properties);
        while (watch) {
            awaitChange(routes, before);
            before = times(routes);
            code = once(routes, properties);
        }
        return code;
    }

    /** Returns when a file is another than before, is new or is gone. */
    private static void awaitChange(Path routes, Map<Path, FileTime> before) throws IOException {
        while (times(routes).equals(before)) {
            Headless.pause(LOOK);
        }
    }

    private static Map<Path, FileTime> times(Path routes) throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        FilesBelow.seen(routes).forEach((file, seen) -> times.put(file, seen.lastModifiedTime()));
        return times;
    }

    private int once(Path routes, List<String> properties) throws IOException {
        return run(routes, routes, tests -> run(tests, routes, properties));
    }

    private int run(RouteTests tests, Path routes, List<String> properties)
            throws UnusableRoutesException, IOException {
        PrintWriter out = commandLine().getOut();
        List<TestResult> results = tests.run(properties, live(), which(), result -> print(routes, result));
        if (junit != null) {
            RouteTests.report(junit, results);
        }
        long wrong = results.stream().filter(result -> !result.isRight()).count();
        if (results.isEmpty()) {
            out.println(
                    tests.files() == 0
                            ? "there is no *.test.yaml file below %s".formatted(routes)
                            : "no case has a name that holds '%s'".formatted(only()));
        } else {
            out.println("%d cases in %d files, %d failed".formatted(results.size(), tests.files(), wrong));
        }
        out.flush();
        return results.isEmpty() || wrong > 0 ? 1 : 0;
    }

    private void print(Path routes, TestResult result) {
        PrintWriter out = commandLine().getOut();
        if (result.isRight()) {
            return;
        }
        out.println("%s:%d: %s".formatted(routes.resolve(result.file()), result.line(), result.name()));
        result.failures().forEach(failure -> out.println("    " + failure));
        out.flush();
    }
}
