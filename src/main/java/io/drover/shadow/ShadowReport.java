package io.drover.shadow;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the shadows of a rollout differ from the live tasks that they mirror.
 *
 * @param compared  how many shadows have been compared
 * @param open      how many have not
 * @param liveUsd   what the models of the live tasks cost
 * @param shadowUsd what the candidate's would have cost; answers that were heard from the live task count, too
 * @param spentUsd  what the shadows' own questions to models cost
 * @param groups    by what they differ in; the most frequent first, and those without a difference last
 */
public record ShadowReport(
        long compared, long open, BigDecimal liveUsd, BigDecimal shadowUsd, BigDecimal spentUsd, List<Group> groups) {

    /**
     * Shadows that differ in the same.
     *
     * @param tool    of the first call in which they differ, or null
     * @param reason  why they could not be submitted, or null
     * @param shadow  the latest of them
     * @param live    the task that it mirrors
     */
    public record Group(
            Difference difference,
            @Nullable String tool,
            @Nullable String reason,
            long shadows,
            UUID shadow,
            UUID live) {}
}
