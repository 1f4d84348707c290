package io.drover.rollout;

/**
 * A pair of shares that the data may have, against the closest pair of the null hypothesis: the logarithm of the ratio of their
 * likelihoods is linear in the counts.
 */
record Point(double controlBad, double controlFine, double candidateBad, double candidateFine) {

    /**
     * @param control   the control's share, above 0 and below 1
     * @param candidate the candidate's share, above 0 and below 1
     * @param margin    the null hypothesis ends where the candidate's share is the control's plus this, from 0 to below 1
     */
    static Point of(double control, double candidate, double margin) {
        double near = nearest(control, candidate, margin);
        return new Point(
                Math.log(control / near),
                Math.log((1 - control) / (1 - near)),
                Math.log(candidate / (near + margin)),
                Math.log((1 - candidate) / (1 - near - margin)));
    }

    double logRatio(PairCounts counts) {
        return counts.control() * controlBad
                + (counts.pairs() - counts.control()) * controlFine
                + counts.candidate() * candidateBad
                + (counts.pairs() - counts.candidate()) * candidateFine;
    }

    /** The control's share at the border whose Kullback-Leibler divergence is least: it is convex, so its slope has one root. */
    private static double nearest(double control, double candidate, double margin) {
        double low = 0;
        double high = 1 - margin;
        for (int i = 0; i < 60; i++) {
            double share = (low + high) / 2;
            double other = share + margin;
            double slope = (share - control) / (share * (1 - share)) + (other - candidate) / (other * (1 - other));
            if (slope < 0) {
                low = share;
            } else {
                high = share;
            }
        }
        return (low + high) / 2;
    }
}
