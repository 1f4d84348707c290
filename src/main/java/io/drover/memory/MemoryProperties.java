package io.drover.memory;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Long memory.
 *
 * @param retention how long a fact is kept that is not remembered again. Defaults to 365 days.
 * @param maxFacts  of one key; the oldest go first. Defaults to 1000.
 * @param recall    how many facts are recalled at most. Defaults to 5.
 * @param minScore  how near a fact must be in meaning to be recalled, from -1 to 1. Defaults to 0.2.
 */
@ConfigurationProperties("drover.memory")
public record MemoryProperties(
        @DefaultValue("365d") Duration retention,
        @DefaultValue("1000") int maxFacts,
        @DefaultValue("5") int recall,
        @DefaultValue("0.2") double minScore) {

    /** A search without pgvector walks over all facts of a key. */
    private static final int MOST_FACTS = 10_000;

    private static final int MOST_RECALLED = 100;

    public MemoryProperties {
        if (!retention.isPositive()) {
            throw new IllegalArgumentException(
                    "drover.memory.retention (%s) must be longer than nothing".formatted(retention));
        }
        if (maxFacts < 1 || maxFacts > MOST_FACTS) {
            throw new IllegalArgumentException(
                    "drover.memory.max-facts (%d) must be between 1 and %d".formatted(maxFacts, MOST_FACTS));
        }
        if (recall < 1 || recall > MOST_RECALLED) {
            throw new IllegalArgumentException(
                    "drover.memory.recall (%d) must be between 1 and %d".formatted(recall, MOST_RECALLED));
        }
        if (!(minScore >= -1 && minScore <= 1)) {
            throw new IllegalArgumentException(
                    "drover.memory.min-score (%s) must be between -1 and 1".formatted(minScore));
        }
    }
}
