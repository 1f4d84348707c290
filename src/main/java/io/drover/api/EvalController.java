package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.evaluation.EvaluationSummary;
import io.drover.evaluation.Evaluations;
import io.drover.who.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How tasks were evaluated. */
@RestController
@Tag(name = "evals")
public class EvalController {

    private static final int MOST_FAILED = 50;

    /** By workflow and version, and the tasks whose evaluations failed. */
    @Schema(name = "Evals")
    public record All(
            List<Summary> evals,
            @Schema(description = "The evaluations that failed, the newest first; at most 50.")
                    List<EvaluationInfo> failed) {}

    /** Of a version of a workflow. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "EvalSummary")
    public record Summary(
            String workflow,
            int version,
            long passed,
            long failed,
            @Schema(description = "That are under way.") long open,
            @Schema(description = "Of which the evaluator gave no score.") long unknown,
            @Schema(description = "That did not take place.") long skipped,
            @Schema(description = "The mean of those that have a score; absent if none has.") @Nullable
                    BigDecimal score,
            @Schema(description = "What the evaluators' models cost, in dollars.") BigDecimal costUsd) {

        private static Summary of(EvaluationSummary one) {
            return new Summary(
                    one.workflow(),
                    one.version(),
                    one.passed(),
                    one.failed(),
                    one.open(),
                    one.unknown(),
                    one.skipped(),
                    one.score(),
                    one.usd());
        }
    }

    private final Evaluations evaluations;

    EvalController(Evaluations evaluations) {
        this.evaluations = evaluations;
    }

    @GetMapping("/api/evals")
    @Operation(
            operationId = "listEvals",
            summary = "Show how tasks were evaluated, by workflow and version, and which of them failed",
            description = "A caller that is limited to workflows sees theirs.")
    public All list(
            @Parameter(description = "Of the tasks that ended in the last days.")
                    @RequestParam(defaultValue = "7")
                    @Min(value = 1, message = "must be a whole number between 1 and 30")
                    @Max(value = 30, message = "must be a whole number between 1 and 30")
                    int days,
            Actor actor) {
        Duration since = Duration.ofDays(days);
        List<EvaluationSummary> summaries = evaluations.summary(since).stream()
                .filter(one -> actor.workflows().allow(one.workflow()))
                .toList();
        List<String> workflows =
                summaries.stream().map(EvaluationSummary::workflow).distinct().toList();
        return new All(
                summaries.stream().map(Summary::of).toList(),
                evaluations.failed(workflows, since, MOST_FAILED).stream()
                        .map(EvaluationInfo::of)
                        .toList());
    }
}
