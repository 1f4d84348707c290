package io.drover.command;

import io.drover.kit.Live;
import io.drover.kit.RouteTests;
import io.drover.kit.RouteTests.UnusableRoutesException;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that runs cases of test files. */
abstract class CasesCommand extends RoutesCommand {

    @Option(names = "--case", paramLabel = "<text>", description = "Only the cases whose names hold this text.")
    private @Nullable String only;

    @Option(
            names = "--live-models",
            description =
                    "Ask the models themselves, as the configuration says; what the cases have them say is not used.")
    private boolean models;

    @Option(
            names = "--live-reads",
            description = "Run the steps of tools that only read; what the cases have them answer is not used.")
    private boolean reads;

    /** The text that the names must hold, or null. */
    final @Nullable String only() {
        return only;
    }

    /** Which cases are run, by their names. */
    final Predicate<String> which() {
        return name -> only == null || name.contains(only);
    }

    /** Runs cases that have been read. */
    interface Running {
        int run(RouteTests tests) throws UnusableRoutesException, IOException;
    }

    /** Reads the test files and runs their cases, or says why none is run. @return the exit code */
    final int run(Path routes, Path cases, Running running) throws IOException {
        RouteTests tests = RouteTests.in(routes, cases);
        PrintWriter out = commandLine().getOut();
        try {
            if (tests.problems().isEmpty()) {
                return running.run(tests);
            }
            tests.problems().forEach(problem -> out.println(cases.resolve(problem.toString())));
        } catch (UnusableRoutesException e) {
            e.problems().forEach(problem -> out.println(routes.resolve(problem)));
            out.println("no case was run; drover.jar validate says more");
        } catch (RefusedToStartException e) {
            out.println(e.getMessage());
        } finally {
            out.flush();
        }
        return 1;
    }

    final Live live() {
        return new Live(models, reads);
    }
}
