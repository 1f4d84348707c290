package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Tasks of one event that nothing but their order would tell apart have keys where the order is not fixed. */
@Quick
class RacedKeysTest {

    private static final String SPLIT = "expression: { simple: { expression: '${body}' } }";
    private static final String TASK = "{ to: { uri: 'task:x' } }";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multicast: { parallelProcessing: true, steps: [ TASK, TASK ] }",
                "multicast: { parallelProcessing: '{{beside}}', steps: [ { split: { SPLIT, steps: [ TASK ] } }, { split: {"
                        + " SPLIT, steps: [ TASK ] } } ] }",
                "multicast: { parallelProcessing: true, steps: [ { to: { uri: 'signal:s', parameters: { key: k } } }, {"
                        + " to: { uri: 'signal:s', parameters: { key: l } } } ] }",
                "split: { parallelProcessing: true, SPLIT, steps: [ { split: { SPLIT, steps: [ TASK ] } } ] }",
                "multicast: { parallelProcessing: true, steps: [ { split: { parallelProcessing: true, SPLIT, steps: [ {"
                        + " split: { SPLIT, steps: [ TASK ] } } ] } } ] }"
            })
    void refusesWhatTheOrderAloneTellsApart(String step) {
        assertThat(problems(step))
                .isNotEmpty()
                .allMatch(problem -> problem.contains("in an order that is not fixed; add parameters: {"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multicast: { steps: [ TASK, TASK ] }",
                "multicast: { parallelProcessing: true, steps: [ TASK, { to: { uri: 'task:y' } } ] }",
                "multicast: { parallelProcessing: true, steps: [ { pipeline: { steps: [ TASK, TASK ] } }, { log: {"
                        + " message: a } } ] }",
                "multicast: { parallelProcessing: true, steps: [ { to: { uri: 'task:x', parameters: { key: a } } }, { to:"
                        + " { uri: 'task:x', parameters: { key: b } } } ] }",
                "multicast: { parallelProcessing: true, steps: [ TASK, { split: { SPLIT, steps: [ TASK ] } } ] }",
                "split: { parallelProcessing: true, SPLIT, steps: [ TASK, TASK ] }",
                "split: { SPLIT, steps: [ { split: { parallelProcessing: true, SPLIT, steps: [ TASK ] } } ] }"
            })
    void acceptsWhatIsToldApart(String step) {
        assertThat(problems(step)).isEmpty();
    }

    private List<String> problems(String step) {
        MockEnvironment environment = new MockEnvironment().withProperty("beside", "true");
        String text = "- route: { id: some, from: { uri: 'kafka:orders', steps: [ { %s } ] } }"
                .formatted(step.replace("TASK", TASK).replace("SPLIT", SPLIT));
        return RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text).stream()
                .map(Problem::message)
                .toList();
    }
}
