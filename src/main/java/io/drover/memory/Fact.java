package io.drover.memory;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fact that is remembered under a key.
 *
 * @param at   when it was remembered last
 * @param task the task that remembered it last
 */
public record Fact(String fact, Instant at, @Nullable UUID task) {}
