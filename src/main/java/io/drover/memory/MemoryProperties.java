package io.drover.memory;

import io.drover.start.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Long memory.
 *
 * @param retention how long a fact is kept unless it is remembered again. Defaults to 365 days.
 * @param maxFacts  the number of facts of one key; the oldest are deleted first. Defaults to 1000.
 * @param recall    the maximum number of facts that are recalled. Defaults to 5.
 * @param minScore  how near a fact must be in meaning to be recalled, from -1 to 1. Defaults to 0.2.
 */
@ConfigurationProperties("drover.memory")
public record MemoryProperties(
        @DefaultValue("365d") Duration retention,
        @DefaultValue("1000") int maxFacts,
        @DefaultValue("5") int recall,
        @DefaultValue("0.2") double minScore) {

    /** A search without pgvector reads all facts of a key. */
    private static final int MOST_FACTS = 10_000;

    private static final int MOST_RECALLED = 100;

    public MemoryProperties {
        Bounds.ofTime("1ms", "36500d", "365d").check("drover.memory.retention", retention);
        Bounds.of(1, MOST_FACTS, 1000).check("drover.memory.max-facts", maxFacts);
        Bounds.of(1, MOST_RECALLED, 5).check("drover.memory.recall", recall);
        new Bounds<>(-1.0, 1.0, 0.2).check("drover.memory.min-score", minScore);
    }
}
