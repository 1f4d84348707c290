package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.rollout.DeclaredRollout;
import io.drover.rollout.Rollout;
import io.drover.rollout.Rollout.InFlight;
import io.drover.rollout.Rollout.Rail;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** What {@code validate} says about a file of rollouts, and what such a file means. */
@Quick
class RolloutsFileTest {

    @TempDir
    Path directory;

    @BeforeEach
    void versions() throws IOException {
        version("order", 1);
        version("order", 2);
        version("order", 4);
        route("announce", "tool:announce, parameters: { description: Announces }");
    }

    @Test
    void whatIsLeftOutHasItsUsualValue() throws IOException {
        DeclaredRollout declared = read("r: { workflow: order, candidate: 4 }").getFirst();

        assertThat(declared.ready()).isTrue();
        Rollout rollout = declared.rollout();
        assertThat(rollout.id()).isEqualTo("r");
        assertThat(rollout.control()).as("the next lower one").isEqualTo(2);
        assertThat(rollout.steps()).containsExactly(10_000, 50_000, 250_000, 500_000, 1_000_000);
        assertThat(rollout.tasks()).isEqualTo(200);
        assertThat(rollout.rails())
                .extracting(Rail::name)
                .containsExactly("dead", "in-doubt", "rejected", "duration", "cost");
        assertThat(rollout.inFlight()).isEqualTo(InFlight.FINISH);
        assertThat(rollout.window()).isEqualTo(Duration.ofDays(1));
        assertThat(rollout.tell()).isNull();
    }

    @Test
    void takesWhatIsSaid() throws IOException {
        Rollout rollout =
                read("""
                        r:
                            workflow: order
                            candidate: 2
                            control: 4
                            mode: canary
                            steps: [0.5, 12.25, 60]
                            tasks: 1000
                            guardrails:
                              dead: { tolerance: 0.5 }
                              chatty: { when: "calls > 20 || seconds > 1.5 && !dead", tolerance: 3 }
                            inFlight: move
                            window: 12h
                            tell: announce
                        """)
                        .getFirst()
                        .rollout();

        assertThat(rollout.control()).isEqualTo(4);
        assertThat(rollout.steps()).containsExactly(5_000, 122_500, 600_000);
        assertThat(rollout.rails())
                .containsExactly(
                        new Rail("dead", 0.5, null), new Rail("chatty", 3, "calls > 20 || seconds > 1.5 && !dead"));
        assertThat(rollout.inFlight()).isEqualTo(InFlight.MOVE);
        assertThat(rollout.window()).isEqualTo(Duration.ofHours(12));
        assertThat(rollout.tell()).isEqualTo("announce");
    }

    /** Its file may come with the next look, and must not be the current version then. */
    @Test
    void aVersionThatIsNotThereYetIsWaitedFor() throws IOException {
        DeclaredRollout declared = read("r: { workflow: order, candidate: 5 }").getFirst();

        assertThat(declared.ready()).isFalse();
        assertThat(declared.rollout().candidate()).isEqualTo(5);
        assertThat(problems("r: { workflow: order, candidate: 5 }"))
                .containsExactly(
                        "rollouts.yaml:2: rollout r: candidate 5: no file defines this version of task:order; there are [1, 2, 4]; the rollout begins when there is one");
        assertThat(problems("r: { workflow: ordr, candidate: 2 }"))
                .singleElement()
                .asString()
                .contains("workflow 'ordr': no file defines it", "order");
        assertThat(problems("r: { workflow: order, candidate: 2, tell: anounce }"))
                .singleElement()
                .asString()
                .contains("tell 'anounce': there is no such tool", "announce");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    r: yes                                                                   | must be a mapping
                    r: { candidate: 2 }                                                      | workflow is missing
                    r: { workflow: order }                                                   | candidate ''
                    r: { workflow: order, candidate: 1 }                                     | candidate '1'
                    r: { workflow: order, candidate: two }                                   | candidate 'two'
                    r: { workflow: order, candidate: 2, control: 2 }                         | control 2: it must be another version
                    r: { workflow: order, candidate: 2, control: 0 }                         | control '0'
                    r: { workflow: order, candidate: 2, kontrol: 1 }                         | 'kontrol' is not a field
                    r: { workflow: order, candidate: 2, mode: mirror }                       | mode 'mirror': it must be canary or shadow
                    r: { workflow: order, candidate: 2, share: 5 }                           | share is for mode: shadow only
                    r: { workflow: order, candidate: 2, mode: shadow }                       | maxCostUsd ''
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 0 }        | maxCostUsd '0'
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1e99999999 } | maxCostUsd '1e99999999'
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1, share: 0 } | share '0'
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1, share: 101 } | share '101'
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1, perMinute: 0 } | perMinute '0'
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1, steps: [5] } | steps is for mode: canary only
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1, guardrails: { dead: {} } } | guardrails is for mode: canary only
                    r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1, inFlight: move } | inFlight is for mode: canary only
                    r: { workflow: order, candidate: 2, steps: [] }                          | steps must be
                    r: { workflow: order, candidate: 2, steps: 5 }                           | steps must be
                    r: { workflow: order, candidate: 2, steps: [100] }                       | steps must be
                    r: { workflow: order, candidate: 2, steps: [5, 5] }                      | steps must be
                    r: { workflow: order, candidate: 2, steps: [25, 5] }                     | steps must be
                    r: { workflow: order, candidate: 2, steps: [0] }                         | steps must be
                    r: { workflow: order, candidate: 2, steps: [-1, 5] }                     | steps must be
                    r: { workflow: order, candidate: 2, steps: [101] }                       | steps must be
                    r: { workflow: order, candidate: 2, steps: [0.00001] }                   | steps must be
                    r: { workflow: order, candidate: 2, steps: [1e9999999] }                 | steps must be
                    r: { workflow: order, candidate: 2, tasks: 0 }                           | tasks '0'
                    r: { workflow: order, candidate: 2, tasks: 99999999999 }                 | tasks '99999999999'
                    r: { workflow: order, candidate: 2, guardrails: {} }                     | guardrails must be 1 to 20
                    r: { workflow: order, candidate: 2, guardrails: [dead] }                 | guardrails must be 1 to 20
                    r: { workflow: order, candidate: 2, guardrails: { dead: 2 } }            | be a mapping
                    r: { workflow: order, candidate: 2, guardrails: { ded: {} } }            | is no standard one
                    r: { workflow: order, candidate: 2, guardrails: { dead: { when: "true" } } } | has no 'when'
                    r: { workflow: order, candidate: 2, guardrails: { score: { when: "true" } } } | has no 'when'
                    r: { workflow: order, candidate: 2, guardrails: { x: { when: "calls >" } } }  | it must be a condition in CEL
                    r: { workflow: order, candidate: 2, guardrails: { x: { when: "cals > 2" } } } | it must be a condition in CEL
                    r: { workflow: order, candidate: 2, guardrails: { x: { when: "calls" } } }    | it must be a condition in CEL
                    r: { workflow: order, candidate: 2, guardrails: { dead: { tolerance: 0 } } }  | tolerance '0'
                    r: { workflow: order, candidate: 2, guardrails: { dead: { tolerance: 100 } } }| tolerance '100'
                    r: { workflow: order, candidate: 2, inFlight: kill }                     | inFlight 'kill'
                    r: { workflow: order, candidate: 2, window: 5 }                          | window '5'
                    r: { workflow: order, candidate: 2, window: 1s }                         | window '1s'
                    r: { workflow: order, candidate: 2, window: soon }                       | window 'soon'
                    "a b": { workflow: order, candidate: 2 }                                 | an id is 1 to 100 letters
                    """)
    void refusesWhatIsNoRollout(String entry, String problem) throws IOException {
        assertThat(problems(entry))
                .isNotEmpty()
                .first()
                .asString()
                .startsWith("rollouts.yaml:2: ")
                .contains(problem);
        assertThat(file().content()).isNull();
        assertThat(file().warnings()).noneMatch(warning -> warning.toString().contains(" 0: no file"));
    }

    /** A score is compared only where the file says so, and there has to be one. */
    @Test
    void aScoreIsComparedWhereItIsNamed() throws IOException {
        String entry = "r: { workflow: order, candidate: 2, guardrails: { dead: {}, score: { tolerance: 3 } } }";
        assertThat(read(entry).getFirst().rollout().rails())
                .containsExactly(new Rail("dead", 2, null), new Rail("score", 3, null));
        assertThat(problems(entry))
                .singleElement()
                .asString()
                .contains("guardrail score: task:order has no eval", "evals.yaml");

        Files.writeString(
                directory.resolve("evals.yaml"), "evals: { order: { sample: 2%, checks: { fine: output.fine } } }");

        assertThat(problems(entry)).isEmpty();
    }

    @Test
    void aShadowHasLimitsOfItsOwn() throws IOException {
        Rollout usual = read("r: { workflow: order, candidate: 2, mode: shadow, maxCostUsd: 1 }")
                .getFirst()
                .rollout();
        Rollout own =
                read("r: { workflow: order, candidate: 2, mode: shadow, share: 2.5, perMinute: 7, maxCostUsd: 0.5 }")
                        .getFirst()
                        .rollout();

        assertThat(usual.shadow()).isEqualTo(new Rollout.Shadow(60, BigDecimal.ONE));
        assertThat(usual.steps()).containsExactly(1_000_000);
        assertThat(own.shadow()).isEqualTo(new Rollout.Shadow(7, new BigDecimal("0.5")));
        assertThat(own.steps()).containsExactly(25_000);
        assertThat(read("r: { workflow: order, candidate: 2 }")
                        .getFirst()
                        .rollout()
                        .shadow())
                .isNull();
    }

    @Test
    void refusesAFileWithoutRollouts() throws IOException {
        Files.writeString(directory.resolve("rollouts.yaml"), "- r\n");

        assertThat(file().problems()).singleElement().asString().contains("rollouts: {}");
    }

    private List<DeclaredRollout> read(String entry) throws IOException {
        write(entry);
        RolloutsFile file = file();
        assertThat(file.problems()).isEmpty();
        return file.content();
    }

    private RolloutsFile file() {
        RouteValidator validator = RouteValidator.standalone(new MockEnvironment());
        return validator.rollouts(directory, ReadFiles.of(directory, validator));
    }

    private List<String> problems(String entry) throws IOException {
        write(entry);
        return RouteValidator.standalone(new MockEnvironment()).validate(directory).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private void write(String entry) throws IOException {
        Files.writeString(directory.resolve("rollouts.yaml"), "rollouts:\n  " + entry + "\n");
    }

    private void version(String workflow, int version) throws IOException {
        String id = version == 1 ? workflow : workflow + "-" + version;
        route(id, "task:%s, parameters: { version: %d }".formatted(workflow, version));
    }

    private void route(String id, String from) throws IOException {
        Files.writeString(
                directory.resolve(id + ".camel.yaml"),
                """
                - route:
                    id: %s
                    from: { uri: %s, steps: [{ setBody: { expression: { constant: { expression: "1" } } } }] }
                """
                        .formatted(id, from.replaceFirst("^([^,]*)", "'$1'")));
    }
}
