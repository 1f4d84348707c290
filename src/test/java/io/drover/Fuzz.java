package io.drover;

import java.time.Duration;
import java.util.Random;

/**
 * Random tests that take a fixed time: {@code -Dfuzz.seconds=N} for each (20 by default), {@code -Dfuzz.seed=N} to
 * begin where one failed.
 */
public final class Fuzz {

    private Fuzz() {}

    /** What is done with one seed; it may throw anything. */
    public interface Round {
        void run(Random random) throws Throwable;
    }

    public static void run(String name, Round round) {
        long first = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("fuzz %s begins with seed %d%n", name, first);
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("fuzz.seconds", 20)).toNanos();
        long seed = first;
        do {
            try {
                round.run(new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("%s fails with -Dfuzz.seed=%d".formatted(name, seed), e);
            }
            seed++;
        } while (System.nanoTime() < end);
        System.out.printf("fuzz %s: %d rounds%n", name, seed - first);
    }
}
