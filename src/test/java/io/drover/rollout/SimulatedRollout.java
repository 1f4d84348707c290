package io.drover.rollout;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rollouts whose tasks are drawn at random, from seeds 1, 2, 3 ..., judged by the judge's own code: two versions that are equal, but for the
 * share of tasks that are dead. Tasks end on either side in random order.
 */
record SimulatedRollout(double controlDead, double candidateDead) {

    private static final List<Guardrail> GUARDRAILS = Stream.concat(
                    Guardrail.standard().stream(), Stream.of(Guardrail.own("unpolite", 0.05)))
            .toList();

    /** After how many of the candidate's own tasks it was called worse, in order, in rollouts of so many of its tasks; -1 if never. */
    int[] worseAfter(int rollouts, int tasks) {
        return IntStream.rangeClosed(1, rollouts)
                .parallel()
                .map(seed -> worseAfter(new Random(seed), tasks))
                .sorted()
                .toArray();
    }

    private int worseAfter(Random random, int tasks) {
        Judge judge = new Judge(GUARDRAILS);
        int own = 0;
        while (own < tasks) {
            Side side = random.nextBoolean() ? Side.CANDIDATE : Side.CONTROL;
            own += side == Side.CANDIDATE ? 1 : 0;
            judge.entered(side);
            judge.ended(side, outcome(random, side == Side.CANDIDATE ? candidateDead : controlDead));
            if (judge.isWorse()) {
                return own;
            }
        }
        return -1;
    }

    /** After how many pairs it was called good, in rollouts of at most so many pairs; -1 if never. */
    int[] goodAfter(int rollouts, int pairs) {
        return IntStream.rangeClosed(1, rollouts)
                .parallel()
                .map(seed -> goodAfter(new Random(seed), pairs))
                .sorted()
                .toArray();
    }

    private int goodAfter(Random random, int pairs) {
        Judge judge = new Judge(GUARDRAILS);
        for (int pair = 1; pair <= pairs; pair++) {
            judge.ended(Side.CONTROL, outcome(random, controlDead));
            judge.ended(Side.CANDIDATE, outcome(random, candidateDead));
            if (pair % 50 == 0 && judge.verdict(0).kind() == Verdict.Kind.GOOD) {
                return pair;
            }
        }
        return -1;
    }

    static Outcome outcome(Random random, double dead) {
        return new Outcome(
                random.nextDouble() < dead,
                random.nextDouble() < 0.01,
                random.nextDouble() < 0.02,
                Math.round(2_000 * Math.exp(random.nextGaussian())),
                Math.round(5_000 * Math.exp(random.nextGaussian() / 2)),
                1,
                3,
                random.nextDouble() < 0.05 ? Set.of("unpolite") : Set.of());
    }
}
