package io.drover.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Random ids, except for attempts.
 * The id of an attempt's span is derived from its task and token, so a later attempt in any process can link to the
 * first.
 */
public final class SpanIds implements IdGenerator {

    private static final ThreadLocal<@Nullable String> NEXT = new ThreadLocal<>();

    /** 2^64 divided by the golden ratio: consecutive tokens come out far apart. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final IdGenerator random = IdGenerator.random();

    /** Of an attempt: 16 hexadecimal digits, not all of them zero. */
    static String ofAttempt(UUID task, long token) {
        return "%016x".formatted((task.getLeastSignificantBits() ^ token * GOLDEN) | 1);
    }

    /** The next span that begins on this thread has this id. */
    static void next(String spanId) {
        NEXT.set(spanId);
    }

    @Override
    public String generateSpanId() {
        String next = NEXT.get();
        if (next == null) {
            return random.generateSpanId();
        }
        NEXT.remove();
        return next;
    }

    @Override
    public String generateTraceId() {
        return random.generateTraceId();
    }
}
