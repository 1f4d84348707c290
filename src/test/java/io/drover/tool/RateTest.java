package io.drover.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class RateTest {

    @Test
    void readsCallsAndTime() {
        assertThat(Rate.parse("20/1s")).isEqualTo(new Rate(20, Duration.ofSeconds(1)));
        assertThat(Rate.parse(" 5/250ms ")).isEqualTo(new Rate(5, Duration.ofMillis(250)));
        assertThat(Rate.parse("100000/24h")).isEqualTo(new Rate(100_000, Duration.ofHours(24)));
    }

    @Test
    void sharesTheRateAmongTheWorkers() {
        assertThat(Rate.parse("20/1s").share(1)).isEqualTo(Rate.parse("20/1s"));
        assertThat(Rate.parse("20/1s").share(10)).isEqualTo(Rate.parse("2/1s"));
        assertThat(Rate.parse("20/1s").share(3)).isEqualTo(Rate.parse("7/1050ms"));
        assertThat(Rate.parse("2/1s").share(5)).as("each may call, but seldom").isEqualTo(Rate.parse("1/2500ms"));
        assertThat(Rate.parse("100000/24h").share(1000)).isEqualTo(Rate.parse("100/24h"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "20/s", "0/1s", "1/0s", "-1/1s", "100001/1s", "20/1d", "1e3/1s"})
    void refusesWhatIsNoRate(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("throttle");
    }
}
