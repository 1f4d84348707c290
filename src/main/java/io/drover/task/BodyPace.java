package io.drover.task;

import io.drover.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * How long the body of a request may take: some time at least, and more only while it comes faster than the slowest
 * lines.
 * The connection's own timeout counts from the last byte only.
 */
public final class BodyPace {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SLOWEST_BYTES_A_SECOND = 10_000;

    private final long since = System.nanoTime();
    private long read;

    /** Counts bytes that came. @return why the rest is not read, or null */
    public @Nullable Problem came(int bytes) {
        read += bytes;
        Duration patience = PATIENCE.plusSeconds(read / SLOWEST_BYTES_A_SECOND);
        return System.nanoTime() - since <= patience.toNanos()
                ? null
                : Problem.of(
                        HttpStatus.REQUEST_TIMEOUT,
                        "too-slow",
                        "the body takes longer than %d s, and comes at less than %d bytes a second"
                                .formatted(PATIENCE.toSeconds(), SLOWEST_BYTES_A_SECOND));
    }
}
