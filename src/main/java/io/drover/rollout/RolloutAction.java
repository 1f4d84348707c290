package io.drover.rollout;

/** What a person may do with a rollout. */
public enum RolloutAction {
    /** The candidate is the current version, whatever the judge would say. */
    PROMOTE(RolloutState.PROMOTED, "one that is promoted already cannot be promoted"),
    /** The candidate gets no new task. */
    ABORT(RolloutState.ABORTED, "only one that is running or paused can be aborted"),
    /** The candidate's share does not grow. */
    PAUSE(RolloutState.PAUSED, "only one that is running can be paused"),
    /** The judge decides again. */
    RESUME(RolloutState.RUNNING, "only one that is paused can be resumed");

    private final RolloutState state;
    private final String condition;

    RolloutAction(RolloutState state, String condition) {
        this.state = state;
        this.condition = condition;
    }

    RolloutState state() {
        return state;
    }

    /** When it can be done. */
    String condition() {
        return condition;
    }

    boolean isPossibleIn(RolloutState now) {
        return switch (this) {
            case PROMOTE -> now != RolloutState.PROMOTED;
            case ABORT -> now.isAlive();
            case PAUSE -> now == RolloutState.RUNNING;
            case RESUME -> now == RolloutState.PAUSED;
        };
    }
}
