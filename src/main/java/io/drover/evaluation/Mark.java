package io.drover.evaluation;

import io.drover.eval.Eval;
import io.drover.eval.EvalsInForce;
import io.drover.journal.TaskStatus;
import io.drover.json.Digest;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What came of an evaluation.
 *
 * @param score  from 0 to 1; null where none was given
 * @param reason the check that is not fulfilled, or why there is no score; null where the evaluator decided
 */
public record Mark(EvaluationState state, @Nullable BigDecimal score, @Nullable String reason) {

    /** One without a score. */
    public static Mark none(EvaluationState state, String reason) {
        return new Mark(state, null, reason);
    }

    /**
     * What the checks say.
     *
     * @param task asked only if the task has completed
     * @return null where they are fulfilled, and the evaluator has to be asked
     */
    public static @Nullable Mark byChecks(EvalsInForce.Usable usable, TaskStatus status, Supplier<EndedTask> task) {
        Optional<String> broken = status == TaskStatus.COMPLETED
                ? usable.checks().broken(task.get().values())
                : Optional.of(Eval.COMPLETED);
        if (broken.isPresent()) {
            return new Mark(EvaluationState.FAILED, BigDecimal.ZERO, "check " + broken.get());
        }
        return usable.eval().with() == null ? new Mark(EvaluationState.PASSED, BigDecimal.ONE, null) : null;
    }

    /** What the evaluator says. @param outputs of those of its tasks that have one, JSON documents */
    public static Mark byScores(Eval eval, Collection<String> outputs) {
        return Scores.mean(outputs)
                .map(mean -> new Mark(eval.isGood(mean) ? EvaluationState.PASSED : EvaluationState.FAILED, mean, null))
                .orElse(none(EvaluationState.UNKNOWN, Scores.NONE));
    }

    /** The ids of the evaluator's tasks about a task: the same each time. */
    public static List<UUID> trials(Eval eval, UUID task) {
        return IntStream.range(0, eval.trials())
                .mapToObj(trial -> Digest.uuid("eval", task.toString(), String.valueOf(trial)))
                .toList();
    }
}
