package io.drover.memory;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fact that a search found.
 *
 * @param at    when it was remembered last
 * @param score how near it is in meaning to what was searched for: 1 for the same, about 0 for what has nothing to do with it
 */
public record RecalledFact(String fact, Instant at, double score) {

    private static final int SCORE_DIGITS = 3;

    /** As text and numbers, the same now as when the journal replays it. */
    Map<String, Object> toValue() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("fact", fact);
        value.put("at", at.toString());
        value.put(
                "score",
                BigDecimal.valueOf(score)
                        .setScale(SCORE_DIGITS, RoundingMode.HALF_UP)
                        .stripTrailingZeros());
        return value;
    }
}
