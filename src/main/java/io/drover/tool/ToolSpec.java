package io.drover.tool;

import static java.util.Objects.requireNonNullElse;

import io.drover.json.Redaction;
import io.drover.json.Schema;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tool with the options in force in this environment.
 *
 * @param arguments the schema of its arguments
 * @param enabled   false: every call is refused
 * @param approval  when a person has to approve a call, and how
 * @param effectKey what makes two of its calls the same effect, or null
 * @param cache     how long its results answer equal calls of all tasks, or null
 * @param flag      must be on for a task that calls it; null for none
 * @param dryRun    the calls of dry runs
 * @param redaction the fields of its arguments and results that are never stored
 */
public record ToolSpec(
        String name,
        String description,
        Set<String> tags,
        Schema arguments,
        boolean enabled,
        Approval approval,
        Effects effects,
        Limits limits,
        Repeats repeats,
        @Nullable EffectKey effectKey,
        @Nullable Duration cache,
        @Nullable String flag,
        DryRun dryRun,
        Redaction redaction) {

    /** The prefix of a model's name: models are called like tools, behind the same guard. */
    public static final String MODEL = "model.";

    /** The prefix of the names of the tools of long memory. */
    public static final String MEMORY = "memory.";

    /**
     * The effects of a call.
     *
     * @param readOnly    it changes nothing, so its calls may be repeated at will
     * @param destructive it may destroy or spend something
     * @param idempotent  repeated calls with the same {@code Idempotency-Key} take effect once
     * @param openWorld   it reaches into the open world
     */
    public record Effects(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {

        private static Effects of(ToolOptions options) {
            boolean reads = requireNonNullElse(options.readOnlyHint, false);
            return new Effects(
                    reads,
                    requireNonNullElse(options.destructiveHint, !reads),
                    requireNonNullElse(options.idempotentHint, false),
                    requireNonNullElse(options.openWorldHint, true));
        }
    }

    /**
     * The limits of a call.
     *
     * @param throttle       calls for the whole fleet
     * @param concurrency    concurrent calls in one process, or 0 for no limit
     * @param timeout        for one try
     * @param maxResultBytes the longest result that is accepted
     */
    public record Limits(Rate throttle, int concurrency, Duration timeout, int maxResultBytes) {

        private static Limits of(ToolOptions options) {
            return new Limits(
                    Rate.parse(requireNonNullElse(options.throttle, "1000/1s")),
                    requireNonNullElse(options.concurrency, 0),
                    requireNonNullElse(options.timeout, Duration.ofSeconds(10)),
                    requireNonNullElse(options.maxResultBytes, 1 << 20));
        }
    }

    /**
     * The handling of a call that fails.
     *
     * @param retries   tries after the first
     * @param backoff   before the first retry; doubles with each
     * @param fallback  the tool to call when the breaker is open or the retries are spent, or null
     * @param reconcile the read-only tool that says whether a call in doubt happened, or null
     */
    public record Repeats(int retries, Duration backoff, @Nullable String fallback, @Nullable String reconcile) {

        private static Repeats of(ToolOptions options) {
            return new Repeats(
                    requireNonNullElse(options.retries, 2),
                    requireNonNullElse(options.backoff, Duration.ofMillis(200)),
                    options.fallback,
                    options.reconcile);
        }
    }

    /**
     * The calls of a dry run.
     *
     * @param reads   they are made, because the tool only reads: by the word of its route or of the configuration here,
     *                not of a server elsewhere
     * @param preview the tool that only reads and answers in its place, or null
     * @param result  a JSON document that stands in for its result, or null
     */
    public record DryRun(boolean reads, @Nullable String preview, @Nullable String result) {

        private static DryRun of(ToolOptions options) {
            return new DryRun(
                    requireNonNullElse(options.readOnlyHint, false) && !options.isClaimed(),
                    options.preview,
                    options.dryRunResult);
        }
    }

    /**
     * Makes a specification; an option that is not set has its documented default.
     *
     * @throws IllegalArgumentException if an option breaks a rule
     */
    public static ToolSpec of(
            String name, String description, Set<String> tags, Schema arguments, boolean enabled, ToolOptions options) {
        options.check(option -> "tool:%s: %s".formatted(name, option));
        return new ToolSpec(
                name,
                description,
                tags,
                arguments,
                enabled,
                Approval.of(options),
                Effects.of(options),
                Limits.of(options),
                Repeats.of(options),
                EffectKey.of(name, options),
                options.cache == null || options.cache.isZero() ? null : options.cache,
                options.flag,
                DryRun.of(options),
                Redaction.of(options.redact));
    }

    public boolean readOnly() {
        return effects.readOnly;
    }

    public boolean destructive() {
        return effects.destructive;
    }

    public boolean idempotent() {
        return effects.idempotent;
    }

    public boolean openWorld() {
        return effects.openWorld;
    }

    public Rate throttle() {
        return limits.throttle;
    }

    public int concurrency() {
        return limits.concurrency;
    }

    public Duration timeout() {
        return limits.timeout;
    }

    public int maxResultBytes() {
        return limits.maxResultBytes;
    }

    public int retries() {
        return repeats.retries;
    }

    public Duration backoff() {
        return repeats.backoff;
    }

    public @Nullable String fallback() {
        return repeats.fallback;
    }

    public @Nullable String reconcile() {
        return repeats.reconcile;
    }

    /** Whether a call whose outcome is unknown may simply be made again. */
    public boolean isRepeatable() {
        return readOnly() || idempotent();
    }

    /**
     * Whether a call must be recorded as begun before it is made. A crash then leaves a question, and neither a silent
     * repetition nor a second effect by another tool.
     */
    public boolean isRecordedFirst() {
        return !isRepeatable() || (fallback() != null || effectKey != null) && !readOnly();
    }
}
