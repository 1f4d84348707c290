package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.evaluation.Evaluation;
import io.drover.evaluation.EvaluationState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a task was evaluated. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Evaluation", description = "How a task was evaluated.")
public record EvaluationInfo(
        @Schema(description = "The task that was evaluated.") UUID task,
        String workflow,
        @Schema(description = "The version of the workflow.") int version,
        @Schema(description = "When the task ended.") Instant at,
        EvaluationState state,
        @Schema(description = "From 0 to 1; absent if none was given.") @Nullable BigDecimal score,
        @Schema(
                        description =
                                "The check that is not fulfilled, or why there is no score; absent if the evaluator decided.",
                        example = "check short")
                @Nullable
                String reason,
        @Schema(description = "The evaluator's tasks; absent if it was not asked.") @Nullable List<UUID> evaluators,
        @Schema(description = "What the evaluator's models cost, in dollars.") BigDecimal costUsd) {

    static EvaluationInfo of(Evaluation evaluation) {
        return new EvaluationInfo(
                evaluation.task(),
                evaluation.workflow(),
                evaluation.version(),
                evaluation.at(),
                evaluation.state(),
                evaluation.score(),
                evaluation.reason(),
                evaluation.asked().isEmpty() ? null : evaluation.asked(),
                evaluation.usd());
    }
}
