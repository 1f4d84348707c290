package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.MovingClock;
import io.drover.Quick;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class GuessLimitsTest {

    private final MovingClock clock = new MovingClock(Instant.EPOCH);
    private final GuessLimits limits = new GuessLimits(clock);

    private void guess(int times, String name, String address) {
        for (int i = 0; i < times; i++) {
            assertThat(limits.begin(name, address)).as("guess %d", i).isNull();
        }
    }

    @Test
    void makesEachGuessOfOneUserWaitTwiceAsLong() {
        guess(10, "ada", "10.0.0.1");

        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(limits.begin("ada", "10.0.0.1")).isEqualTo(Duration.ofSeconds(seconds));
            clock.advance(Duration.ofSeconds(seconds));
            assertThat(limits.begin("ada", "10.0.0.1")).isNull();
        }
        clock.advance(Duration.ofMinutes(16));
        guess(10, "ada", "10.0.0.1");
    }

    @Test
    void doesNotHoldAnotherUserAtAnotherAddressBack() {
        guess(10, "ada", "10.0.0.1");

        assertThat(limits.begin("ada", "10.0.0.1")).isNotNull();
        assertThat(limits.begin("vic", "10.0.0.1")).isNull();
        assertThat(limits.begin("ada", "10.0.0.2")).isNull();
    }

    @Test
    void holdsBackAnAddressThatTriesManyUsers() {
        for (int i = 0; i < 30; i++) {
            guess(1, "user" + i, "10.0.0.1");
        }

        assertThat(limits.begin("ada", "10.0.0.1")).isNotNull();
        assertThat(limits.begin("ada", "10.0.0.2")).isNull();
    }

    @Test
    void manyAddressesTogetherCannotGuessForLongNorLockTheUserOut() {
        limits.begin("ada", "10.1.0.1");
        limits.wasRight("ada", "10.1.0.1");
        for (int i = 0; i < 25; i++) {
            guess(2, "ada", "10.0.0." + i);
        }

        assertThat(limits.begin("ada", "10.0.0.7")).as("it has guessed").isNotNull();
        assertThat(limits.begin("ada", "10.1.0.1")).as("it has logged in").isNull();
        assertThat(limits.begin("ada", "10.1.0.2")).as("it has not guessed").isNull();
    }

    @Test
    void theRightPasswordForgivesTheWrongOnes() {
        guess(10, "ada", "10.0.0.1");
        clock.advance(Duration.ofSeconds(1));
        guess(1, "ada", "10.0.0.1");
        limits.wasRight("ada", "10.0.0.1");

        guess(10, "ada", "10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "2001:db8:1:2::1, 20010db800010002",
        "2001:db8:1:2:ffff::9, 20010db800010002",
        "unknown, unknown",
        "evil.example:80, evil.example:80"
    })
    void countsTheNetworkOfAClient(String address, String network) {
        assertThat(GuessLimits.network(address)).isEqualTo(network);
    }
}
