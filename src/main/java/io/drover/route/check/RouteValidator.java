package io.drover.route.check;

import io.drover.egress.EgressProperties;
import io.drover.guard.GuardProperties;
import io.drover.secret.ConfiguredSecrets;
import io.drover.security.HookProperties;
import io.drover.start.BareTimes;
import io.drover.start.BoundSettings;
import io.drover.start.RefusedToStartException;
import io.drover.task.KeepProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.core.env.Environment;

/** Checks route files against each other, the environment, and what Camel and Drover know. It runs nothing. */
public final class RouteValidator {

    private static final Logger LOG = LoggerFactory.getLogger(RouteValidator.class);

    private final Settings settings;
    private final SortedSet<String> settingsProblems = new TreeSet<>();
    private final HookProperties hooks;
    private final RouteReader reader;
    private final GuardProperties guard;
    private final MisnamedFiles misnamed = new MisnamedFiles();
    private final List<Check> alone;
    private final List<Check> together;

    /**
     * @param environment where property placeholders are looked up
     * @param context     knows the Simple language's functions; it need not run
     * @throws RefusedToStartException if a setting of a tool breaks a rule
     */
    public RouteValidator(Environment environment, CamelContext context) {
        this.settings = new Settings(environment);
        this.hooks = HookProperties.in(environment);
        this.reader = new RouteReader(settings::resolve);
        this.guard = BoundSettings.of(
                environment,
                "drover",
                GuardProperties.class,
                new BareTimes(BindHandler.DEFAULT, environment::resolvePlaceholders, settingsProblems::add));
        this.settingsProblems.addAll(ConfiguredSecrets.problems(environment));
        SimpleExpressions simple = new SimpleExpressions(context);
        ApprovalSettings.check(guard, simple);
        this.alone = List.of(
                new DuplicateKeys(),
                new Identity(),
                new AwaitedSteps(),
                new Placeholders(),
                new SecretUses(),
                new KnownSteps(),
                new EndpointOptions(context),
                new CamelParts(context),
                new JsonPaths(),
                new NamedBeans(context, new KnownBeans(context, settings)),
                new Injections(),
                new UnevaluatedText(),
                new Variables(false),
                new BodyFields(true),
                new AnswerFields(true),
                new OptionValues(guard),
                new KafkaOptions(),
                new SourceOptions(),
                new HttpMethods(),
                new WaitSteps(),
                new WrittenNumbers(),
                new SchemaReferences(),
                new TriggerKeys(),
                new RacedKeys(),
                new AwaitedTasks(),
                new CallsOutsideTasks(true),
                new RegularExpressions(),
                new SqlResults(),
                simple);
        this.together = List.of(
                new KnownNames(),
                new AllowedTools(guard),
                new Approval(guard),
                new CallArguments(),
                new PassingValues(),
                new BodyFields(false),
                new AnswerFields(false),
                new Variables(true),
                new ArgumentHeaders(),
                new TriggerKeys(),
                new StandIns(),
                new SideEffects(),
                new CallsOutsideTasks(false),
                new ChildLoops(),
                new AgentOptions());
    }

    /** A validator for files that no process runs. */
    public static RouteValidator standalone(Environment environment) {
        DefaultCamelContext context = new DefaultCamelContext(false);
        PluginHelper.getSimpleFunctionRegistry(context).addFunction(new NamedFunction("url"));
        PluginHelper.getSimpleFunctionRegistry(context).addFunction(new NamedFunction("query"));
        EgressProperties.in(environment); // a process reads them at its start
        KeepProperties.in(environment);
        PluginHelper.getSimpleFunctionRegistry(context).addFunction(new NamedFunction(FlagLanguage.FUNCTION));
        context.getRegistry().bind("simple", new FlagLanguage());
        return new RouteValidator(environment, context);
    }

    /**
     * The outcome of checking a whole directory.
     *
     * @param settings problems of settings, which are in no route file
     */
    public record Report(int files, SortedSet<Problem> problems, SortedSet<String> settings) {

        public boolean isEmpty() {
            return problems.isEmpty() && settings.isEmpty();
        }
    }

    /** Reads the files that are checked here. */
    public RouteReader reader() {
        return reader;
    }

    /** Checks every route file below a directory. */
    public Report validate(Path directory) {
        Findings findings = new Findings();
        List<RouteSource> sources = new ArrayList<>();
        List<Path> paths = RouteReader.files(directory);
        for (Path path : paths) {
            RouteFile file = read(directory, path, findings);
            if (file != null && isYaml(file, findings)) {
                sources.add(file.source());
            }
        }
        RouteSet routes = new RouteSet(directory, settings, sources);
        List<Check> checks = new ArrayList<>(alone);
        checks.add(new CanonicalForm());
        checks.add(new WrittenTimes());
        checks.addAll(together);
        sources.forEach(source -> checks.forEach(check -> check.check(source, routes, findings)));
        misnamed(directory, findings);
        RulesFile rules = RulesFile.read(directory, routes);
        FlagsFile flags = settings.flagsAreInFile() ? FlagsFile.read(directory) : null;
        flagUses(sources, flags).forEach(findings::add);
        RolloutsFile rollouts = RolloutsFile.read(directory, routes);
        EvalsFile evals = EvalsFile.read(directory, routes);
        List<SingleFile<?>> single = Stream.<@Nullable SingleFile<?>>of(rules, flags, rollouts, evals)
                .filter(Objects::nonNull)
                .toList();
        single.forEach(file -> {
            file.problems().forEach(findings::add);
            file.warnings().forEach(findings::add);
        });
        if (rollouts != null) {
            rollouts.withoutEval(evals).forEach(findings::add);
        }
        settingsProblems.addAll(hooks.withoutRoute(routes.hookPaths()));
        int files = paths.size() + single.size();
        return new Report(files, findings.problems(), settingsProblems);
    }

    /**
     * Where the routes of some files ask for flags that do not exist, or cannot ask for any.
     *
     * @param flags where they are defined, or null where there is no file of flags
     */
    public SortedSet<Problem> flagUses(Collection<RouteFile> files, @Nullable FlagsFile flags) {
        return flagUses(
                files.stream()
                        .filter(file -> file.problem() == null)
                        .map(RouteFile::source)
                        .toList(),
                flags);
    }

    private SortedSet<Problem> flagUses(List<RouteSource> sources, @Nullable FlagsFile flags) {
        SortedSet<Problem> problems = new TreeSet<>();
        if (!settings.flagsAreInFile()
                || flags != null && flags.content() == null) { // which flags there are is not known
            return problems;
        }
        Set<String> known = flags == null || flags.content() == null
                ? Set.of()
                : flags.content().names();
        sources.forEach(source -> problems.addAll(FlagUses.problems(source, known, settings)));
        problems.addAll(FlagUses.ofSettings(guard, known));
        return problems;
    }

    /**
     * Problems between files that are valid by themselves.
     * Another file, or a tool that does not exist yet, may solve them.
     *
     * @param others tools that are there without a file
     */
    public SortedSet<Problem> warnings(Path directory, Collection<RouteFile> files, Set<String> others) {
        Findings findings = new Findings();
        List<RouteSource> sources = files.stream()
                .filter(file -> file.problem() == null)
                .map(RouteFile::source)
                .toList();
        RouteSet routes = new RouteSet(directory, settings, sources, others);
        sources.forEach(source -> together.forEach(check -> check.check(source, routes, findings)));
        return findings.problems();
    }

    /** Where the routes of some files name secrets. */
    public List<SecretUse> secrets(Collection<RouteFile> files) {
        return files.stream()
                .filter(file -> file.problem() == null)
                .flatMap(file -> SecretUses.all(file.source(), settings).stream())
                .toList();
    }

    /** The rules about the tools in some files, or null where there is no file of rules. */
    public @Nullable RulesFile rules(Path directory, Collection<RouteFile> files) {
        return RulesFile.read(directory, routes(directory, files));
    }

    /** The rollouts of the workflows in some files, or null where there is no file of rollouts. */
    public @Nullable RolloutsFile rollouts(Path directory, Collection<RouteFile> files) {
        return RolloutsFile.read(directory, routes(directory, files));
    }

    /** The evals of the workflows in some files, or null where there is no file of evals. */
    public @Nullable EvalsFile evals(Path directory, Collection<RouteFile> files) {
        return EvalsFile.read(directory, routes(directory, files));
    }

    private RouteSet routes(Path directory, Collection<RouteFile> files) {
        List<RouteSource> sources = files.stream()
                .filter(file -> file.problem() == null)
                .map(RouteFile::source)
                .toList();
        return new RouteSet(directory, settings, sources);
    }

    /** The files below a directory that hold routes and are not loaded because of their names. */
    public SortedSet<Problem> misnamed(Path directory) {
        Findings findings = new Findings();
        misnamed(directory, findings);
        return findings.problems();
    }

    private void misnamed(Path directory, Findings findings) {
        try {
            misnamed.problems(directory).forEach(findings::add);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the files below {} cannot be listed", directory, e); // which the reading of routes reports
        }
    }

    /** The problems of one file by itself, the worst first; enough to refuse it before Camel builds it. */
    public SortedSet<Problem> problems(Path directory, RouteFile file) {
        Findings findings = new Findings();
        if (isYaml(file, findings)) {
            RouteSet routes = new RouteSet(directory, settings, List.of(file.source()));
            alone.forEach(check -> check.check(file.source(), routes, findings));
        }
        return findings.problems();
    }

    /** The same of a text that no file holds. */
    SortedSet<Problem> problems(Path directory, String name, String text) {
        return problems(directory, reader.parsed(directory, directory.resolve(name), text, 0));
    }

    private static boolean isYaml(RouteFile file, Findings findings) {
        if (file.problem() != null) {
            findings.add(file.problem());
        }
        return file.problem() == null;
    }

    private @Nullable RouteFile read(Path directory, Path path, Findings findings) {
        try {
            return reader.read(directory, path, null);
        } catch (IOException e) {
            findings.add(new Problem(RouteReader.name(directory, path), 1, RouteReader.problem(e)));
        }
        return null;
    }
}
