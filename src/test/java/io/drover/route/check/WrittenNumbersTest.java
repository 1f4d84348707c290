package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** A number that a step needs and that is no number is found before a task comes to the step. */
@Quick
class WrittenNumbersTest {

    private static final String ROUTE = "- route: { id: some, from: { uri: '%s', steps: [ { %s } ] } }";

    private static List<String> problems(String step) {
        MockEnvironment environment = new MockEnvironment().withProperty("rounds", "many");
        return RouteValidator.standalone(environment)
                .problems(Path.of("routes"), "some.camel.yaml", ROUTE.formatted("task:some", step))
                .stream()
                .map(Problem::message)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loop: { constant: three }                                      | loop (three) must be a number of rounds",
                "loop: { expression: { constant: { expression: '3.5' } } }      | loop (3.5) must be a number of rounds",
                "loop: { simple: three }                                        | loop (three) must be a number of rounds",
                "loop: { constant: '{{rounds}}' }                               | loop (many) must be a number of rounds",
                "loop: { constant: '3000000000' }                               | loop (3000000000) must be from -2147483648",
                "throttle: { constant: ten }                                    | throttle (ten) must be a number of messages",
                "throttle: { constant: '0' }                                    | throttle (0) must be from 1",
                "throttle: { constant: '-1' }                                   | throttle (-1) must be from 1",
                "throttle: { constant: '3000000000' }                           | throttle (3000000000) must be from 1",
                "delay: { constant: '9999999999999999999' }                     | delay (9999999999999999999) must be from",
                "delay: { constant: 5s }                                        | delay (5s) must be a number of milliseconds",
                "loop: { constant: '2', steps: [ { delay: { constant: 5s } } ] } | delay (5s) must be a number of milliseconds"
            })
    void isNamed(String step, String problem) {
        assertThat(problems(step)).anyMatch(message -> message.startsWith(problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loop: { constant: '3' }",
                "loop: { constant: ' 3 ' }",
                "loop: { simple: '${body.size}' }",
                "loop: { constant: '{{unknown}}' }",
                "loop: { doWhile: true, simple: '${body} == null' }",
                "loop: { jq: '.n' }",
                "throttle: { constant: '10' }",
                "delay: { constant: '500' }",
                "delay: { constant: '3000000000' }",
                "delay: { constant: '-1' }",
                "loop: { constant: '-1' }",
                "loop: { doWhile: 'TRUE', simple: '${body} == null' }"
            })
    void isNotSeenWhereItIsOneOrComputed(String step) {
        assertThat(problems(step)).noneMatch(message -> message.contains("must be a number"));
        assertThat(problems(step)).noneMatch(message -> message.contains("must be from"));
    }

    /** What is refused would fail in each task. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "loop: { constant: three, steps: [ { stop: {} } ] }",
                "throttle: { constant: ten }",
                "delay: { constant: 5s }",
                "delay: { constant: '9999999999999999999' }",
                "loop: { constant: '3000000000', steps: [ { stop: {} } ] }"
            })
    void wouldFailWhenItRuns(String step) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString("some.camel.yaml", ROUTE.formatted("direct:some", step)));
            context.start();

            assertThatThrownBy(() -> context.createProducerTemplate().requestBody("direct:some", "a body"))
                    .isInstanceOf(CamelExecutionException.class);
        }
    }

    /** What is allowed runs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "loop: { constant: '-1', steps: [ { throwException: { message: no, exceptionType: java.io.IOException } } ] }",
                "loop: { constant: '+2', steps: [ { log: { message: a round } } ] }",
                "delay: { constant: '-1' }"
            })
    void runs(String step) throws Exception {
        assertThat(problems(step)).noneMatch(message -> message.contains("must be"));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString("some.camel.yaml", ROUTE.formatted("direct:some", step)));
            context.start();

            assertThat(context.createProducerTemplate().requestBody("direct:some", "a body"))
                    .isEqualTo("a body");
        }
    }
}
