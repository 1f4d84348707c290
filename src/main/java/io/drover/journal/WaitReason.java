package io.drover.journal;

/** Why a task is {@link TaskStatus#WAITING}. */
public enum WaitReason {
    /** Submitted for later, or suspended by an open circuit breaker or a spent rate; the attempt is given back. */
    DELAY,
    /** An attempt failed; the next begins after a backoff. */
    RETRY,
    /** The outcome of a call is unknown, and only a person can say whether it took effect. */
    IN_DOUBT,
    /** A person has to approve a call. */
    APPROVAL,
    /** A person stopped what it does next ({@code hold}); the attempt is given back. */
    HELD,
    /** Another call with the same effect key has to end. */
    EFFECT,
    /** A signal has to come. */
    SIGNAL,
    /** A time has to come that the workflow named. */
    TIME,
    /** A child task has to end. */
    CHILD;

    /** Whether what it waits for may come from outside at any time, and makes the task due. */
    boolean endsByAResult() {
        return switch (this) {
            case SIGNAL, TIME, CHILD, APPROVAL, EFFECT -> true;
            case DELAY, RETRY, IN_DOUBT, HELD -> false;
        };
    }
}
