package io.drover.rules;

import org.jspecify.annotations.Nullable;

/**
 * What a condition asks about earlier calls.
 *
 * @param tool     whose calls; null where its name is computed
 * @param argument that is summed; null where its name is computed, or nothing is summed
 */
public record HistoryUse(@Nullable String tool, @Nullable String argument) {}
