package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class WaitTimesTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "400ms, PT0.4S",
        "30s, PT30S",
        "5m, PT5M",
        "2h, PT2H",
        "3d, PT72H",
        "1h30m, PT1H30M",
        "PT1H, PT1H",
        "P2D, PT48H",
        "' 2h ', PT2H",
        "250, PT0.25S"
    })
    void readsATime(String text, Duration time) {
        assertThat(WaitTimes.duration("timeout", text)).isEqualTo(time);
    }

    /** Camel's reader took most of them for no time at all, so the wait was over immediately. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-2h",
                "5x",
                "h",
                "3 days",
                "1.5h",
                "+2h",
                "2h-3m",
                "1d-",
                "2h2h",
                "PT1X",
                "-PT1H",
                "P",
                "soon",
                "99999999d",
                "999999999999999999",
                "P9999999D",
                "99999999999999999999999h"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> WaitTimes.duration("wait:signal: timeout", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wait:signal: timeout (%s) must be a duration of 0 to 3650 days, as in 30s, 5m or 3d"
                        .formatted(text));
    }
}
