package io.drover.guard;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
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

    /** The path of the step whose branch it is. */
    private final String outer;

    /** The property of an exchange that says which part of that step it is, or null. */
    private final @Nullable ExchangePropertyKey index;

    private volatile @Nullable String path;
    private volatile boolean pending;

    private Branch(
            @Nullable Branch parent,
            boolean fork,
            boolean pending,
            String outer,
            @Nullable ExchangePropertyKey index,
            @Nullable String path) {
        this.parent = parent;
        this.fork = fork;
        this.pending = pending;
        this.outer = outer;
        this.index = index;
        this.path = path;
    }

    static Branch root() {
        return new Branch(null, false, false, "", null, "");
    }

    /** A copy of the message; it goes no further than what it is a copy of. */
    Branch copy() {
        return new Branch(this, false, pending, outer, index, path);
    }

    /**
     * Its copies are branches beside each other.
     *
     * @param part the property by which their exchanges say which of them they are, or null
     */
    Branch forked(@Nullable ExchangePropertyKey part) {
        return new Branch(this, true, pending, path(), part, null);
    }

    /** Camel says which part an exchange is after it has copied it. */
    void at(Exchange exchange) {
        if (path == null && !fork && index != null) {
            Integer part = exchange.getProperty(index, Integer.class);
            path = part == null ? outer : outer + (index == ExchangePropertyKey.SPLIT_INDEX ? "/s" : "/m") + part;
        }
    }

    /** Which part of which part it is, as {@code /s3/m0}: the same in every attempt. Empty outside of splits and multicasts. */
    String path() {
        String known = path;
        return known == null ? outer : known;
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
