package io.drover;

/** What a test does less of on each commit than before a release ({@code mvn verify -Prelease}). */
public final class Effort {

    private Effort() {}

    public static <T> T of(T eachCommit, T release) {
        return Boolean.getBoolean("drover.release") ? release : eachCommit;
    }
}
