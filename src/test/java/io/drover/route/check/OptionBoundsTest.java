package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.agent.AgentSpec;
import io.drover.agent.OnEdit;
import io.drover.component.AgentEndpoint;
import io.drover.component.TaskEndpoint;
import io.drover.component.ToolEndpoint;
import io.drover.task.WorkerKind;
import io.drover.task.WorkflowSpec;
import io.drover.tool.ToolOptions;
import io.drover.trace.Content;
import java.io.IOException;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.mock.env.MockEnvironment;

/** A number or time that makes no sense is refused in a route's file as it is in configuration. */
@Quick
class OptionBoundsTest {

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, Long.class, Double.class, BigDecimal.class, Duration.class);

    @Test
    void everyNumberAndTimeOfOurEndpointsHasBounds() {
        assertThat(numbers(ToolEndpoint.class)).isEmpty();
        assertThat(numbers(ToolOptions.class)).isEqualTo(ToolOptions.BOUNDS.keySet());
        assertThat(numbers(AgentEndpoint.class)).isEqualTo(AgentSpec.BY_OPTION.keySet());
        Set<String> task = new TreeSet<>(WorkflowSpec.BY_OPTION.keySet());
        task.add("delay"); // of a submission
        assertThat(numbers(TaskEndpoint.class)).isEqualTo(task);
    }

    private static Set<String> numbers(Class<?> endpoint) {
        return Stream.of(endpoint.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(UriParam.class) && NUMBERS.contains(field.getType()))
                .map(Field::getName)
                .collect(TreeSet::new, Set::add, Set::addAll);
    }

    /** The endpoint (with a plus: of a step), the option, and how the refusal begins. */
    private static final String SENSELESS =
            """
            tool:some|retries: -1|retries (-1) must be from 0 to 100, as in 2
            tool:some|retries: 2147483647|retries (2147483647) must be
            tool:some|retries: '{{many}}'|retries (101) must be
            tool:some|concurrency: -3|concurrency (-3) must be from 0 to
            tool:some|concurrency: 2147483647|concurrency (2147483647) must be
            tool:some|maxResultBytes: -5|maxResultBytes (-5) must be from 1 to
            tool:some|maxResultBytes: 0|maxResultBytes (0) must be from 1 to
            tool:some|maxResultBytes: 2147483647|maxResultBytes (2147483647) must be
            tool:some|timeout: 0s|timeout (0s) must be from 1ms to 1d, as in 10s
            tool:some|timeout: 0|timeout (0) must be from 1ms
            tool:some|timeout: PT0S|timeout (PT0S) must be from 1ms
            tool:some|timeout: 24h1ms|timeout (24h1ms) must be from 1ms to 1d
            tool:some|timeout: 1000000d|timeout (1000000d) must be from 1ms
            tool:some|timeout: 99999999999999d|timeout (99999999999999d) must be from 1ms to 1d
            tool:some|backoff: 2h|backoff (2h) must be from 0s to 1h
            tool:some|{ readOnlyHint: true, cache: 366d }|cache (366d) must be from 0s to 365d
            task:some|maxAttempts: 0|maxAttempts (0) must be from 1 to
            task:some|maxAttempts: 2147483647|maxAttempts (2147483647) must be
            task:some|concurrency: 0|concurrency (0) must be from 1 to
            task:some|timeout: 0ms|timeout (0ms) must be from 1ms to 30d, as in 15m
            task:some|timeout: 31d|timeout (31d) must be from 1ms to 30d
            task:some|backoff: 25h|backoff (25h) must be from 0s to 1d
            task:some|priority: 10|priority (10) must be from 0 to 9, as in 4
            +task:other|priority: -1|priority (-1) must be from 0 to 9
            +task:other|delay: 366d|delay (366d) must be from 0s to 365d
            +agent:some|maxIterations: 0|maxIterations (0) must be from 1 to
            +agent:some|maxIterations: 2147483647|maxIterations (2147483647) must be
            +agent:some|maxToolCalls: -1|maxToolCalls (-1) must be from 0 to
            +agent:some|maxCostUsd: -1.50|maxCostUsd (-1.50) must be from 0 to
            +agent:some|maxCostUsd: 0.0000000000001|maxCostUsd (1E-13) must have at most 12 decimals
            +agent:some|maxTokens: 0|maxTokens (0) must be from 1 to
            +agent:some|maxTokens: 9223372036854775807|maxTokens (9223372036854775807) must be
            +agent:some|temperature: -0.1|temperature (-0.1) must be from 0.0 to 2.0, as in 0.2
            tool:a)b||tool:a)b needs a name of 1 to 64 letters, digits, '_' and '-', beginning with a letter
            task:a)b||task:a)b needs a name of 1 to 64 letters
            tool:a b||tool:a b needs a name of 1 to 64 letters
            task:ä||task:ä needs a name of 1 to 64 letters
            +agent:a)b||agent:a)b needs a name of 1 to 64 letters
            """;

    private static RouteValidator.Report report;

    /** One run for all: a run builds a Camel. */
    @BeforeAll
    static void validate(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("other.camel.yaml"),
                "- route: { id: other, from: { uri: 'task:other', steps: [ { to: { uri: 'log:x' } } ] } }");
        for (int i = 0; i < rows().size(); i++) {
            String[] row = rows().get(i);
            boolean step = row[0].startsWith("+");
            String options = row[1].startsWith("{") ? row[1] : "{ %s }".formatted(row[1]);
            Files.writeString(
                    directory.resolve("some%d.camel.yaml".formatted(i)),
                    """
                    - route:
                        id: some%d
                        from:
                          uri: %s
                          parameters: %s
                          steps:
                            - to:
                                uri: %s
                                parameters: %s
                    """
                            .formatted(
                                    i,
                                    step ? "task:some" + i : row[0].replace(":some", ":some" + i),
                                    step ? "{}" : options,
                                    step ? row[0].substring(1) : "log:x",
                                    step ? options : "{}"));
        }
        report = RouteValidator.standalone(new MockEnvironment().withProperty("many", "101"))
                .validate(directory);
    }

    private static List<String[]> rows() {
        return SENSELESS.lines().map(line -> line.split("\\|")).toList();
    }

    static Stream<Arguments> senseless() {
        return IntStream.range(0, rows().size())
                .mapToObj(i -> Arguments.of("some%d.camel.yaml".formatted(i), rows().get(i)[1], rows().get(i)[2]));
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("senseless")
    void refusesWhatMakesNoSense(String file, String option, String sentence) {
        assertThat(report.problems())
                .filteredOn(problem -> problem.file().equals(file))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith(sentence);
    }

    /** What no file says, as a tool of an MCP server, comes by here. */
    @Test
    void theValuesThemselvesHoldTheRule() {
        assertThatThrownBy(() -> new WorkflowSpec("w", 1, Duration.ZERO, 1, Duration.ZERO, 4, WorkerKind.PROCESS, null))
                .hasMessage("task:w: timeout (0s) must be from 1ms to 30d, as in 15m");
        assertThatThrownBy(() -> new AgentSpec(
                        "a", "default", null, Set.of(), 0, 1, null, null, null, null, Content.NONE, OnEdit.CONTINUE))
                .hasMessage("agent:a: maxIterations (0) must be from 1 to 10000, as in 10");
    }
}
