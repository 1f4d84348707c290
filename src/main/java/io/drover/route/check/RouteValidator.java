package io.drover.route.check;

import io.drover.guard.GuardProperties;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** Checks route files against each other, the environment, and what Camel and Drover know. It runs nothing. */
public final class RouteValidator {

    private final Settings settings;
    private final List<Check> alone;
    private final List<Check> together;

    /**
     * @param environment where property placeholders are looked up
     * @param context     knows the Simple language's functions; it need not run
     * @throws RefusedToStartException if a setting of a tool breaks a rule
     */
    public RouteValidator(Environment environment, CamelContext context) {
        this.settings = new Settings(environment);
        GuardProperties guard = guardProperties(environment);
        SimpleExpressions simple = new SimpleExpressions(context);
        ApprovalSettings.check(guard, simple);
        this.alone = List.of(
                new DuplicateKeys(),
                new Identity(),
                new AwaitedSteps(),
                new Placeholders(),
                new EndpointOptions(context),
                new OptionValues(guard),
                new KafkaTriggers(),
                new SchemaReferences(),
                new TriggerKeys(),
                new RegularExpressions(),
                new SqlResults(),
                simple);
        this.together = List.of(
                new KnownNames(),
                new AllowedTools(guard),
                new Approval(guard),
                new CallArguments(),
                new StandIns(),
                new SideEffects(),
                new RawUrlArguments(),
                new CallsOutsideTasks(),
                new AgentOptions());
    }

    /** A validator for files that no process runs. */
    public static RouteValidator standalone(Environment environment) {
        DefaultCamelContext context = new DefaultCamelContext(false);
        PluginHelper.getSimpleFunctionRegistry(context).addFunction(new NamedFunction("url"));
        return new RouteValidator(environment, context);
    }

    /** Where a route takes its messages from, or an empty string where the text does not say. */
    public static String fromUri(String text) {
        try {
            RouteSource source = RouteSource.of("", Yaml.parse(text), UnaryOperator.identity());
            return source.from() == null ? "" : source.from().uri().text();
        } catch (YamlEngineException e) { // it is refused when it is loaded
            return "";
        }
    }

    private static GuardProperties guardProperties(Environment environment) {
        try {
            return Binder.get(environment)
                    .bind("drover", GuardProperties.class)
                    .orElseGet(() -> new GuardProperties(Map.of(), Map.of()));
        } catch (BindException e) {
            String why = e.getCause() instanceof BeanInstantiationException refused && refused.getCause() != null
                    ? String.valueOf(refused.getCause().getMessage())
                    : "%s: %s"
                            .formatted(
                                    e.getMessage(),
                                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            throw new RefusedToStartException(why, e);
        }
    }

    /** What a whole directory's check found. */
    public record Report(int files, SortedSet<Problem> problems) {}

    /** Checks every route file below a directory. */
    public Report validate(Path directory) {
        Findings findings = new Findings();
        List<RouteSource> sources = new ArrayList<>();
        List<Path> files = files(directory);
        for (Path file : files) {
            RouteSource source = read(directory, file, findings);
            if (source != null) {
                sources.add(source);
            }
        }
        RouteSet routes = new RouteSet(directory, settings, sources);
        List<Check> checks = new ArrayList<>(alone);
        checks.add(new CanonicalForm());
        checks.addAll(together);
        sources.forEach(source -> checks.forEach(check -> check.check(source, routes, findings)));
        return new Report(files.size(), findings.problems());
    }

    /** What is wrong with one file taken by itself, the worst first; enough to refuse it before Camel builds it. */
    public SortedSet<Problem> problems(Path directory, String file, String text) {
        Findings findings = new Findings();
        RouteSource source = parse(file, text, findings);
        if (source != null) {
            RouteSet routes = new RouteSet(directory, settings, List.of(source));
            alone.forEach(check -> check.check(source, routes, findings));
        }
        return findings.problems();
    }

    /** The route files below a directory. */
    public static List<Path> files(Path directory) {
        try (Stream<Path> paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(path -> path.getFileName().toString().endsWith(RouteSource.SUFFIX))
                    .filter(path -> !isHidden(directory.relativize(path)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A mounted ConfigMap keeps its versions in folders whose names begin with two dots. */
    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith("..")) {
                return true;
            }
        }
        return false;
    }

    private @Nullable RouteSource read(Path directory, Path file, Findings findings) {
        String name = directory.relativize(file).toString().replace('\\', '/');
        try {
            return parse(name, Files.readString(file), findings);
        } catch (MalformedInputException e) {
            findings.add(RouteSource.of(name, null, settings::resolve), 1, "the file is not UTF-8 text");
            return null;
        } catch (IOException e) {
            findings.add(RouteSource.of(name, null, settings::resolve), 1, "the file cannot be read: " + e);
            return null;
        }
    }

    private @Nullable RouteSource parse(String file, String text, Findings findings) {
        try {
            return RouteSource.of(file, Yaml.parse(text), settings::resolve);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            findings.add(RouteSource.of(file, null, settings::resolve), line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            findings.add(
                    RouteSource.of(file, null, settings::resolve),
                    1,
                    "not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return null;
    }
}
