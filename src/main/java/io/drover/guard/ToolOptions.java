package io.drover.guard;

import io.drover.json.Schema;
import io.drover.tool.Rate;
import io.drover.tool.ToolLimits;
import io.drover.tool.ToolSpec;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a tool's route says of it; null where it says nothing. */
public record ToolOptions(
        String name,
        String description,
        Set<String> tags,
        @Nullable Boolean readOnly,
        @Nullable Boolean destructive,
        @Nullable Boolean idempotent,
        @Nullable Boolean openWorld,
        Schema arguments,
        @Nullable String approval,
        @Nullable String throttle,
        @Nullable Integer concurrency,
        @Nullable Duration timeout,
        @Nullable Integer retries,
        @Nullable Duration backoff,
        @Nullable String fallback,
        @Nullable String reconcile,
        @Nullable Integer maxResultBytes,
        @Nullable Duration cache) {

    public ToolOptions {
        String tool = "tool:%s: ".formatted(name);
        ToolLimits.TIMEOUT.check(tool + "timeout", timeout);
        ToolLimits.RETRIES.check(tool + "retries", retries);
        ToolLimits.BACKOFF.check(tool + "backoff", backoff);
        ToolLimits.CONCURRENCY.check(tool + "concurrency", concurrency);
        ToolLimits.MAX_RESULT_BYTES.check(tool + "maxResultBytes", maxResultBytes);
        ToolLimits.CACHE.check(tool + "cache", cache);
    }

    ToolSpec resolve(GuardProperties settings) {
        boolean reads = settings.setting(name, ToolSettings::readOnlyHint, readOnly, false);
        return new ToolSpec(
                name,
                description,
                tags,
                reads,
                settings.setting(name, ToolSettings::destructiveHint, destructive, !reads),
                settings.setting(name, ToolSettings::idempotentHint, idempotent, false),
                settings.setting(name, ToolSettings::openWorldHint, openWorld, true),
                arguments,
                settings.setting(name, ToolSettings::enabled, null, true),
                settings.approval(name, approval),
                Rate.parse(settings.setting(name, ToolSettings::throttle, throttle, "1000/1s")),
                settings.setting(name, ToolSettings::concurrency, concurrency, 0),
                settings.setting(name, ToolSettings::timeout, timeout, Duration.ofSeconds(10)),
                settings.setting(name, ToolSettings::retries, retries, 2),
                settings.setting(name, ToolSettings::backoff, backoff, Duration.ofMillis(200)),
                settings.setting(name, ToolSettings::fallback, fallback, null),
                settings.setting(name, ToolSettings::reconcile, reconcile, null),
                settings.setting(name, ToolSettings::maxResultBytes, maxResultBytes, 1 << 20),
                cache(settings.setting(name, ToolSettings::cache, cache, null), reads));
    }

    private @Nullable Duration cache(@Nullable Duration keep, boolean reads) {
        if (keep == null || keep.isZero()) {
            return null;
        }
        if (keep.isNegative() || !reads) {
            throw new IllegalArgumentException(
                    "tool:%s: cache (%s) is how long results of a tool that only reads are kept: it needs readOnlyHint: true and a time over 0"
                            .formatted(name, keep));
        }
        return keep;
    }
}
