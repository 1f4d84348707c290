package io.drover.rollout;

import org.jspecify.annotations.Nullable;

/**
 * Which version of its workflow a new task gets.
 *
 * @param version null for the current one
 * @param rollout the rollout that compares the task, or null
 */
public record Assignment(@Nullable Integer version, @Nullable String rollout) {

    static final Assignment CURRENT = new Assignment(null, null);
}
