package io.drover.rollout;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges a candidate by the outcomes of its tasks and of the control's, as they end.
 * <p>
 * The n-th outcome of the one side is paired with the n-th of the other, and each guardrail has a {@link ShareTest} on the pairs.
 * Evaluations, which come later and not for each task, are paired in the same way among themselves.
 * A candidate that is not worse is called worse in a whole rollout with a probability of at most {@link #ALPHA}, which the guardrails
 * share equally. One that is worse by a guardrail's tolerance is called good with a probability of at most {@link #BETA}: good needs each
 * guardrail, so that is not divided.
 * <p>
 * Memory does not grow with the number of tasks. Not safe for several threads.
 */
final class Judge {

    /** With which probability at most a candidate that is not worse is ever called worse. */
    static final double ALPHA = 0.01;

    /** With which probability at most a candidate that is too bad by one guardrail is ever called good. */
    static final double BETA = 0.05;

    private static final double GOOD_FROM = -Math.log(BETA);

    /** Outcomes of one side that wait for one of the other. More are left out, whatever they are. */
    private static final int MOST_UNPAIRED = 10_000;

    private static final int EVERY_PAIR_UP_TO = 512;

    private final List<Trial> trials;
    private final double worseFrom;
    private final SampleRatio ratio = new SampleRatio();
    private final Pairing<Outcome> outcomes = new Pairing<>();
    private final Pairing<Boolean> scores = new Pairing<>();
    private @Nullable Trial worse;

    /** Pairs what comes of the one side with what comes of the other. */
    private static final class Pairing<T> {

        private final List<Queue<T>> unpaired = List.of(new ArrayDeque<>(), new ArrayDeque<>());
        private long pairs;
        private long nextLook = 1;

        /** @param pair is given what came of the control, and of the candidate @return whether to look now */
        boolean add(Side side, T what, BiConsumer<T, T> pair) {
            Queue<T> own = unpaired.get(side.ordinal());
            if (own.size() < MOST_UNPAIRED) {
                own.add(what);
            }
            T candidate = unpaired.get(Side.CANDIDATE.ordinal()).peek();
            T control = unpaired.get(Side.CONTROL.ordinal()).peek();
            if (candidate == null || control == null) {
                return false;
            }
            unpaired.forEach(Queue::remove);
            pair.accept(control, candidate);
            pairs++;
            return isLook();
        }

        /** At fixed numbers of pairs, so that each process that hears the same decides at the same one. */
        private boolean isLook() {
            if (pairs < nextLook) {
                return false;
            }
            nextLook = pairs + 1 + (pairs < EVERY_PAIR_UP_TO ? 0 : pairs / EVERY_PAIR_UP_TO);
            return true;
        }
    }

    /** @throws IllegalArgumentException without a guardrail */
    Judge(List<Guardrail> guardrails) {
        if (guardrails.isEmpty()) {
            throw new IllegalArgumentException("a rollout needs at least one guardrail: it could only be called open");
        }
        trials = guardrails.stream().map(Trial::new).toList();
        worseFrom = Math.log(guardrails.size() / ALPHA);
    }

    /** A task of a side was submitted. */
    void entered(Side side) {
        ratio.entered(side);
    }

    /** These numbers of tasks were submitted since the beginning. */
    void entered(long candidate, long control) {
        ratio.entered(
                Math.max(0, candidate - ratio.count(Side.CANDIDATE)), Math.max(0, control - ratio.count(Side.CONTROL)));
    }

    /** A task of a side ended. */
    void ended(Side side, Outcome outcome) {
        if (outcomes.add(
                side, outcome, (control, candidate) -> trials.forEach(trial -> trial.take(control, candidate)))) {
            look(false);
        }
    }

    /** A task of a side was evaluated. */
    void evaluated(Side side, boolean failed) {
        if (scores.add(
                side, failed, (control, candidate) -> trials.forEach(trial -> trial.takeScores(control, candidate)))) {
            look(true);
        }
    }

    private void look(boolean ofScores) {
        for (Trial trial : trials) {
            if (worse == null && trial.isOfScores() == ofScores && trial.logWorse() >= worseFrom) {
                worse = trial;
            }
        }
    }

    boolean isWorse() {
        return worse != null;
    }

    /** How many pairs of outcomes were compared. */
    long pairs() {
        return outcomes.pairs;
    }

    /** How each guardrail stands. */
    List<Evidence> evidence() {
        return trials.stream()
                .map(trial -> trial.evidence(worseFrom, GOOD_FROM))
                .toList();
    }

    /** @param needed pairs without which no candidate is good */
    Verdict verdict(long needed) {
        List<Evidence> evidence = evidence();
        if (worse != null) {
            return new Verdict(Verdict.Kind.WORSE, worseBecause(worse), evidence);
        }
        if (ratio.isMismatch()) {
            return open(
                    evidence,
                    "the candidate got %,d tasks and the control %,d, which chance does not explain: the comparison does not count"
                            .formatted(ratio.count(Side.CANDIDATE), ratio.count(Side.CONTROL)));
        }
        if (pairs() < needed) {
            return open(evidence, "%,d of %,d tasks were compared".formatted(pairs(), needed));
        }
        for (Trial trial : trials) {
            if (trial.logGood() < GOOD_FROM) {
                return open(evidence, "not known yet whether more tasks are bad by '%s'".formatted(trial.name()));
            }
        }
        return new Verdict(Verdict.Kind.GOOD, "no guardrail is worse by its tolerance", evidence);
    }

    private static Verdict open(List<Evidence> evidence, String reason) {
        return new Verdict(Verdict.Kind.OPEN, reason, evidence);
    }

    private static String worseBecause(Trial trial) {
        PairCounts counts = trial.counts();
        return "'%s': %,d of %,d tasks of the candidate, %,d of %,d of the control"
                .formatted(trial.name(), counts.candidate(), counts.pairs(), counts.control(), counts.pairs());
    }
}
