package io.drover.journal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A result that came after its call's timeout, or from a worker that had lost its lease. */
public record LateResult(UUID taskId, UUID address, String tool, long token, String reason, @Nullable String result) {}
