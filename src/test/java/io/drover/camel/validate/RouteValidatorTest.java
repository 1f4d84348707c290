package io.drover.camel.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class RouteValidatorTest {

    private final MockEnvironment environment = new MockEnvironment()
            .withProperty("drover.workflows.calls.allowed-tools", "charge,chrage")
            .withProperty("drover.workflows.memories.allowed-tools", "memory.remember,remember")
            .withProperty("server.url", "http://localhost");

    /** {@code expected.txt} is what a user reads; a change of it is a change of the product. */
    @Test // issue 2, point 6
    void reportsEveryKindOfProblemWithFileAndLine() throws IOException {
        Path directory = Path.of("src/test/resources/routes-broken");

        RouteValidator.Report report = RouteValidator.standalone(environment).validate(directory);

        String found = report.problems().stream().map(Problem::toString).collect(Collectors.joining("\n", "", "\n"));
        if (Boolean.getBoolean("drover.expected.write")) {
            Files.writeString(directory.resolve("expected.txt"), found);
        }
        assertThat(found).isEqualTo(Files.readString(directory.resolve("expected.txt")));
    }

    @Test
    void knowsTheToolsOfMemory() {
        RouteValidator.Report report =
                RouteValidator.standalone(environment).validate(Path.of("src/test/resources/routes-memory"));

        assertThat(report.files()).isEqualTo(6);
        assertThat(report.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "clash.camel.yaml:9: tools: an agent that has memory is offered 'remember' as a function of it; give tool:remember another name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes-guard", "routes-agent"})
    void findsNothingInFilesThatRun(String directory) {
        RouteValidator.Report report =
                RouteValidator.standalone(environment).validate(Path.of("src/test/resources", directory));

        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isPositive();
    }
}
