package io.drover.journal;

import java.util.UUID;

/**
 * The right of one attempt to write to its task.
 *
 * @param token grows with every claim; a write that carries an older one is refused (fencing token)
 */
public record Lease(UUID task, long token) {}
