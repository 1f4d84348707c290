package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.tool.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rates are kept by their share, whatever the size of the fleet does; by a clock that the test moves. */
class FleetRateTest {

    private static final Rate RATE = Rate.parse("10/1s");

    private int workers;
    private long nanos = 5;
    private final FleetRate rate = new FleetRate(RATE, period -> workers, () -> nanos);

    @Test
    void takesNoMoreThanItsShareInAnyPeriod() {
        workers = 2;

        assertThat(takeAll()).isEqualTo(5);
        pass(999);
        assertThat(takeAll()).isZero();
        pass(1);
        assertThat(takeAll()).isEqualTo(5);
    }

    @Test
    void followsASmallerShareAtOnceWithoutWaiting() {
        workers = 1;
        assertThat(takeAll()).isEqualTo(10);
        workers = 5;

        pass(1_000);

        assertThat(takeAll()).isEqualTo(2);
    }

    @Test
    void countsItsLatestCallsAgainstALargerShare() {
        workers = 5;
        assertThat(takeAll()).isEqualTo(2);

        workers = 1;

        assertThat(takeAll()).isEqualTo(8);
    }

    @Test
    void twentyWorkersShareTenCalls() {
        workers = 20;

        assertThat(takeAll()).isEqualTo(1);
        pass(1_999);
        assertThat(takeAll()).isZero();
        pass(1);
        assertThat(takeAll()).isEqualTo(1);
    }

    @Test
    void aNewcomerHasNoShareYet() {
        workers = 0;

        assertThat(takeAll()).isZero();
    }

    @Test
    void callersComeBackOneAfterTheOther() {
        workers = 2;

        assertThat(rate.nextSlot()).isEqualTo(Duration.ofMillis(160));
        assertThat(rate.nextSlot()).isEqualTo(Duration.ofMillis(320));
        pass(1_000);
        assertThat(rate.nextSlot()).isEqualTo(Duration.ofMillis(160));
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private int takeAll() {
        int taken = 0;
        while (rate.take()) {
            taken++;
        }
        return taken;
    }
}
