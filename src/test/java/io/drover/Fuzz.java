package io.drover;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Runs a check on random inputs for a while. {@code -Dfuzz.seconds=N} sets how long each kind of input is tried, 60 s by default, and
 * {@code -Dfuzz.seed=N} begins with a seed that failed. Each round has a seed of its own, which its failure names.
 * {@code -Dfuzz.rounds=N} tries that many inputs of each kind, however long it takes.
 */
public final class Fuzz {

    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fuzz.seconds", 60));

    private static final long ROUNDS = Long.getLong("fuzz.rounds", 0);

    private Fuzz() {}

    /** Checks one random input. */
    @FunctionalInterface
    public interface Round {
        void check(Random random) throws Throwable;
    }

    /** A kind of input, and what holds of each. */
    public record Kind(String name, Round round) {}

    /**
     * Kinds of input that are tried side by side in the same time.
     *
     * @throws AssertionError that names the seed of a round that failed
     */
    public static void together(Kind... kinds) {
        List<CompletableFuture<Void>> all = Stream.of(kinds)
                .map(kind -> CompletableFuture.runAsync(
                        () -> run(kind.name, 1, kind.round),
                        task -> Thread.ofPlatform().name("fuzz-" + kind.name).start(task)))
                .toList();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    /**
     * Checks round after round until the time is over.
     *
     * @param share the part of the time that this kind of input is tried
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
        } while (ROUNDS > 0 ? seed - first < ROUNDS : System.nanoTime() - start < TIME.toNanos() * share);
        System.out.printf("fuzz %s: %d rounds passed%n", name, seed - first);
    }
}
