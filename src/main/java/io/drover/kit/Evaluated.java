package io.drover.kit;

import io.drover.evaluation.EvaluationState;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How a case was evaluated.
 *
 * @param file   relative to the directory of the cases
 * @param score  from 0 to 1; null where none was given
 * @param reason the check that is not fulfilled, or why there is no score; null where the evaluator decided
 * @param usd    what the models of the case and of its evaluator cost
 */
public record Evaluated(
        String file,
        int line,
        String name,
        String workflow,
        EvaluationState state,
        @Nullable BigDecimal score,
        @Nullable String reason,
        BigDecimal usd) {

    Evaluated in(String other) {
        return new Evaluated(other, line, name, workflow, state, score, reason, usd);
    }
}
