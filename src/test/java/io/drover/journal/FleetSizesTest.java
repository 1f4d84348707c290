package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Among how many a rate is divided, from what heartbeats told. */
@Quick
class FleetSizesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FleetSizes sizes = new FleetSizes();

    @Test
    void aWorkerThatIsAloneHasTheWholeRateAtOnce() {
        sizes.joining();
        sizes.told(at(0), 1, true);

        assertThat(sizes.isKnown()).isTrue();
        assertThat(sizes.most(at(1), SECOND)).isEqualTo(1);
    }

    @Test
    void aNewcomerWaitsUntilAllKnowOfItAndTheirCallsAreAPeriodOld() {
        sizes.joining();
        sizes.told(at(0), 3, false);
        assertThat(sizes.isKnown()).isFalse();
        assertThat(sizes.most(at(0), SECOND)).isZero();

        sizes.told(at(2_000), 3, true);

        assertThat(sizes.isKnown()).isTrue();
        assertThat(sizes.most(at(2_999), SECOND)).isZero();
        assertThat(sizes.most(at(3_000), SECOND)).isEqualTo(3);
        assertThat(sizes.most(at(3_000), Duration.ofHours(1))).isZero();
        assertThat(sizes.most(at(12_000), Duration.ofHours(1))).isEqualTo(3);
    }

    @Test
    void oneMoreCountsAtOnceAndOneLessWhenItsCallsAreAPeriodOld() {
        sizes.joining();
        sizes.told(at(0), 1, true);
        sizes.told(at(3_000), 2, true);
        assertThat(sizes.most(at(3_000), SECOND)).isEqualTo(2);

        sizes.told(at(6_000), 1, true);

        assertThat(sizes.now()).isEqualTo(1);
        assertThat(sizes.most(at(6_999), SECOND)).isEqualTo(2);
        assertThat(sizes.most(at(7_000), SECOND)).isEqualTo(1);
    }

    @Test
    void forgetsWhatIsLongOver() {
        sizes.joining();
        sizes.told(at(0), 9, false);
        for (int second = 3; second < 60; second += 3) {
            sizes.told(at(second * 1_000L), 9, true);
        }

        assertThat(sizes.most(at(60_000), Duration.ofHours(1))).isEqualTo(9);
    }

    private static long at(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
