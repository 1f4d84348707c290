package io.drover.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Quick
class JudgeTest {

    private static final Outcome FINE = new Outcome(false, false, false, 1_000, 500, 1, 3, Set.of());

    enum Fault {
        dead(new Outcome(true, false, false, 1_000, 500, 1, 3, Set.of()), "dead"),
        doubt(new Outcome(false, true, false, 1_000, 500, 1, 3, Set.of()), "in-doubt"),
        rejected(new Outcome(false, false, true, 1_000, 500, 1, 3, Set.of()), "rejected"),
        slow(new Outcome(false, false, false, 2_000, 500, 1, 3, Set.of()), "duration"),
        dear(new Outcome(false, false, false, 1_000, 501, 1, 3, Set.of()), "cost"),
        own(new Outcome(false, false, false, 1_000, 500, 1, 3, Set.of("unpolite")), "unpolite");

        private final Outcome outcome;
        private final String guardrail;

        Fault(Outcome outcome, String guardrail) {
            this.outcome = outcome;
            this.guardrail = guardrail;
        }
    }

    private final Judge judge = new Judge(List.of(
            new Guardrail.Event("dead", 0.02, Outcome::dead),
            new Guardrail.Event("in-doubt", 0.02, Outcome::inDoubt),
            new Guardrail.Event("rejected", 0.02, Outcome::rejected),
            new Guardrail.Tail("duration", 0.05, Outcome::durationMillis),
            new Guardrail.Tail("cost", 0.05, Outcome::costMicros),
            Guardrail.own("unpolite", 0.05)));

    @ParameterizedTest
    @EnumSource
    void eachGuardrailFindsItsFault(Fault fault) {
        for (int i = 0; i < 200; i++) {
            judge.ended(Side.CONTROL, FINE);
            judge.ended(Side.CANDIDATE, i % 2 == 0 ? fault.outcome : FINE);
        }
        Verdict verdict = judge.verdict(0);
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.WORSE);
        assertThat(verdict.reason())
                .startsWith("'%s': ".formatted(fault.guardrail))
                .contains(" 0 of ");
        assertThat(verdict.evidence()).hasSize(6);
    }

    /** The control's fault speaks for the candidate, and one that both have speaks for nothing. */
    @ParameterizedTest
    @EnumSource
    void aFaultOfTheControlIsNone(Fault fault) {
        for (int i = 0; i < 2_000; i++) {
            judge.ended(Side.CONTROL, i % 2 == 0 ? fault.outcome : FINE);
            judge.ended(Side.CANDIDATE, i % 4 == 0 ? fault.outcome : FINE);
        }
        assertThat(judge.isWorse()).isFalse();
    }

    /** Evaluations have pairs of their own: they are fewer than the outcomes, and come later. */
    @Test
    void aCandidateWhoseEvaluationsFailIsWorse() {
        Judge scoring = new Judge(List.of(new Guardrail.Event("dead", 0.02, Outcome::dead), new Guardrail.Score(0.05)));
        for (int i = 0; i < 2_000; i++) {
            scoring.ended(Side.CONTROL, FINE);
            scoring.ended(Side.CANDIDATE, FINE);
        }
        assertThat(scoring.verdict(200).kind()).as("not scored yet").isEqualTo(Verdict.Kind.OPEN);
        assertThat(scoring.verdict(200).reason()).contains("'score'");
        for (int i = 0; i < 200 && !scoring.isWorse(); i++) {
            scoring.evaluated(Side.CONTROL, false);
            scoring.evaluated(Side.CANDIDATE, i % 2 == 0);
        }
        Verdict verdict = scoring.verdict(200);
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.WORSE);
        assertThat(verdict.reason()).startsWith("'score': ");
        assertThat(verdict.evidence())
                .extracting(Evidence::pairs)
                .satisfiesExactly(outcomes -> assertThat(outcomes).isEqualTo(2_000), scores -> assertThat(scores)
                        .isLessThan(200));
    }

    @Test
    void aCandidateThatIsEvaluatedAlikeIsGood() {
        Judge scoring = new Judge(List.of(new Guardrail.Event("dead", 0.02, Outcome::dead), new Guardrail.Score(0.05)));
        for (int i = 0; i < 1_000; i++) {
            scoring.ended(Side.CONTROL, FINE);
            scoring.ended(Side.CANDIDATE, FINE);
            scoring.evaluated(Side.CONTROL, i % 20 == 0);
            scoring.evaluated(Side.CANDIDATE, i % 20 == 0);
        }
        assertThat(scoring.verdict(200).kind()).isEqualTo(Verdict.Kind.GOOD);
    }

    @Test
    void anOutageThatHitsBothIsNoVerdict() {
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            double dead = i < 1_000 ? 0.01 : i < 2_000 ? 0.9 : 0.05;
            judge.ended(Side.CONTROL, SimulatedRollout.outcome(random, dead));
            judge.ended(Side.CANDIDATE, SimulatedRollout.outcome(random, dead));
        }
        assertThat(judge.isWorse()).isFalse();
    }

    @Test
    void isGoodOnlyWithEnoughTasks() {
        for (int i = 0; i < 3_000; i++) {
            judge.ended(Side.CONTROL, FINE);
            judge.ended(Side.CANDIDATE, FINE);
        }
        assertThat(judge.verdict(3_000).kind()).isEqualTo(Verdict.Kind.GOOD);
        assertThat(judge.verdict(3_001))
                .returns(Verdict.Kind.OPEN, Verdict::kind)
                .returns("3,000 of 3,001 tasks were compared", Verdict::reason);
    }

    @Test
    void isOpenAtFirst() {
        assertThat(judge.verdict(0).kind()).isEqualTo(Verdict.Kind.OPEN);
        judge.ended(Side.CANDIDATE, FINE);
        assertThat(judge.pairs()).isZero();
        judge.ended(Side.CONTROL, FINE);
        assertThat(judge.verdict(0).reason()).contains("not known yet").contains("'dead'");
    }

    /** A verdict is not taken back by better days. */
    @Test
    void worseStaysWorse() {
        for (int i = 0; i < 50; i++) {
            judge.ended(Side.CONTROL, FINE);
            judge.ended(Side.CANDIDATE, Fault.dead.outcome);
        }
        for (int i = 0; i < 20_000; i++) {
            judge.ended(Side.CONTROL, FINE);
            judge.ended(Side.CANDIDATE, FINE);
        }
        assertThat(judge.verdict(0).kind()).isEqualTo(Verdict.Kind.WORSE);
    }

    @Test
    void unequalSidesAreNotCompared() {
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            judge.ended(Side.CONTROL, FINE);
            judge.ended(Side.CANDIDATE, FINE);
            judge.entered(random.nextInt(10) < 6 ? Side.CONTROL : Side.CANDIDATE);
        }
        assertThat(judge.verdict(0).kind()).isEqualTo(Verdict.Kind.OPEN);
        assertThat(judge.verdict(0).reason()).contains("chance does not explain");
    }

    @Test
    void equalSidesMatch() {
        int mismatches = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            SampleRatio ratio = new SampleRatio();
            for (int i = 0; i < 3_000; i++) {
                ratio.entered(random.nextBoolean() ? Side.CONTROL : Side.CANDIDATE);
            }
            mismatches += ratio.isMismatch() ? 1 : 0;
        }
        assertThat(mismatches).isLessThanOrEqualTo(1);
    }

    /** Processes that hear the same come to the same verdict at the same task. */
    @Test
    void twoProcessesDecideAlike() {
        Random one = new Random(5);
        Random other = new Random(5);
        Judge second = new Judge(Guardrail.standard());
        Judge first = new Judge(Guardrail.standard());
        for (int i = 0; i < 3_000; i++) {
            first.ended(Side.CONTROL, SimulatedRollout.outcome(one, 0.02));
            first.ended(Side.CANDIDATE, SimulatedRollout.outcome(one, 0.05));
            second.ended(Side.CONTROL, SimulatedRollout.outcome(other, 0.02));
            second.ended(Side.CANDIDATE, SimulatedRollout.outcome(other, 0.05));
            second.verdict(0); // one asks all the time, the other never
            assertThat(second.isWorse()).isEqualTo(first.isWorse());
        }
        assertThat(second.verdict(0)).isEqualTo(first.verdict(0));
        assertThat(first.isWorse()).isTrue();
    }

    /** A side whose tasks do not end takes no more memory than this. */
    @Test
    void keepsNoMoreThanItNeeds() {
        for (int i = 0; i < 200_000; i++) {
            judge.ended(Side.CONTROL, FINE);
        }
        for (int i = 0; i < 200_000; i++) {
            judge.ended(Side.CANDIDATE, FINE);
        }
        assertThat(judge.pairs()).isEqualTo(10_000);
    }

    /**
     * A minute of 3,000 tasks a second, half of them compared with the other half, and a verdict each second: 1 % of a core is 600 ms.
     * The JVM of the tests has no second compiler, without which it takes several times as long.
     */
    @Test
    void takesLessThanAHundredthOfACore() {
        aMinute();
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        aMinute();
        long millis = (threads.getCurrentThreadCpuTime() - before) / 1_000_000;
        System.out.println("a minute of 3,000 tasks/s: " + millis + " ms of CPU");
        assertThat(millis).isLessThan(600);
    }

    private static void aMinute() {
        Random random = new Random(1);
        Outcome[] outcomes = new Outcome[1_000];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = SimulatedRollout.outcome(random, 0.02);
        }
        Judge all = new Judge(Guardrail.standard());
        for (int i = 0; i < 60 * 3_000; i++) {
            Side side = i % 2 == 0 ? Side.CANDIDATE : Side.CONTROL;
            all.entered(side);
            all.ended(side, outcomes[i % outcomes.length]);
            if (i % 3_000 == 0) {
                all.verdict(100);
            }
        }
    }

    @Test
    void needsAGuardrail() {
        assertThatThrownBy(() -> new Judge(List.of())).hasMessageContaining("at least one guardrail");
    }
}
