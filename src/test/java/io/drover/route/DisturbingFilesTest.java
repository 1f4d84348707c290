package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.eval.EvalsInForce;
import io.drover.flag.FlagsInForce;
import io.drover.rollout.RolloutsInForce;
import io.drover.route.check.RouteValidator;
import io.drover.rules.RulesInForce;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** A file whose route cannot be started is tried again, and each try stops its version before for a moment. */
class DisturbingFilesTest extends RouteFilesTestBase {

    /** Another route has it, which shows when the route is started. */
    private static final String TAKEN = "direct:there-from-the-start";

    @Autowired
    RouteSwitch routeSwitch;

    @Autowired
    RouteValidator validator;

    @Autowired
    RolloutsInForce declared;

    @TempDir
    Path directory;

    private long now;

    @Test
    void theVersionBeforeIsNotStoppedEveryHalfMinute() throws Exception {
        LoadedFiles files = files();
        write("half", "direct:half");
        files.reconcile();
        assertThat(routeIds("half")).containsExactly("half");

        write("half", TAKEN);
        for (int halfMinutes = 0; halfMinutes < 2; halfMinutes++) {
            files.reconcile();
            pass();
        }
        write("half", "direct:half-too");
        files.reconcile();

        assertThat(routeIds("half")).as("the second one was tried once").containsExactly("half@3");
        routeSwitch.remove("half");
    }

    @Test
    void theChangeOfAnotherFileHasItTriedAtOnce() throws Exception {
        LoadedFiles files = files();
        write("beside-it", "direct:beside-it");
        files.reconcile();
        write("beside-it", TAKEN);
        files.reconcile();

        Files.writeString(
                directory.resolve("beside.camel.yaml"),
                "- route: {id: beside, from: {uri: 'direct:beside', steps: [{log: {message: worked}}]}}");
        files.reconcile();
        write("beside-it", "direct:beside-it-too");
        files.reconcile();

        assertThat(routeIds("beside-it")).as("the second one was tried twice").containsExactly("beside-it@4");
        routeSwitch.remove("beside-it");
        routeSwitch.remove("beside");
    }

    /** As a Kafka trigger while the backlog is full: what suspended it resumes it, and nothing else would. */
    @Test
    void aVersionThatWasSuspendedIsSuspendedAgainAndNotStopped() throws Exception {
        LoadedFiles files = files();
        write("paused", "direct:paused");
        files.reconcile();
        camel.getRouteController().suspendRoute("paused");

        write("paused", TAKEN);
        files.reconcile();

        assertThat(camel.getRouteController().getRouteStatus("paused")).isEqualTo(ServiceStatus.Suspended);
        camel.getRouteController().resumeRoute("paused");
        assertThat(camel.getRouteController().getRouteStatus("paused")).isEqualTo(ServiceStatus.Started);
        routeSwitch.remove("paused");
    }

    private LoadedFiles files() {
        RouteProblems problems = new RouteProblems();
        LoadedRules rules = new LoadedRules(directory, validator, new RulesInForce(), problems);
        LoadedFlags flags = new LoadedFlags(directory, validator, new FlagsInForce(), true, problems);
        LoadedRollouts rollouts = new LoadedRollouts(directory, validator, declared, problems);
        return new LoadedFiles(
                directory,
                validator.reader(),
                routeSwitch,
                problems,
                new SingleFiles(
                        rules, flags, rollouts, new LoadedEvals(directory, validator, new EvalsInForce(), problems)),
                true,
                () -> now);
    }

    private void write(String id, String from) throws Exception {
        Files.writeString(
                directory.resolve(id + ".camel.yaml"),
                """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - log: { message: came }
                """
                        .formatted(id, from));
    }

    private void pass() {
        now += Duration.ofSeconds(31).toNanos();
    }
}
