package io.drover.rollout;

import java.util.ArrayList;
import java.util.List;

/**
 * An anytime-valid test of two shares by an e-value: evidence against a null hypothesis which, while that is true, ever reaches 1/alpha
 * with a probability of at most alpha (Ville's inequality), however often and whenever one looks.
 * <p>
 * Source: R. Turner, A. Ly, P. Grünwald, "Generic E-variables for exact sequential k-sample tests that allow for optional stopping",
 * Journal of Statistical Planning and Inference 230 (2024), with blocks of one task a side, and R. Turner, P. Grünwald, "Exact
 * anytime-valid confidence intervals for contingency tables and beyond", Statistics and Probability Letters 198 (2023), for a margin.
 * A block's e-value is the ratio of its likelihood at an alternative and at the closest pair of shares of the null hypothesis.
 * Their product over the blocks depends on the counts alone. The test is the mean of such products over a fixed grid of alternatives,
 * which is an e-value again. The shares may drift from block to block, as long as both sides' drift together.
 */
final class ShareTest {

    private static final double[] CONTROL = {0.003, 0.02, 0.08, 0.25, 0.6};

    /** By how many times the candidate's odds may be greater. */
    private static final double[] TIMES = {2.5, 6, 20};

    private static final double[] EQUAL = {0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95};

    private final List<Point> points;

    private ShareTest(List<Point> points) {
        this.points = points;
    }

    /** Evidence that the candidate's share is greater. The null hypothesis: it is equal or less. */
    static ShareTest ofGreater() {
        List<Point> points = new ArrayList<>();
        for (double control : CONTROL) {
            for (double times : TIMES) {
                double odds = times * control / (1 - control);
                points.add(Point.of(control, odds / (1 + odds), 0));
            }
        }
        return new ShareTest(points);
    }

    /** Evidence that the candidate's share is not greater by a margin. The null hypothesis: it is greater by that or more. */
    static ShareTest ofNotGreaterBy(double margin) {
        List<Point> points = new ArrayList<>();
        for (double share : EQUAL) {
            points.add(Point.of(share, share, margin));
        }
        return new ShareTest(points);
    }

    /** The natural logarithm of the e-value. */
    double logEvidence(PairCounts counts) {
        double[] ratios = new double[points.size()];
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = points.get(i).logRatio(counts);
            most = Math.max(most, ratios[i]);
        }
        double sum = 0;
        for (double ratio : ratios) {
            if (ratio >= most - 40) {
                sum += Math.exp(ratio - most);
            }
        }
        return most + Math.log(sum / ratios.length);
    }
}
