package io.drover.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class ProblemTest {

    /** A client that came back earlier would be refused again. */
    @ParameterizedTest
    @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT59.5S, 60", "PT1H, 3600"})
    void retryAfterIsNotBeforeThePauseIsOver(Duration pause, String seconds) {
        assertThat(Problem.seconds(pause)).isEqualTo(seconds);
    }
}
