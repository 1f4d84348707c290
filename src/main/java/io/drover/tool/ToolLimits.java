package io.drover.tool;

import io.drover.start.Bounds;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers and times of a tool may be. They hold for every kind of tool, and wherever they are set: as an option
 * of its route, below {@code drover.tools}, {@code drover.models} or {@code drover.mcp}.
 */
public final class ToolLimits {

    public static final Bounds<Duration> TIMEOUT = Bounds.ofTime("1ms", "1d", "10s");
    /** Each try may cost money. */
    public static final Bounds<Integer> RETRIES = Bounds.of(0, 100, 2);

    public static final Bounds<Duration> BACKOFF = Bounds.ofTime("0s", "1h", "200ms");
    /** 0 is no limit. */
    public static final Bounds<Integer> CONCURRENCY = Bounds.of(0, 1_000_000, 20);
    /** A result is held in memory, and in one row of the journal. */
    public static final Bounds<Integer> MAX_RESULT_BYTES = Bounds.of(1, 1 << 28, 1 << 20);
    /** 0 is not at all. */
    public static final Bounds<Duration> CACHE = Bounds.ofTime("0s", "365d", "5m");

    /** By the name of the option. */
    public static final Map<String, Bounds<?>> BY_OPTION = Map.of(
            "timeout", TIMEOUT,
            "retries", RETRIES,
            "backoff", BACKOFF,
            "concurrency", CONCURRENCY,
            "maxResultBytes", MAX_RESULT_BYTES,
            "cache", CACHE);

    private static final Pattern NAME = Pattern.compile("(?:(?:model|memory)\\.)?[A-Za-z][A-Za-z0-9_-]{0,63}");

    private ToolLimits() {}

    /**
     * @param setting what has the name, as {@code tool:charge} or {@code drover.tools.charge}
     * @throws IllegalArgumentException when no tool, workflow or agent can have the name
     */
    public static void checkName(String setting, @Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s needs a name of 1 to 64 letters, digits, '_' and '-', beginning with a letter"
                            .formatted(setting));
        }
    }

    /**
     * @param setting names what was set
     * @throws IllegalArgumentException when it is not a {@link Rate}
     */
    public static void checkThrottle(String setting, String throttle) {
        try {
            Rate.parse(throttle);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(setting, e.getMessage()), e);
        }
    }
}
