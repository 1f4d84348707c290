package io.drover.rollout;

/** A rollout is not in a state in which a decision is possible. */
public final class DecisionRefusedException extends Exception {

    DecisionRefusedException(String message) {
        super(message);
    }
}
