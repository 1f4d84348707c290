package io.drover.rollout;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rollout as the database knows it.
 *
 * @param settings what the file said when it began
 * @param step     which of the steps, from 0
 * @param share    of the new tasks that the candidate gets, in millionths
 * @param lasted   how long the step has lasted
 * @param reason   of the last decision, or null
 * @param who      decided last
 * @param pairs    how many tasks of each side were compared
 * @param moved    whether no task of the candidate is left to be moved
 */
public record RolloutView(
        Rollout settings,
        RolloutState state,
        int step,
        int share,
        long stepPairs,
        Duration lasted,
        Instant beganAt,
        @Nullable Instant endedAt,
        @Nullable String reason,
        String who,
        long pairs,
        boolean moved) {

    public String id() {
        return settings.id();
    }

    /** Whether nothing has been shown in the time that a step has. */
    public boolean isOverdue() {
        return state == RolloutState.RUNNING && lasted.compareTo(settings.window()) > 0;
    }
}
