package io.drover.journal;

/** Why a task is {@link TaskStatus#WAITING}. */
public enum WaitReason {
    /** Submitted for later, or held back by an open circuit breaker or a spent rate; the attempt is given back. */
    DELAY,
    /** An attempt failed; the next begins after a backoff. */
    RETRY,
    /** A call's end is unknown and only a person can tell whether it happened. */
    IN_DOUBT,
    /** A person has to approve a call. */
    APPROVAL
}
