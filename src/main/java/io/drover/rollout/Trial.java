package io.drover.rollout;

/** The test of one guardrail. */
final class Trial {

    private static final ShareTest GREATER = ShareTest.ofGreater();
    private static final double LN_10 = Math.log(10);

    private final Guardrail guardrail;
    private final ShareTest notGreater;
    private final RunningPercentile percentile = new RunningPercentile();
    private PairCounts counts = PairCounts.NONE;

    Trial(Guardrail guardrail) {
        this.guardrail = guardrail;
        notGreater = ShareTest.ofNotGreaterBy(guardrail.tolerance());
    }

    String name() {
        return guardrail.name();
    }

    boolean isOfScores() {
        return guardrail instanceof Guardrail.Score;
    }

    PairCounts counts() {
        return counts;
    }

    void take(Outcome control, Outcome candidate) {
        switch (guardrail) {
            case Guardrail.Event event ->
                counts = counts.with(event.of().test(control), event.of().test(candidate));
            case Guardrail.Tail tail ->
                take(tail.of().applyAsLong(control), tail.of().applyAsLong(candidate));
            case Guardrail.Score score -> {} // it has pairs of its own
        }
    }

    /** @param control whether the evaluation of the control's task failed @param candidate the same of the candidate's */
    void takeScores(boolean control, boolean candidate) {
        if (isOfScores()) {
            counts = counts.with(control, candidate);
        }
    }

    /** The percentile is that of earlier pairs: one that knew this pair would not be the same for both sides. */
    private void take(long control, long candidate) {
        if (percentile.isKnown()) {
            counts = counts.with(control > percentile.value(), candidate > percentile.value());
        }
        percentile.add(control);
    }

    double logWorse() {
        return GREATER.logEvidence(counts);
    }

    double logGood() {
        return notGreater.logEvidence(counts);
    }

    /**
     * @param worseFrom the natural logarithm of the e-value from which it is worse
     * @param goodFrom  that from which it is good
     */
    Evidence evidence(double worseFrom, double goodFrom) {
        return new Evidence(
                guardrail.name(),
                counts.pairs(),
                counts.control(),
                counts.candidate(),
                logWorse() / LN_10,
                worseFrom / LN_10,
                logGood() / LN_10,
                goodFrom / LN_10);
    }
}
