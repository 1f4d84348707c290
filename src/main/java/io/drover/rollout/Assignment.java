package io.drover.rollout;

import org.jspecify.annotations.Nullable;

/**
 * Which version of its workflow a new task gets.
 *
 * @param version null for the current one
 * @param rollout the rollout that compares the task, or null
 * @param scored  whether the rollout compares the scores of its tasks, too
 */
public record Assignment(@Nullable Integer version, @Nullable String rollout, boolean scored) {

    static final Assignment CURRENT = new Assignment(null, null);

    /** One whose score is not compared. */
    public Assignment(@Nullable Integer version, @Nullable String rollout) {
        this(version, rollout, false);
    }
}
