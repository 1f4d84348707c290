package io.drover.kit;

import io.drover.eval.Eval;
import io.drover.eval.EvalsInForce;
import io.drover.evaluation.EndedTask;
import io.drover.evaluation.EvaluationState;
import io.drover.evaluation.Scores;
import io.drover.journal.TaskStatus;
import io.drover.journal.memory.MemoryJournal.Seen;
import io.drover.json.Digest;
import io.drover.kit.CaseRun.Parts;
import io.drover.kit.CaseRun.Ran;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a case, and evaluates what came of it as a running instance does: the checks first, then the evaluator. */
final class CaseEvaluation {

    private final TestCase script;
    private final Stage stage;
    private final Parts parts;
    private final EvalsInForce.Usable usable;

    CaseEvaluation(TestCase script, Stage stage, Parts parts, EvalsInForce.Usable usable) {
        this.script = script;
        this.stage = stage;
        this.parts = parts;
        this.usable = usable;
    }

    Evaluated run() {
        CaseRun run = new CaseRun(script, stage, parts);
        Instant began = parts.clock().instant();
        Ran ran = run.run(false);
        if (!ran.problems().isEmpty()) {
            return result(EvaluationState.UNKNOWN, null, ran.problems().getFirst(), ran);
        }
        Seen task = ran.tasks().getFirst();
        EndedTask ended = new EndedTask(
                task.id(),
                task.workflow(),
                task.version(),
                task.key(),
                task.input(),
                task.output(),
                Duration.between(began, parts.clock().instant()),
                1,
                task.calls());
        Optional<String> broken = task.status() == TaskStatus.COMPLETED
                ? usable.checks().broken(ended.values())
                : Optional.of(Eval.COMPLETED);
        if (broken.isPresent()) {
            return result(EvaluationState.FAILED, BigDecimal.ZERO, "check " + broken.get(), ran);
        }
        String with = usable.eval().with();
        return with == null ? result(EvaluationState.PASSED, BigDecimal.ONE, null, ran) : ask(run, with, ended, ran);
    }

    private Evaluated ask(CaseRun run, String with, EndedTask ended, Ran ran) {
        List<UUID> trials = IntStream.range(0, usable.eval().trials())
                .mapToObj(trial -> Digest.uuid("eval", ended.id().toString(), String.valueOf(trial)))
                .toList();
        try {
            trials.forEach(trial -> parts.tasks()
                    .evaluate(new Submit(with, null, ended.document(), 0, Duration.ZERO, script.submittedBy()), trial)
                    .join());
        } catch (InvalidTaskException e) {
            return result(EvaluationState.UNKNOWN, null, "task:%s: %s".formatted(with, e.getMessage()), ran);
        }
        Ran after = run.finish(task -> null, false);
        Optional<BigDecimal> score = Scores.mean(after.tasks().stream()
                .filter(task -> trials.contains(task.id()))
                .flatMap(task -> Stream.ofNullable(task.output()))
                .toList());
        if (score.isEmpty()) {
            String why =
                    after.problems().isEmpty() ? Scores.NONE : after.problems().getFirst();
            return result(EvaluationState.UNKNOWN, null, why, after);
        }
        boolean good = usable.eval().isGood(score.get());
        return result(good ? EvaluationState.PASSED : EvaluationState.FAILED, score.get(), null, after);
    }

    private Evaluated result(EvaluationState state, @Nullable BigDecimal score, @Nullable String reason, Ran ran) {
        return new Evaluated(
                "", script.line(), script.name(), script.workflow(), state, score, reason, Expectations.usd(ran));
    }
}
