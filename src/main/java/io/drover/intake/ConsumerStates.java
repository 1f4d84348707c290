package io.drover.intake;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Which consumers of a trigger have ended, and have not run for long since. */
final class ConsumerStates {

    /** A consumer that ran for so long after its restart is well again. */
    private static final Duration PROBATION = Duration.ofSeconds(10);

    private record End(String cause, @Nullable Long restartedNanos) {}

    private final Map<Integer, End> ends = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    void ended(int consumer, String cause) {
        ends.put(consumer, new End(cause, null));
        count.incrementAndGet();
    }

    void restarted(int consumer) {
        ends.computeIfPresent(consumer, (any, end) -> new End(end.cause(), System.nanoTime()));
    }

    /** How often one ended. */
    long count() {
        return count.get();
    }

    /** Why a consumer does not read, or null when all do. */
    @Nullable
    String problem() {
        ends.values()
                .removeIf(end ->
                        end.restartedNanos() != null && System.nanoTime() - end.restartedNanos() > PROBATION.toNanos());
        return ends.values().stream().findFirst().map(End::cause).orElse(null);
    }
}
