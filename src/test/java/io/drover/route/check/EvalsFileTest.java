package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.eval.Eval;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** What {@code validate} says about a file of evals, and what such a file means. */
@Quick
class EvalsFileTest {

    @TempDir
    Path directory;

    @BeforeEach
    void workflows() throws IOException {
        workflow("order");
        workflow("judge");
    }

    @Test
    void takesWhatIsSaid() throws IOException {
        Eval eval = read(
                """
                order:
                    sample: 2.5%
                    checks:
                      short: size(output.answer) < 2000
                      no-big-refund: calls.all(c, c.tool != "refund" || c.arguments.amount <= 500)
                    with: task:judge
                    trials: 3
                    threshold: 0.7
                    maxCostUsd: 5
                """);

        assertThat(eval.workflow()).isEqualTo("order");
        assertThat(eval.sample()).isEqualTo(25_000);
        assertThat(eval.checks().keySet()).containsExactly("short", "no-big-refund");
        assertThat(eval.with()).isEqualTo("judge");
        assertThat(eval.trials()).isEqualTo(3);
        assertThat(eval.threshold()).isEqualTo(0.7);
        assertThat(eval.maxCostUsd()).isEqualTo(new BigDecimal("5"));
    }

    @Test
    void whatIsLeftOutHasItsUsualValue() throws IOException {
        Eval checked = read("order: { sample: 100, checks: { said: has(output.answer) } }");
        Eval judged = read("order: { sample: 100, with: \"task:judge\", maxCostUsd: 1 }");

        assertThat(checked.sample()).isEqualTo(Eval.ALL);
        assertThat(checked.with()).isNull();
        assertThat(checked.maxCostUsd()).isNull();
        assertThat(judged.checks()).isEmpty();
        assertThat(judged.trials()).isEqualTo(1);
        assertThat(judged.threshold()).isEqualTo(0.5);
    }

    @Test
    void whatAnotherFileMaySolveIsSaid() throws IOException {
        assertThat(problems("ordr: { sample: 5, with: \"task:juge\", maxCostUsd: 1 }"))
                .containsExactly(
                        "evals.yaml:2: eval of ordr: no file defines task:ordr; did you mean 'order'?",
                        "evals.yaml:2: eval of ordr: with 'task:juge': no file defines it; did you mean 'judge'?");
        assertThat(file().content()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    order: yes                                                          | must be a mapping
                    order: { checks: { a: "true" } }                                    | sample ''
                    order: { sample: 0, checks: { a: "true" } }                         | sample '0'
                    order: { sample: 101, checks: { a: "true" } }                       | sample '101'
                    order: { sample: -1, checks: { a: "true" } }                        | sample '-1'
                    order: { sample: few, checks: { a: "true" } }                       | sample 'few'
                    order: { sample: 0.00001, checks: { a: "true" } }                   | sample '0.00001'
                    order: { sample: 5 }                                                | needs 'checks'
                    order: { sample: 5, checks: {} }                                    | checks must be 1 to 20
                    order: { sample: 5, checks: [a] }                                   | checks must be 1 to 20
                    order: { sample: 5, checks: { a: "output.x >" } }                   | it must be a condition in CEL
                    order: { sample: 5, checks: { a: "outptu.x" } }                     | it must be a condition in CEL
                    order: { sample: 5, checks: { a: "'no condition'" } }               | it must be a condition in CEL
                    order: { sample: 5, checks: { "a b": "true" } }                     | a name is 1 to 100 letters
                    order: { sample: 5, checks: { a: "true" }, chekcs: {} }             | 'chekcs' is not a field
                    order: { sample: 5, checks: { a: "true" }, trials: 2 }              | trials is for an evaluator
                    order: { sample: 5, checks: { a: "true" }, threshold: 1 }           | threshold is for an evaluator
                    order: { sample: 5, checks: { a: "true" }, maxCostUsd: 1 }          | maxCostUsd is for an evaluator
                    order: { sample: 5, with: judge, maxCostUsd: 1 }                    | with 'judge'
                    order: { sample: 5, with: "task:order", maxCostUsd: 1 }             | another workflow
                    order: { sample: 5, with: "task:judge" }                            | maxCostUsd ''
                    order: { sample: 5, with: "task:judge", maxCostUsd: 0 }             | maxCostUsd '0'
                    order: { sample: 5, with: "task:judge", maxCostUsd: 1, trials: 10 } | trials '10'
                    order: { sample: 5, with: "task:judge", maxCostUsd: 1, trials: 0 }  | trials '0'
                    order: { sample: 5, with: "task:judge", maxCostUsd: 1, threshold: 0 }   | threshold '0'
                    order: { sample: 5, with: "task:judge", maxCostUsd: 1, threshold: 1.1 } | threshold '1.1'
                    """)
    void refusesWhatIsNoEval(String entry, String problem) throws IOException {
        assertThat(problems(entry))
                .isNotEmpty()
                .first()
                .asString()
                .startsWith("evals.yaml:2: ")
                .contains(problem);
        assertThat(file().content()).isNull();
    }

    @Test
    void refusesAFileWithoutEvals() throws IOException {
        Files.writeString(directory.resolve("evals.yaml"), "- order\n");

        assertThat(file().problems()).singleElement().asString().contains("evals: {}");
    }

    private Eval read(String entry) throws IOException {
        write(entry);
        EvalsFile file = file();
        assertThat(file.problems()).isEmpty();
        return file.content().getFirst();
    }

    private EvalsFile file() {
        RouteValidator validator = RouteValidator.standalone(new MockEnvironment());
        return validator.evals(directory, ReadFiles.of(directory, validator));
    }

    private List<String> problems(String entry) throws IOException {
        write(entry);
        return RouteValidator.standalone(new MockEnvironment()).validate(directory).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private void write(String entry) throws IOException {
        Files.writeString(directory.resolve("evals.yaml"), "evals:\n  " + entry + "\n");
    }

    private void workflow(String id) throws IOException {
        Files.writeString(
                directory.resolve(id + ".camel.yaml"),
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      steps:
                        - log: { message: hm }
                """
                        .formatted(id));
    }
}
