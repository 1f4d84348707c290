package io.drover.guard;

import org.jspecify.annotations.Nullable;

/**
 * A branch of a workflow's steps: the route itself, or a part of a multicast, a split or another step that works on copies.
 * Where a branch waits for the result of a pending call, it and what it is a branch of make no call any more in this
 * attempt, while the branches beside it go on. Thread-safe.
 */
final class Branch {

    private final @Nullable Branch parent;

    /** Whether it only stands for a step whose branches go on independently of each other. */
    private final boolean fork;

    private volatile boolean pending;

    private Branch(@Nullable Branch parent, boolean fork, boolean pending) {
        this.parent = parent;
        this.fork = fork;
        this.pending = pending;
    }

    static Branch root() {
        return new Branch(null, false, false);
    }

    /** A copy of the message; it goes no further than what it is a copy of. */
    Branch copy() {
        return new Branch(this, false, pending);
    }

    /** Its copies are branches beside each other. */
    Branch forked() {
        return new Branch(this, true, pending);
    }

    /** It waits, and what comes after it waits, too. */
    void pend() {
        for (Branch one = this; one != null; one = one.parent) {
            if (!one.fork) {
                one.pending = true;
            }
        }
    }

    boolean isPending() {
        return pending;
    }
}
