package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** A few milliseconds that were surely meant as seconds are said, and load. */
@Quick
class WrittenTimesTest {

    @TempDir
    private Path directory;

    private RouteValidator validator() {
        return RouteValidator.standalone(new MockEnvironment().withProperty("rest", "10"));
    }

    private List<String> problems(String from, String to) throws Exception {
        String route =
                "- route: { id: some, from: { uri: '%s', steps: [ { to: { uri: '%s' } } ] } }".formatted(from, to);
        Files.writeString(directory.resolve("some.camel.yaml"), route);
        assertThat(validator().problems(directory, "some.camel.yaml", route))
                .noneMatch(problem -> problem.message().contains("has no unit"));
        return validator().validate(directory).problems().stream()
                .filter(problem -> problem.message().contains("has no unit"))
                .map(Problem::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "task:some, wait:until?duration=10, duration (10)",
        "task:some, wait:until?duration={{rest}}, duration (10)",
        "task:some, wait:signal?name=a&key=b&timeout=30, timeout (30)",
        "task:some, wait:signal?name=a&key=b&lookBack=7, lookBack (7)",
        "task:some?timeout=15, log:a, timeout (15)",
        "task:some?backoff=1, log:a, backoff (1)",
        "task:some, task:other?delay=5, delay (5)",
        "tool:some?timeout=2, log:a, timeout (2)",
        "tool:some?cache=60, log:a, cache (60)",
        "tool:some?approval=always&decideWithin=3, log:a, decideWithin (3)"
    })
    void isSaid(String from, String to, String problem) throws Exception {
        assertThat(problems(from, to)).singleElement().asString().contains(problem + " has no unit");
    }

    @ParameterizedTest
    @CsvSource({
        "task:some, wait:until?duration=10s",
        "task:some, wait:until?duration=10ms",
        "task:some, wait:until?duration=5000",
        "task:some?timeout=5000&maxAttempts=5&backoff=0, log:a",
        "tool:some?retries=3, log:a",
        "timer:some?period=500, log:a"
    })
    void isNotSaidOfOthers(String from, String to) throws Exception {
        assertThat(problems(from, to)).isEmpty();
    }
}
