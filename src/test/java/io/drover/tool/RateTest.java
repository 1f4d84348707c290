package io.drover.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

    @Test
    void readsCallsAndTime() {
        assertThat(Rate.parse("20/1s")).isEqualTo(new Rate(20, Duration.ofSeconds(1)));
        assertThat(Rate.parse(" 5/250ms ")).isEqualTo(new Rate(5, Duration.ofMillis(250)));
        assertThat(Rate.parse("100000/24h")).isEqualTo(new Rate(100_000, Duration.ofHours(24)));
    }

    @Test
    void sharesTheRateAmongTheWorkers() {
        assertThat(Rate.parse("20/1s").share(1)).isEqualTo(20);
        assertThat(Rate.parse("20/1s").share(3)).isEqualTo(6);
        assertThat(Rate.parse("2/1s").share(5))
                .as("a worker that may never call would hold its tasks for ever")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "20/s", "0/1s", "1/0s", "-1/1s", "100001/1s", "20/1d", "1e3/1s"})
    void refusesWhatIsNoRate(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("throttle");
    }
}
