package io.drover;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs a check on random inputs for a while. {@code -Dfuzz.seconds=N} sets how long each kind of input is tried, 60 s by default, and
 * {@code -Dfuzz.seed=N} begins with a seed that failed. Each round has a seed of its own, which its failure names.
 */
public final class Fuzz {

    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fuzz.seconds", 60));

    private Fuzz() {}

    /** Checks one random input. */
    @FunctionalInterface
    public interface Round {
        void check(Random random) throws Throwable;
    }

    /**
     * Two kinds of input in the same minute, where most of it is spent with waiting for servers and tasks.
     *
     * @throws AssertionError that names the seed of the round that failed
     */
    public static void together(String first, Round ofFirst, String second, Round ofSecond) {
        CompletableFuture<Void> beside = CompletableFuture.runAsync(
                () -> run(second, 1, ofSecond), task -> Thread.ofPlatform().start(task));
        run(first, 1, ofFirst);
        beside.join();
    }

    /**
     * Checks round after round until the time is over.
     *
     * @param share the part of the time of this kind of input, where several tests share it
     * @throws AssertionError that names the seed of the round that failed
     */
    public static void run(String name, double share, Round round) {
        long first = Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        System.out.printf("fuzz %s: first seed %d%n", name, first);
        long start = System.nanoTime();
        long seed = first;
        do {
            try {
                round.check(new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("%s fails with -Dfuzz.seed=%d".formatted(name, seed), e);
            }
            seed++;
        } while (System.nanoTime() - start < TIME.toNanos() * share);
        System.out.printf("fuzz %s: %d rounds passed%n", name, seed - first);
    }
}
