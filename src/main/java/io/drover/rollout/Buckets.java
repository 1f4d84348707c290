package io.drover.rollout;

import io.drover.json.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a rollout. A task's bucket is a number from 0 to 999,999: SHA-256 of the rollout's id and the task's key, so it is the
 * same in each process and at each time, and independent of that of another rollout.
 * The candidate has the lowest buckets, so who is in at 1 % is in at 25 %.
 * The control has as many of the highest.
 *
 * @param rollout the rollout's id, which salts the buckets
 * @param share   of the tasks that the candidate gets, in millionths
 */
record Buckets(String rollout, int share) {

    static final int ALL = 1_000_000;

    /** @throws IllegalArgumentException if the share is not from 0 to 1,000,000 */
    Buckets {
        if (share < 0 || share > ALL) {
            throw new IllegalArgumentException(
                    "share (%d) of rollout %s must be from 0 to %d millionths".formatted(share, rollout, ALL));
        }
    }

    /** Whether a key's task runs by the candidate. */
    boolean hasCandidate(String key) {
        return bucket(key) < share;
    }

    /**
     * On which side a key's task is compared, or null if on none. Above a share of 50 % what is left for the control is smaller than
     * the candidate's part: then only an equally large part of that is compared. At 100 % nothing is.
     */
    @Nullable
    Side side(String key) {
        int compared = Math.min(share, ALL - share);
        int bucket = bucket(key);
        if (bucket < compared) {
            return Side.CANDIDATE;
        }
        return bucket >= ALL - compared ? Side.CONTROL : null;
    }

    private int bucket(String key) {
        return (int) Long.remainderUnsigned(Digest.bits(rollout, key), ALL);
    }
}
