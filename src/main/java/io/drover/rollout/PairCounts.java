package io.drover.rollout;

/**
 * What a test of two shares knows: pairs of one task of the control and one of the candidate each, and in how many of them which of the
 * two was bad.
 */
record PairCounts(long pairs, long control, long candidate) {

    static final PairCounts NONE = new PairCounts(0, 0, 0);

    PairCounts with(boolean control, boolean candidate) {
        return new PairCounts(pairs + 1, this.control + (control ? 1 : 0), this.candidate + (candidate ? 1 : 0));
    }
}
