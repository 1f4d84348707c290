package io.drover.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Effort;
import io.drover.Quick;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/rollouts.md promises of the judge, in simulated rollouts with all guardrails and fixed seeds. */
@Quick
class SimulationTest {

    @Test
    void aBadCandidateIsGoneWithinAHundredOfItsTasks() {
        int[] after = new SimulatedRollout(0.02, 0.3).worseAfter(Effort.of(400, 10_000), 1_000);
        report("2 % against 30 %", after);
        assertThat(within(after, 100)).isGreaterThanOrEqualTo(after.length * 95 / 100);
    }

    @ParameterizedTest
    @CsvSource({"0.10, 600", "0.05, 3000"})
    void aWorseCandidateIsGone(double dead, int tasks) {
        int[] after = new SimulatedRollout(0.02, dead).worseAfter(Effort.of(100, 2_000), tasks);
        report("2 %% against %.0f %%".formatted(dead * 100), after);
        assertThat(within(after, tasks)).isGreaterThanOrEqualTo(after.length * 95 / 100);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.02, 0.05, 0.2})
    void anEqualCandidateStays(double dead) {
        int[] after = new SimulatedRollout(dead, dead).worseAfter(Effort.of(200, 10_000), 3_000);
        report("equal at %.0f %%".formatted(dead * 100), after);
        assertThat(within(after, 3_000)).isLessThanOrEqualTo(after.length / 100);
    }

    @Test
    void anEqualCandidateIsGoodInTheEnd() {
        int[] after = new SimulatedRollout(0.02, 0.02).goodAfter(Effort.of(40, 1_000), 6_000);
        report("good, equal at 2 %", after);
        assertThat(within(after, 6_000)).isGreaterThanOrEqualTo(after.length * 95 / 100);
    }

    @Test
    void aCandidateWorseByItsToleranceIsSeldomGood() {
        int[] after = new SimulatedRollout(0.02, 0.041).goodAfter(Effort.of(40, 2_000), 6_000);
        report("good, 2 % against 4.1 %", after);
        assertThat(within(after, 6_000)).isLessThanOrEqualTo(after.length * 5 / 100);
    }

    private static long within(int[] after, int tasks) {
        return Arrays.stream(after).filter(task -> task > 0 && task <= tasks).count();
    }

    private static void report(String name, int[] after) {
        int[] seen = Arrays.stream(after).filter(task -> task > 0).toArray();
        System.out.printf(
                "%s: %d of %d, median %s, 95 %% within %s%n",
                name,
                seen.length,
                after.length,
                seen.length == 0 ? "-" : seen[seen.length / 2],
                seen.length == 0 ? "-" : seen[seen.length * 95 / 100]);
    }
}
