package io.drover.rollout;

import java.util.Arrays;

/**
 * The 95th percentile of the last 1,000 values, as it was at most 200 values ago.
 * Memory and time do not grow with the number of values.
 */
final class RunningPercentile {

    private static final int KEPT = 1_000;
    private static final int EVERY = 50;
    private static final int LATER_EVERY = 200;

    private final long[] values = new long[KEPT];
    private long added;
    private long percentile = Long.MAX_VALUE;

    void add(long value) {
        values[(int) (added++ % KEPT)] = value;
        if (added % (added < KEPT ? EVERY : LATER_EVERY) == 0) {
            long[] sorted = Arrays.copyOf(values, (int) Math.min(added, KEPT));
            Arrays.sort(sorted);
            percentile = sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
        }
    }

    /** Whether there are enough values yet. */
    boolean isKnown() {
        return added >= EVERY;
    }

    long value() {
        return percentile;
    }
}
