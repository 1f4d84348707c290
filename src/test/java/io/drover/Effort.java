package io.drover;

/** How long the tests that repeat themselves go on: less on each commit than before a release ({@code mvn verify -Prelease}). */
public final class Effort {

    private Effort() {}

    public static int of(int eachCommit, int release) {
        return Boolean.getBoolean("drover.release") ? release : eachCommit;
    }
}
