package io.drover.rollout;

import java.util.List;

/** The rollouts of a process without a database: none has begun, so each candidate of the file is held back. */
final class UntriedRollouts extends RolloutsInForce {

    @SuppressWarnings("NullAway") // nothing asks them
    UntriedRollouts() {
        super(null, null, null);
    }

    @Override
    void start() {}

    @Override
    public void refresh() {
        know(List.of(), true);
    }
}
