package io.drover.rollout;

/** On which side of a comparison a task is. */
enum Side {
    /** The version on trial. */
    CANDIDATE,
    /** An equally large part of the tasks of the current version, over the same time. */
    CONTROL
}
