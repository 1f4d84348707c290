package io.drover.kit;

import io.drover.eval.EvalsInForce;
import io.drover.evaluation.EndedTask;
import io.drover.evaluation.EvaluationState;
import io.drover.evaluation.Mark;
import io.drover.journal.memory.MemoryJournal.Seen;
import io.drover.kit.CaseRun.Parts;
import io.drover.kit.CaseRun.Ran;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

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
            return result(unknown(ran.problems().getFirst()), ran);
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
        Mark mark = Mark.byChecks(usable, task.status(), () -> ended);
        String with = usable.eval().with();
        return mark != null || with == null
                ? result(Objects.requireNonNull(mark, "without an evaluator the checks decide"), ran)
                : ask(run, with, ended, ran);
    }

    private Evaluated ask(CaseRun run, String with, EndedTask ended, Ran ran) {
        List<UUID> trials = Mark.trials(usable.eval(), ended.id());
        Submit question = new Submit(with, null, ended.document(), 0, Duration.ZERO, script.submittedBy());
        try {
            trials.forEach(trial -> parts.tasks().evaluate(question, trial).join());
        } catch (InvalidTaskException e) {
            return result(unknown("task:%s: %s".formatted(with, e.getMessage())), ran);
        }
        Ran after = run.finish(task -> null, false);
        Mark mark = Mark.byScores(
                usable.eval(),
                after.tasks().stream()
                        .filter(task -> trials.contains(task.id()))
                        .flatMap(task -> Stream.ofNullable(task.output()))
                        .toList());
        boolean missed = mark.score() == null && !after.problems().isEmpty();
        return result(missed ? unknown(after.problems().getFirst()) : mark, after);
    }

    private static Mark unknown(String reason) {
        return Mark.none(EvaluationState.UNKNOWN, reason);
    }

    private Evaluated result(Mark mark, Ran ran) {
        return new Evaluated(
                "",
                script.line(),
                script.name(),
                script.workflow(),
                mark.state(),
                mark.score(),
                mark.reason(),
                Expectations.usd(ran));
    }
}
