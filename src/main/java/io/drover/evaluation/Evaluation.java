package io.drover.evaluation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task was evaluated.
 *
 * @param at    when the task ended
 * @param asked the evaluator's tasks
 * @param score from 0 to 1; null where none was given
 * @param reason the check that is not fulfilled, or why there is no score; null where the evaluator decided
 * @param usd   what the evaluator's models cost
 */
public record Evaluation(
        UUID task,
        String workflow,
        int version,
        Instant at,
        EvaluationState state,
        List<UUID> asked,
        @Nullable BigDecimal score,
        @Nullable String reason,
        BigDecimal usd) {

    public Evaluation {
        asked = List.copyOf(asked);
    }
}
