package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** A call with the time as an argument is another call in each attempt. */
@Quick
class PassingValuesTest {

    private static final RouteValidator VALIDATOR = RouteValidator.standalone(new MockEnvironment());
    private static final String PAY = "to: { uri: 'tool:pay', parameters: { arg.what: \"%s\" } }";

    @TempDir
    Path directory;

    @BeforeEach
    void tools() throws IOException {
        for (boolean readOnly : new boolean[] {false, true}) {
            String name = readOnly ? "look" : "pay";
            write(
                    name,
                    "tool:" + name,
                    "parameters: { parameter.what: string, readOnlyHint: %s },".formatted(readOnly),
                    "log: { message: done }");
        }
        write("work", "task:work", "", "log: { message: done }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${date:now:yyyyMMdd}|date:now:yyyyMMdd",
                "at ${date:now+1h:HH}|date:now+1h:HH",
                "${date-with-timezone:now:UTC:HH}|date-with-timezone:now:UTC:HH",
                "${uuid}|uuid",
                "${random(1,9)}|random(1,9)",
                "${exchangeId}|exchangeId",
                "try ${variable.attempt}|variable.attempt"
            })
    void whatPassesIsNoArgumentOfACallThatChangesSomething(String text, String function) throws IOException {
        assertThat(problems("task:some", PAY.formatted(text)))
                .singleElement()
                .asString()
                .contains("tool:pay: ${%s} in arg.what is another value each time".formatted(function));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setVariable: { name: at, expression: { simple: { expression: '${date:now:HH}' } } } }, { "
                        + "to: { uri: 'tool:pay', parameters: { arg.what: '${variable.at}' } }",
                "to: { uri: 'task:work', parameters: { key: 'a-${uuid}' } }",
                "to: { uri: 'signal:told', parameters: { key: a, id: '${exchangeId}' } }"
            })
    void norWhatItIsKnownBy(String steps) throws IOException {
        for (String from : List.of("task:some", "kafka:orders")) {
            assertThat(problems(from, steps))
                    .as(from)
                    .anyMatch(problem -> problem.contains("is another value each time"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"${variable.taskId}", "${body[id]}", "${date:variable.due:yyyy}", "${header.identity}"})
    void whatStaysIs(String text) throws IOException {
        assertThat(problems("task:some", PAY.formatted(text)))
                .noneMatch(problem -> problem.contains("is another value each time"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${date:now:HH}", "${random(9)}"})
    void aCallThatOnlyReadsMayBeAnotherOne(String text) throws IOException {
        assertThat(problems("task:some", PAY.formatted(text).replace("tool:pay", "tool:look")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"roundRobinLoadBalancer", "randomLoadBalancer", "stickyLoadBalancer", "weightedLoadBalancer"})
    void aBranchIsNotChosenByTurn(String balancer) throws IOException {
        String step = "loadBalance: { %s: {}, steps: [ { to: { uri: 'log:a' } }, { to: { uri: 'log:b' } } ] }";

        for (String from : List.of("task:some", "kafka:orders")) {
            assertThat(problems(from, step.formatted(balancer)))
                    .as(from)
                    .anyMatch(problem -> problem.contains("may go another way in a later attempt"));
        }
        assertThat(problems("tool:some", step.formatted(balancer)))
                .noneMatch(problem -> problem.contains("may go another way"));
        assertThat(problems("task:some", step.formatted("failoverLoadBalancer")))
                .noneMatch(problem -> problem.contains("may go another way"));
    }

    private List<String> problems(String from, String step) throws IOException {
        write("some", from, "", step);
        return VALIDATOR.validate(directory).problems().stream()
                .map(Problem::message)
                .toList();
    }

    private void write(String id, String from, String options, String step) throws IOException {
        Files.writeString(
                directory.resolve(id + ".camel.yaml"),
                "- route: { id: %s, from: { uri: '%s', %s steps: [ { %s } ] } }".formatted(id, from, options, step));
    }
}
