package io.drover.rollout;

import java.util.Locale;

/** Where a rollout stands. */
public enum RolloutState {
    /** The candidate gets its share, and the judge decides. */
    RUNNING,
    /** The candidate keeps its share, and gets no greater one; a worse one is still rolled back. */
    PAUSED,
    /** The candidate is the current version. */
    PROMOTED,
    /** The judge called the candidate worse: it gets no new task. */
    ROLLED_BACK,
    /** A person ended it: the candidate gets no new task. */
    ABORTED,
    /** As many shadows of tasks as it should have were compared; the candidate gets no new task. */
    COMPARED;

    /** Whether the candidate is on trial. */
    public boolean isAlive() {
        return this == RUNNING || this == PAUSED;
    }

    /** Whether the candidate was on trial and gets no new task, by the judge or by a person. */
    boolean isRefused() {
        return this == ROLLED_BACK || this == ABORTED;
    }

    /** As the API, the command line and metrics write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
