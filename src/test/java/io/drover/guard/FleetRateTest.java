package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.tool.Rate;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rates are kept by their share, whatever the size of the fleet does; by a clock that the test moves. */
@Quick
class FleetRateTest {

    private static final Rate RATE = Rate.parse("10/1s");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private int workers;
    private long nanos = 5;
    private final FleetRate rate = new FleetRate(RATE, period -> workers, () -> nanos, () -> 0.5);

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
    void aNewcomerBeginsWithOneCallAfterTheOther() {
        workers = 0;
        takeAll();
        workers = 2;

        assertThat(book(5)).containsExactly(100L, 300L, 500L, 700L, 900L);
    }

    @Test
    void aNewcomerDoesSoForTenSecondsHoweverLongThePeriod() {
        FleetRate hourly = new FleetRate(Rate.parse("10/1h"), period -> workers, () -> nanos, () -> 0.5);
        workers = 0;
        hourly.take(false);
        workers = 2;
        assertThat(hourly.take(false)).isFalse();

        pass(1_000);
        assertThat(hourly.take(false)).isTrue();
        assertThat(hourly.take(false)).isFalse();
        pass(8_000);
        for (int i = 0; i < 4; i++) {
            assertThat(hourly.take(false)).isTrue();
        }
        assertThat(hourly.take(false)).isFalse();
    }

    @Test
    void aNewcomerThatNobodyHasWaitedForHasItsShareAtOnce() {
        workers = 2;

        assertThat(takeAll()).isEqualTo(5);
    }

    @Test
    void callersComeBackOneAfterTheOther() {
        workers = 2;

        assertThat(rate.nextSlot()).isEqualTo(Duration.ofMillis(160));
        assertThat(rate.nextSlot()).isEqualTo(Duration.ofMillis(320));
        pass(1_000);
        assertThat(rate.nextSlot()).isEqualTo(Duration.ofMillis(160));
    }

    @Test
    void booksTheCallsThatAreFreeNextOneAfterTheOther() {
        workers = 2;
        take(2);
        pass(400);
        take(3);

        assertThat(book(4)).as("free after 600 and 1000 ms").containsExactly(600L, 760L, 1_000L, 1_160L);
        assertThat(rate.book(SECOND)).as("later than that").isNull();
    }

    @Test
    void booksNoMoreThanTheShare() {
        workers = 10;
        take(1);

        book(1);

        assertThat(rate.book(HOUR)).isNull();
    }

    @Test
    void booksNothingThatIsFreeTooLate() {
        workers = 1;
        take(10);

        assertThat(rate.book(Duration.ofMillis(999))).isNull();
        assertThat(rate.book(SECOND)).isEqualTo(SECOND);
    }

    @Test
    void othersLeaveWhatIsBooked() {
        workers = 5;
        take(2);
        book(1);
        pass(1_000);

        assertThat(takeAll()).isEqualTo(1);
        takeBooked();
        assertThat(rate.take(false)).isFalse();
    }

    @Test
    void whoDoesNotComeLeavesItsCallToOthers() {
        workers = 5;
        take(2);
        book(1);
        pass(1_000);

        rate.unbook();

        assertThat(takeAll()).isEqualTo(2);
    }

    @Test
    void aBookedCallHasToFitASmallerShare() {
        workers = 1;
        take(10);
        book(2);
        pass(900);
        workers = 10;
        pass(100);

        assertThat(rate.take(true)).isTrue();
        assertThat(rate.take(true)).isFalse();
    }

    @Test
    void aBookedCallThatIsLateCountsFromWhenItWasFree() {
        workers = 10;
        take(1);
        book(1);
        pass(1_080);
        takeBooked();

        pass(920);
        assertThat(takeAll()).isEqualTo(1);
    }

    @Test
    void aBookedCallThatIsVeryLateCountsFromATenthOfThePeriodAgo() {
        workers = 10;
        take(1);
        book(1);
        pass(5_000);
        takeBooked();

        pass(899);
        assertThat(takeAll()).isZero();
        pass(1);
        assertThat(takeAll()).isEqualTo(1);
    }

    @Test
    void aCallThatIsUnderWayIsNotBookedAnyMore() {
        workers = 1;
        take(10);
        book(1);
        pass(1_000);

        takeBooked();

        assertThat(takeAll()).isEqualTo(9);
    }

    private void takeBooked() {
        assertThat(rate.take(true)).isTrue();
    }

    private void take(int calls) {
        for (int i = 0; i < calls; i++) {
            assertThat(rate.take(false)).isTrue();
        }
    }

    private List<Long> book(int calls) {
        return IntStream.range(0, calls)
                .mapToObj(i -> rate.book(HOUR).toMillis())
                .toList();
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private int takeAll() {
        int taken = 0;
        while (rate.take(false)) {
            taken++;
        }
        return taken;
    }
}
