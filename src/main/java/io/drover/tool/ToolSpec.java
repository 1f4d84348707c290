package io.drover.tool;

import io.drover.json.Schema;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tool's route and configuration say of it.
 *
 * @param readOnly    it changes nothing, so it may be called again at will
 * @param destructive it may destroy or spend something
 * @param idempotent  called again with the same {@code Idempotency-Key} it has its effect once
 * @param openWorld   it reaches into the open world
 * @param arguments   what its arguments must look like
 * @param enabled     false: every call is refused
 * @param approval    {@code never}; with anything else calls are refused, because nobody can approve one yet
 * @param throttle    calls for the whole fleet
 * @param concurrency calls at once in one process, or 0 for no limit
 * @param timeout     for one try
 * @param retries     tries after the first
 * @param backoff     before the first retry; doubles with each
 * @param fallback    the tool to call when the breaker is open or the retries are spent, or null
 * @param reconcile   the read-only tool that says whether a call in doubt happened, or null
 * @param maxResultBytes the longest result that is accepted
 * @param cache       how long its results answer equal calls of all tasks, or null
 */
public record ToolSpec(
        String name,
        String description,
        Set<String> tags,
        boolean readOnly,
        boolean destructive,
        boolean idempotent,
        boolean openWorld,
        Schema arguments,
        boolean enabled,
        String approval,
        Rate throttle,
        int concurrency,
        Duration timeout,
        int retries,
        Duration backoff,
        @Nullable String fallback,
        @Nullable String reconcile,
        int maxResultBytes,
        @Nullable Duration cache) {

    /** What the name of a model begins with: models are called like tools, behind the same guard. */
    public static final String MODEL = "model.";

    /** What the names of the tools of long memory begin with. */
    public static final String MEMORY = "memory.";

    /** Whether a call whose end is unknown may simply be made again. */
    public boolean isRepeatable() {
        return readOnly || idempotent;
    }

    /**
     * Whether it must be on record that a call may be under way before it is made: a crash then leaves a question, and neither a silent
     * repetition nor another tool's effect beside it.
     */
    public boolean isRecordedFirst() {
        return !isRepeatable() || fallback != null && !readOnly;
    }
}
