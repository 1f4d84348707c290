package io.drover.guard;

import io.drover.start.Bounds;
import io.drover.tool.ToolLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What configuration says of a tool: {@code drover.tools.<name>.*}, or {@code drover.tools.defaults.*} for all. What is
 * null here is taken from the tool's route, then from the defaults.
 *
 * @param enabled        false: every call is refused
 * @param throttle       calls for the whole fleet, as in {@code 20/1s}
 * @param concurrency    calls at once in one process; 0 for no limit
 * @param timeout        for one try
 * @param retries        tries after the first, in one attempt of the task
 * @param backoff        before the first retry; doubles with each
 * @param fallback       the tool to call when the breaker is open or the retries are spent
 * @param reconcile      the read-only tool that says whether a call in doubt happened
 * @param maxResultBytes the longest result that is accepted
 * @param cache          how long its results answer equal calls of all tasks; 0 for not at all. Not for {@code defaults}
 * @param readOnlyHint   overrides what the route claims
 * @param destructiveHint overrides what the route claims
 * @param idempotentHint overrides what the route claims
 * @param openWorldHint  overrides what the route claims
 * @param breaker        the circuit breaker; it is the same for all versions of the tool
 */
public record ToolSettings(
        @Nullable Boolean enabled,
        @Nullable String approval,
        @Nullable String throttle,
        @Nullable Integer concurrency,
        @Nullable Duration timeout,
        @Nullable Integer retries,
        @Nullable Duration backoff,
        @Nullable String fallback,
        @Nullable String reconcile,
        @Nullable Integer maxResultBytes,
        @Nullable Duration cache,
        @Nullable Boolean readOnlyHint,
        @Nullable Boolean destructiveHint,
        @Nullable Boolean idempotentHint,
        @Nullable Boolean openWorldHint,
        @Nullable Breaker breaker) {

    static final ToolSettings NONE = new ToolSettings(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** @param property what they are below, as {@code drover.tools.charge} */
    void check(String property) {
        if (throttle != null) {
            ToolLimits.checkThrottle(property + ".throttle", throttle);
        }
        ToolLimits.CONCURRENCY.check(property + ".concurrency", concurrency);
        ToolLimits.TIMEOUT.check(property + ".timeout", timeout);
        ToolLimits.RETRIES.check(property + ".retries", retries);
        ToolLimits.BACKOFF.check(property + ".backoff", backoff);
        ToolLimits.MAX_RESULT_BYTES.check(property + ".max-result-bytes", maxResultBytes);
        ToolLimits.CACHE.check(property + ".cache", cache);
        if (breaker != null) {
            breaker.check(property + ".breaker");
        }
    }

    /**
     * When the circuit breaker opens and closes (Resilience4j).
     *
     * @param failureRate   opens at this percentage of failed calls
     * @param window        of the last so many calls
     * @param minimumCalls  but not before so many
     * @param waitOpen      how long nothing is let through
     * @param trialCalls    how many calls are let through then, to see
     */
    public record Breaker(
            @Nullable Float failureRate,
            @Nullable Integer window,
            @Nullable Integer minimumCalls,
            @Nullable Duration waitOpen,
            @Nullable Integer trialCalls) {

        /** Of calls: Resilience4j remembers each. */
        private static final Bounds<Integer> CALLS = Bounds.of(1, 100_000, 20);

        void check(String property) {
            new Bounds<>(0.1f, 100f, 50f).check(property + ".failure-rate", failureRate);
            CALLS.check(property + ".window", window);
            CALLS.check(property + ".minimum-calls", minimumCalls);
            Bounds.ofTime("1ms", "1d", "10s").check(property + ".wait-open", waitOpen);
            CALLS.check(property + ".trial-calls", trialCalls);
        }
    }
}
