package io.drover.command;

import io.drover.kit.RouteTests;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteFixer;
import io.drover.route.check.RouteValidator;
import io.drover.start.AddedJars;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks route files; it needs neither database nor Kafka. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Checks every route file below a directory and prints <file>:<line>: <problem>.")
final class ValidateCommand extends RoutesCommand {

    @Option(
            names = "--fix",
            description =
                    "First rewrite shorthand in Camel's canonical form, and name each file after its route; all else stays.")
    private boolean fix;

    @Override
    public Integer call() {
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines among the problems
        ConfigurableEnvironment environment = environment();
        Path routes = routes(environment);
        PrintWriter out = commandLine().getOut();
        if (fix && !isFixed(routes)) {
            return 1;
        }
        List<String> jars = AddedJars.problems();
        jars.forEach(out::println);
        RouteValidator.Report report;
        try {
            report = RouteValidator.standalone(environment).validate(routes);
        } catch (RefusedToStartException e) { // of a setting, which is in no file that has a line
            out.println(e.getMessage());
            out.flush();
            return 1;
        } catch (NoClassDefFoundError e) { // a component that is there without what it needs
            out.println("%s is in no jar; put what the jars in lib/ depend on beside them, too (docs/components.md)"
                    .formatted(String.valueOf(e.getMessage()).replace('/', '.')));
            out.flush();
            return 1;
        }
        List<Problem> ofTests = problemsOfTests(routes);
        for (Problem problem : report.problems()) {
            out.println(routes.resolve(problem.toString()));
        }
        ofTests.forEach(problem -> out.println(routes.resolve(problem.toString())));
        report.settings().forEach(out::println);
        boolean right = report.isEmpty() && jars.isEmpty() && ofTests.isEmpty();
        if (right) {
            out.println("%d route files, no problems".formatted(report.files()));
        }
        out.flush();
        return right ? 0 : 1;
    }

    private static List<Problem> problemsOfTests(Path routes) {
        try {
            return RouteTests.in(routes).problems();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isFixed(Path routes) {
        try {
            RouteFixer.fix(routes).forEach(commandLine().getOut()::println);
            return true;
        } catch (IOException e) {
            commandLine().getErr().println("a file below %s cannot be written: %s".formatted(routes, e));
            commandLine().getErr().flush();
            return false;
        }
    }
}
