package io.drover.audit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The log as a process saw it last.
 *
 * @param last     the newest checkpoint, or null before the first
 * @param unsealed how long the oldest row has been under no checkpoint
 * @param broken   how many chains that began lately are not as their hashes say
 */
public record AuditState(@Nullable Checkpoint last, Duration unsealed, int broken) {}
