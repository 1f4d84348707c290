package io.drover.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.drover.Quick;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes the evidence an e-value: while the null hypothesis is true, it is at most 1 on average. */
@Quick
class ShareTestTest {

    private static final PairCounts[] ONE_PAIR = {
        PairCounts.NONE.with(false, false),
        PairCounts.NONE.with(false, true),
        PairCounts.NONE.with(true, false),
        PairCounts.NONE.with(true, true)
    };

    /** Exactly, over the four outcomes of a pair, for each pair of shares on a grid in which the candidate's is not greater. */
    @Test
    void isFairWhereTheCandidateIsNotWorse() {
        ShareTest test = ShareTest.ofGreater();
        for (double control = 0; control <= 1; control += 0.01) {
            for (double candidate = 0; candidate <= control; candidate += 0.01) {
                assertThat(mean(test, control, candidate)).isLessThanOrEqualTo(1 + 1e-9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.02, 0.05, 0.2, 0.9})
    void isFairWhereTheCandidateIsWorseByTheMargin(double margin) {
        ShareTest test = ShareTest.ofNotGreaterBy(margin);
        for (double control = 0; control <= 1 - margin; control += 0.01) {
            for (double candidate = control + margin; candidate <= 1; candidate += 0.01) {
                assertThat(mean(test, control, candidate)).isLessThanOrEqualTo(1 + 1e-9);
            }
        }
    }

    @Test
    void growsWhereItShould() {
        PairCounts counts = PairCounts.NONE;
        assertThat(ShareTest.ofGreater().logEvidence(counts)).isCloseTo(0, within(1e-9));
        for (int i = 0; i < 200; i++) {
            counts = counts.with(i % 50 == 0, i % 3 == 0);
        }
        assertThat(ShareTest.ofGreater().logEvidence(counts)).isGreaterThan(10);
        assertThat(ShareTest.ofNotGreaterBy(0.05).logEvidence(counts)).isLessThan(-5);
    }

    /** Counts of years do not overflow into a verdict. */
    @Test
    void staysANumberWhateverTheCounts() {
        long many = Long.MAX_VALUE / 4;
        for (PairCounts counts : new PairCounts[] {
            new PairCounts(many, 0, many), new PairCounts(many, many, 0), new PairCounts(many, many, many)
        }) {
            assertThat(ShareTest.ofGreater().logEvidence(counts)).isFinite();
            assertThat(ShareTest.ofNotGreaterBy(0.02).logEvidence(counts)).isFinite();
        }
    }

    @Test
    void thePercentileIsThatOfTheLastThousand() {
        RunningPercentile percentile = new RunningPercentile();
        assertThat(percentile.isKnown()).isFalse();
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            percentile.add(random.nextInt(100));
        }
        assertThat(percentile.value()).isBetween(92L, 97L);
        for (int i = 0; i < 1_000; i++) {
            percentile.add(1_000);
        }
        assertThat(percentile.value()).isEqualTo(1_000);
    }

    private static double mean(ShareTest test, double control, double candidate) {
        double[] chances = {
            (1 - control) * (1 - candidate), (1 - control) * candidate, control * (1 - candidate), control * candidate
        };
        double mean = 0;
        for (int i = 0; i < chances.length; i++) {
            mean += chances[i] * Math.exp(test.logEvidence(ONE_PAIR[i]));
        }
        return mean;
    }
}
