package io.drover.evaluation;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How the tasks of a version of a workflow were evaluated.
 *
 * @param open    evaluations that are under way
 * @param unknown of which the evaluator gave no score
 * @param score   the mean of those that have one, or null
 * @param usd     what the evaluator's models cost
 */
public record EvaluationSummary(
        String workflow,
        int version,
        long passed,
        long failed,
        long open,
        long unknown,
        long skipped,
        @Nullable BigDecimal score,
        BigDecimal usd) {}
