package io.drover.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class BucketsTest {

    private static final int PERCENT = 10_000;
    private static final List<String> KEYS =
            IntStream.range(0, 10_000).mapToObj(i -> "ticket-" + i).toList();

    @Test
    void fivePercentAreFivePercent() {
        for (int rollout = 0; rollout < 50; rollout++) {
            assertThat(candidates("r" + rollout, 5)).hasSizeBetween(430, 570); // four standard deviations
        }
        assertThat(candidates("support-ticket-2", 5)).hasSizeBetween(450, 550);
    }

    @Test
    void whoIsInStaysIn() {
        Set<String> before = Set.of();
        for (int percent : new int[] {0, 1, 5, 25, 50, 75, 100}) {
            Set<String> now = candidates("r", percent);
            assertThat(before).allMatch(now::contains);
            before = now;
        }
        assertThat(before).hasSize(KEYS.size());
        assertThat(candidates("r", 0)).isEmpty();
    }

    /** Written down, so that another release and another machine put a key where this one does. */
    @Test
    void aKeyIsWhereItAlwaysWas() {
        assertThat(new Buckets("support-ticket-2", 227_984).hasCandidate("ticket-7"))
                .isFalse();
        assertThat(new Buckets("support-ticket-2", 227_985).hasCandidate("ticket-7"))
                .isTrue();
    }

    @Test
    void rolloutsAreIndependent() {
        Set<String> one = candidates("one", 50);
        assertThat(candidates("two", 50).stream().filter(one::contains).count()).isBetween(2_300L, 2_700L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 25, 50, 75, 99})
    void theControlIsAsLargeAndApart(int percent) {
        Buckets buckets = new Buckets("r", percent * PERCENT);
        Set<String> candidate = side(buckets, Side.CANDIDATE);
        Set<String> control = side(buckets, Side.CONTROL);
        int expected = KEYS.size() * Math.min(percent, 100 - percent) / 100;
        int tolerated = (int) (4 * Math.sqrt(expected)) + 1;
        assertThat(candidate.size()).isBetween(expected - tolerated, expected + tolerated);
        assertThat(control.size()).isBetween(expected - tolerated, expected + tolerated);
        assertThat(control).noneMatch(candidates("r", percent)::contains);
        assertThat(candidate).allMatch(candidates("r", percent)::contains);
    }

    @Test
    void atAHundredPercentNothingIsCompared() {
        assertThat(KEYS).allSatisfy(key -> assertThat(new Buckets("r", Buckets.ALL).side(key))
                .isNull());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_001})
    void refusesAShareThatIsNone(int share) {
        assertThatThrownBy(() -> new Buckets("r", share))
                .hasMessageContaining("share (%d)".formatted(share))
                .hasMessageContaining("from 0 to 1000000");
    }

    private static Set<String> candidates(String rollout, int percent) {
        Buckets buckets = new Buckets(rollout, percent * PERCENT);
        return KEYS.stream().filter(buckets::hasCandidate).collect(Collectors.toSet());
    }

    private static Set<String> side(Buckets buckets, Side side) {
        return KEYS.stream().filter(key -> buckets.side(key) == side).collect(Collectors.toSet());
    }
}
