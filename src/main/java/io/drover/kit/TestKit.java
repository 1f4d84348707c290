package io.drover.kit;

import io.drover.eval.EvalsInForce;
import io.drover.guard.Guard;
import io.drover.guard.GuardedTool;
import io.drover.guard.ToolRegistry;
import io.drover.journal.Journal;
import io.drover.journal.Signals;
import io.drover.kit.CaseRun.Parts;
import io.drover.kit.CaseRun.Ran;
import io.drover.route.RouteFiles;
import io.drover.task.AttemptRunner;
import io.drover.task.TaskService;
import io.drover.task.WorkflowRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** The routes of a directory, loaded once, on which cases run one after the other. */
final class TestKit implements AutoCloseable {

    private final ConfigurableApplicationContext application;
    private final KitBeans.Current current;
    private final KitClock clock;
    private final Parts parts;
    private final Guard guard;
    private final ToolRegistry tools;
    private final RouteFiles files;
    private final EvalsInForce evals;
    private final Live live;

    private TestKit(ConfigurableApplicationContext application, Live live) {
        this.live = live;
        this.evals = application.getBean(EvalsInForce.class);
        this.application = application;
        this.current = application.getBean(KitBeans.Current.class);
        this.clock = application.getBean(KitClock.class);
        this.guard = application.getBean(Guard.class);
        this.tools = application.getBean(ToolRegistry.class);
        this.files = application.getBean(RouteFiles.class);
        this.parts = new Parts(
                application.getBean(TaskService.class),
                application.getBean(WorkflowRegistry.class),
                application.getBean(AttemptRunner.class),
                application.getBean(Journal.class),
                application.getBean(Signals.class),
                clock);
    }

    /**
     * @param properties of Spring, as {@code --x=y}
     * @param run        the tools whose own steps run in some case
     * @param live       what is asked itself
     */
    static TestKit open(Path routes, List<String> properties, Set<String> run, Live live) {
        SpringApplication application = new SpringApplication(KitBeans.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(
                "--logging.level.root=off",
                "--spring.jmx.enabled=false",
                "--logging.level.io.drover=off",
                "--drover.role=worker", // its triggers are checked, and do not run
                "--drover.routes.directory=" + routes.toAbsolutePath(),
                "--drover.kit.run=" + String.join(",", run)));
        arguments.addAll(live.properties());
        arguments.addAll(properties);
        return new TestKit(application.run(arguments.toArray(String[]::new)), live);
    }

    /** The route files that cannot be used. */
    List<String> problems() {
        return files.problems().stream()
                .map(problem -> "%s:%d: %s".formatted(problem.file(), problem.line(), problem.message()))
                .toList();
    }

    /** What is not as expected, in words; empty where all is. A live model says something else after a crash. */
    List<String> run(TestCase script) {
        Ran first = play(script, 0, false);
        List<String> failures = Expectations.failures(script.expected(), first);
        return failures.isEmpty() && script.crash() && !live.models() ? crashes(script, first) : failures;
    }

    /** The worker dies after each write in turn; the end and the effects are those of the case without that. */
    private List<String> crashes(TestCase script, Ran first) {
        Set<String> idempotent = tools.current().all().values().stream()
                .map(GuardedTool::spec)
                .filter(spec -> spec.isRepeatable())
                .map(spec -> spec.name())
                .collect(Collectors.toSet());
        Map<String, Integer> effects = first.stage().effects(idempotent);
        int writes = first.stage().journal.writes();
        for (int write = 1; write <= writes; write++) {
            Ran again = play(script, write, true);
            List<String> failures = new ArrayList<>(Expectations.failures(script.expected(), again));
            Map<String, Integer> now = again.stage().effects(idempotent);
            if (!now.equals(effects)) {
                failures.add("effects: expected %s, found %s".formatted(new TreeMap<>(effects), new TreeMap<>(now)));
            }
            if (!failures.isEmpty()) {
                String where = "the worker died after write %d of %d, %s"
                        .formatted(write, writes, again.stage().journal.diedAfter());
                failures.addFirst(where);
                return failures;
            }
        }
        return List.of();
    }

    Ran play(TestCase script, int diesAfter, boolean settles) {
        Stage stage = stage(script);
        stage.journal.dieAfter(diesAfter);
        return new CaseRun(script, stage, parts).run(settles);
    }

    /** An empty stage, on which nothing has happened yet. */
    Stage stage(TestCase script) {
        clock.begin(script.now());
        Stage stage = new Stage(script, clock);
        current.is(stage);
        tools.current().all().keySet().forEach(tool -> guard.breaker(tool).reset());
        return stage;
    }

    /** Runs a case, and evaluates what came of it; null where its workflow has no eval. */
    @Nullable
    Evaluated evaluate(TestCase script) {
        EvalsInForce.Usable usable = evals.of(script.workflow());
        return usable == null ? null : new CaseEvaluation(script, stage(script), parts, usable).run();
    }

    Parts parts() {
        return parts;
    }

    @Override
    public void close() {
        application.close();
    }
}
