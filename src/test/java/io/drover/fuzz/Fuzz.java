package io.drover.fuzz;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs a check on random inputs for a while. {@code -Dfuzz.seconds=N} sets how long, 60 s by default, and {@code -Dfuzz.seed=N}
 * begins with a seed that failed. Each round has a seed of its own, which its failure names.
 */
public final class Fuzz {

    /** Checks one random input. */
    @FunctionalInterface
    public interface Round {
        void check(Random random) throws Exception;
    }

    private Fuzz() {}

    /**
     * Checks round after round until the time is over.
     *
     * @throws AssertionError that names the seed of the round that failed
     */
    public static void run(Round round) {
        long first = Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextLong());
        long seconds = Long.getLong("fuzz.seconds", 60);
        System.out.printf("fuzz: first seed %d, %d s%n", first, seconds);
        long start = System.nanoTime();
        long seed = first;
        do {
            try {
                round.check(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("this fails: -Dfuzz.seed=" + seed, e);
            }
            seed++;
        } while (System.nanoTime() - start < seconds * 1_000_000_000L);
        System.out.printf("fuzz: %d rounds passed%n", seed - first);
    }
}
