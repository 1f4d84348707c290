package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.eval.EvalsInForce;
import io.drover.flag.FlagsInForce;
import io.drover.rollout.RolloutsInForce;
import io.drover.route.check.RouteValidator;
import io.drover.rules.RulesInForce;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** An edit makes another kind of route of a file: what the file was is gone, and what it is now works. */
class KindChangesTest extends RouteFilesTestBase {

    /** What the file is, under the id {@code turns}. */
    enum Kind {
        TOOL("tool:turns"),
        WORKFLOW("task:turns"),
        PLAIN("direct:turns"),
        QUEUE("seda:turns?pollTimeout=50"),
        TIMER("timer:turns?period=50"),
        SCHEDULE("quartz:turns?cron=0/1+*+*+*+*+?"),
        FILES("file:target/turns?delay=50&initialDelay=0&delete=true");

        private final String from;

        Kind(String from) {
            this.from = from;
        }
    }

    @Autowired
    RouteSwitch routeSwitch;

    @Autowired
    RouteValidator validator;

    @Autowired
    RolloutsInForce declared;

    @TempDir
    Path directory;

    static Stream<Object[]> changes() {
        return Stream.of(Kind.values())
                .flatMap(before ->
                        Stream.of(Kind.values()).filter(now -> now != before).map(now -> new Object[] {before, now}));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aProcessThatHasTriggersHasTheNewKindOnly(Kind before, Kind now) {
        FILES.workflow("asks-turns", "turns", "w1");
        FILES.write("turns", text(before, "v1"));
        awaitWorks(before, "v1");

        FILES.write("turns", text(now, "v2"));

        awaitWorks(now, "v2");
        awaitGone(before);
        assertThat(problem("turns")).isNull();
        FILES.delete("turns");
        awaitGone(now);
        soon().until(() -> routeIds("turns").isEmpty());
    }

    /** A worker leaves the files of triggers alone, and what they were before must not stay for that. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TOOL", "WORKFLOW", "PLAIN", "QUEUE"})
    void aWorkerHasNothingOfAFileThatIsATriggerNow(Kind before) throws Exception {
        RouteProblems problems = new RouteProblems();
        LoadedFiles files = files(problems);
        FILES.workflow("asks-turns", "turns", "w1");
        for (Kind trigger : new Kind[] {Kind.TIMER, Kind.SCHEDULE, Kind.FILES}) {
            write(text(before, "v1"));
            files.reconcile();
            awaitWorks(before, "v1");

            write(text(trigger, "v2"));
            files.reconcile();
            soon().until(() -> {
                routeSwitch.sweep();
                return routeIds("turns").isEmpty();
            });

            awaitGone(before);
            assertThat(files.names()).isEmpty();
            assertThat(problems.all()).isEmpty();
        }
    }

    /** A slip of the pen makes a trigger of a tool, too. */
    @Test
    void aWorkerKeepsTheToolWhileItsFileIsABrokenTrigger() throws Exception {
        RouteProblems problems = new RouteProblems();
        LoadedFiles files = files(problems);
        FILES.workflow("asks-turns", "turns", "w1");
        write(text(Kind.TOOL, "v1"));
        files.reconcile();

        write(text(Kind.TOOL, "v2").replace("tool:turns", "toool:turns"));
        files.reconcile();

        assertThat(problems.all()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("toool");
            assertThat(problem.runs()).isTrue();
        });
        awaitWorks(Kind.TOOL, "v1");
        routeSwitch.remove("turns");
    }

    /** Such as a trigger that was no YAML when the worker started: it would never be ready. */
    @Test
    void aWorkerForgetsTheProblemOfAFileThatIsATriggerNow() throws Exception {
        RouteProblems problems = new RouteProblems();
        LoadedFiles files = files(problems);
        write("- route: [");
        files.reconcile();
        problems.started();
        assertThat(problems.isAnyMissing()).isTrue();

        write(text(Kind.TIMER, "v1"));
        files.reconcile();

        assertThat(problems.all()).isEmpty();
        assertThat(problems.isAnyMissing()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "TOOL")
    void anAttemptEndsOnTheToolThatItBeganWith(Kind now) {
        CountDownLatch backEnd = new CountDownLatch(1);
        SERVER.always("/turns-v1", out -> {
            backEnd.await();
            FaultyServer.json("{}").write(out);
        });
        FILES.tool("turns", "turns", "v1");
        FILES.workflow("asks-turns", "turns", "w1");
        soon().until(() -> tools.current().get("turns") != null && workflows.get("asks-turns") != null);
        int asked = SERVER.requests("/turns-v1").size();
        UUID task = submit("asks-turns");
        await().until(() -> SERVER.requests("/turns-v1").size() > asked);

        FILES.write("turns", text(now, "v2"));

        awaitWorks(now, "v2");
        backEnd.countDown();
        assertThat(output(task)).contains("\"v1\"");
        FILES.delete("turns");
        soon().until(() -> routeIds("turns").isEmpty());
        SERVER.always("/turns-v1", FaultyServer.json("{}"));
    }

    private static String text(Kind kind, String version) {
        return """
                - route:
                    id: turns
                    from:
                      uri: "%s"
                      steps:
                        - setBody: { constant: { expression: %s } }
                        - to: { uri: "mock:turns" }
                """
                .formatted(kind.from, version);
    }

    private void write(String text) throws Exception {
        Files.writeString(directory.resolve("turns.camel.yaml"), text);
    }

    private void awaitWorks(Kind kind, String version) {
        soon().until(() -> switch (kind) {
            case TOOL -> tools.current().get("turns") != null && workflows.get("asks-turns") != null;
            case WORKFLOW -> workflows.get("turns") != null;
            default ->
                camel.getRoutes().stream()
                        .filter(route -> RouteIds.logical(route.getRouteId()).equals("turns"))
                        .anyMatch(route -> route.getEndpoint().getEndpointUri().startsWith(scheme(kind)));
        });
        switch (kind) {
            case TOOL -> soon().until(() -> output(submit("asks-turns")).contains(version));
            case WORKFLOW -> soon().until(() -> output(submit("turns")).contains(version));
            case PLAIN ->
                soon().until(() ->
                        producer.requestBody("direct:turns", "", String.class).equals(version));
            default -> soon().until(() -> isHeard(kind, version));
        }
    }

    private boolean isHeard(Kind kind, String version) throws Exception {
        if (kind == Kind.QUEUE) {
            SedaEndpoint queue = camel.getEndpoint(kind.from, SedaEndpoint.class);
            queue.getQueue().add(queue.createExchange());
        } else if (kind == Kind.FILES) {
            Path inbox = Files.createDirectories(Path.of("target", "turns"));
            Files.writeString(inbox.resolve(UUID.randomUUID() + ".txt"), "ask");
        }
        return camel.getEndpoint("mock:turns", MockEndpoint.class).getExchanges().stream()
                .anyMatch(exchange -> version.equals(exchange.getMessage().getBody(String.class))
                        && exchange.getFromEndpoint().getEndpointUri().startsWith(scheme(kind)));
    }

    private static String scheme(Kind kind) {
        return kind.from.substring(0, kind.from.indexOf(':'));
    }

    /** No endpoint of its kind is read any more. */
    private void awaitGone(Kind kind) {
        soon().until(() -> camel.getRoutes().stream()
                .filter(route -> RouteIds.logical(route.getRouteId()).equals("turns"))
                .noneMatch(route -> ((DefaultConsumer) route.getConsumer())
                        .getEndpoint()
                        .getEndpointUri()
                        .startsWith(scheme(kind))));
        assertThat(tools.current().get("turns") == null || kind != Kind.TOOL).isTrue();
        assertThat(workflows.get("turns") == null || kind != Kind.WORKFLOW).isTrue();
        if (kind == Kind.PLAIN) {
            assertThatThrownBy(() -> producer.requestBody("direct:turns?block=false", ""))
                    .isInstanceOf(CamelExecutionException.class);
        }
        camel.getEndpoint("mock:turns", MockEndpoint.class).reset();
    }

    private LoadedFiles files(RouteProblems problems) {
        LoadedRules none = new LoadedRules(directory, validator, new RulesInForce(), problems);
        LoadedFlags flags = new LoadedFlags(directory, validator, new FlagsInForce(), true, problems);
        LoadedRollouts rollouts = new LoadedRollouts(directory, validator, declared, problems);
        return new LoadedFiles(
                directory,
                validator.reader(),
                routeSwitch,
                problems,
                new SingleFiles(
                        none, flags, rollouts, new LoadedEvals(directory, validator, new EvalsInForce(), problems)),
                false,
                () -> 0L);
    }
}
