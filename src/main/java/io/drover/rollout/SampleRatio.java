package io.drover.rollout;

/**
 * Whether both sides get equally many tasks. If not, the comparison compares something else than the versions.
 * <p>
 * Source: M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022: the Bayes factor of a Dirichlet
 * prior against equal shares, an e-value; here with a concentration of 100.
 */
final class SampleRatio {

    private static final double PRIOR = 50;
    private static final double LEVEL = Math.log(1_000);

    private final long[] entered = new long[Side.values().length];
    private double logEvidence;
    private boolean mismatch;

    void entered(Side side) {
        add(side);
        mismatch |= logEvidence >= LEVEL;
    }

    /** These numbers on each side, in whatever order. */
    void entered(long candidate, long control) {
        for (long i = 0; i < candidate; i++) {
            add(Side.CANDIDATE);
        }
        for (long i = 0; i < control; i++) {
            add(Side.CONTROL);
        }
        mismatch |= logEvidence >= LEVEL; // only now: the order is not known, and the evidence does not depend on it
    }

    private void add(Side side) {
        long all = entered[0] + entered[1];
        logEvidence += Math.log(2 * (PRIOR + entered[side.ordinal()]) / (2 * PRIOR + all));
        entered[side.ordinal()]++;
    }

    long count(Side side) {
        return entered[side.ordinal()];
    }

    /** Whether the sides differ by more than chance explains; once true, it stays. For equal sides it is true once in 1,000 rollouts. */
    boolean isMismatch() {
        return mismatch;
    }
}
