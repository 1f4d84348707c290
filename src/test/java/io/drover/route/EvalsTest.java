package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.eval.EvalsInForce;
import io.drover.evaluation.Evaluation;
import io.drover.evaluation.EvaluationState;
import io.drover.evaluation.EvaluationSummary;
import io.drover.evaluation.Evaluations;
import io.drover.journal.Mode;
import io.drover.journal.WorkflowVersion;
import io.drover.local.SampleModel;
import io.drover.rollout.RolloutState;
import io.drover.rollout.Rollouts;
import io.drover.task.Submit;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Tasks that are evaluated when they have ended, on real files, a real PostgreSQL and in a running process. */
class EvalsTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();

    /** The answer is what the input asks for. */
    private static final String ANSWERS =
            """
            - setBody: { expression: { simple: { expression: '{"answer":"${body[say]}"}' } } }
            - unmarshal: { json: {} }
            """;

    @Autowired
    Evaluations evaluations;

    @Autowired
    Rollouts rollouts;

    @Autowired
    EvalsInForce evals;

    private final String flow = "evaluated" + CASES.incrementAndGet();
    private final String judge = "judge-" + flow;

    @BeforeEach
    void answersAndJudges() {
        version(1, ANSWERS);
        judge("${body[output][answer]}");
    }

    @AfterEach
    void none() {
        write("evals.yaml", "evals: {} # " + flow);
        write("rollouts.yaml", "rollouts: {} # " + flow);
        soon().until(() -> routes.problems().stream()
                .noneMatch(one -> one.file().equals("evals.yaml") || one.file().equals("rollouts.yaml")));
    }

    /** The checks come first: what breaks one is not shown to the evaluator. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.9 | PASSED | 0.9 | | 2",
                "0.7 | PASSED | 0.7 | | 2",
                "0.2 | FAILED | 0.2 | | 2",
                "far too long | FAILED | 0 | check short | 0",
                "none | UNKNOWN | | no task of the evaluator gave a score from 0 to 1 | 2",
                "1.2 | UNKNOWN | | no task of the evaluator gave a score from 0 to 1 | 2"
            })
    void aTaskIsCheckedThenScored(String answer, EvaluationState state, BigDecimal score, String reason, int asked) {
        evals("sample: 100, checks: { short: size(output.answer) < 5, same: output.answer == input.say }");

        UUID task = submit(flow, "{\"say\":\"%s\"}".formatted(answer));
        output(task);
        Evaluation evaluation = evaluated(task);

        assertThat(evaluation.state()).isEqualTo(state);
        if (score == null) {
            assertThat(evaluation.score()).isNull();
        } else {
            assertThat(evaluation.score()).isEqualByComparingTo(score);
        }
        assertThat(evaluation.reason()).isEqualTo(reason);
        assertThat(evaluation.asked()).hasSize(asked);
        assertThat(evaluation.version()).isEqualTo(1);
    }

    /** It has no output that a check could be about. */
    @Test
    void aDeadTaskFails() {
        version(1, "- throwException: { exceptionType: java.lang.IllegalArgumentException, message: worse }");
        evals("sample: 100, checks: { fine: \"true\" }");

        UUID task = submit(flow, "{}");
        soon().until(() -> hasEnded(task));

        assertThat(evaluated(task).reason()).isEqualTo("check completed");
        assertThat(evaluated(task).state()).isEqualTo(EvaluationState.FAILED);
    }

    /** An evaluator sees input, output and what was done; what it answers is in the journal of its own task. */
    @Test
    void anEvaluatorSeesWhatWasDone() {
        tool();
        version(
                1,
                """
                - to: { uri: "tool:look_%1$s", parameters: { arg.order: "${body[order]}" } }
                """
                        .formatted(flow));
        judge(
                "${body[calls][0][tool]} ${body[calls][0][arguments][order]} ${body[calls][0][state]} ${body[task][workflow]}");
        evals("sample: 100");

        UUID task = submit(flow, "{\"order\":\"o-1\"}");
        output(task);

        UUID evaluator = evaluated(task).asked().getFirst();
        assertThat(output(evaluator)).contains("look_%1$s o-1 SUCCEEDED %1$s".formatted(flow));
        assertThat(jdbc.sql("select workflow || ' ' || submitted_by || ' ' || priority from task where id = ?")
                        .param(evaluator)
                        .query(String.class)
                        .single())
                .as("erased with the user's other tasks")
                .isEqualTo(judge + " test 0");
    }

    /** The evaluator's own tasks are not evaluated, or they would never end. */
    @Test
    void anEvaluationIsNotEvaluated() {
        evalsOf(
                "%1$s: { sample: 100, with: task:%2$s, maxCostUsd: 1 }\n  %2$s: { sample: 100, checks: { fine: \"true\" } }"
                        .formatted(flow, judge));
        UUID task = submit(flow, "{\"say\":\"1\"}");
        output(task);
        UUID evaluator = evaluated(task).asked().getFirst();

        UUID other = submit(judge, "{\"output\":{\"answer\":1}}");
        output(other);

        assertThat(evaluated(other).state()).isEqualTo(EvaluationState.PASSED);
        assertThat(evaluations.of(evaluator)).isEmpty();
    }

    @Test
    void whatIsNotInTheSampleIsNotEvaluated() {
        evals("sample: 0.0001, checks: { fine: \"true\" }");
        UUID outside = submit(flow, "{\"say\":\"1\"}");
        output(outside);
        evals("sample: 100, checks: { fine: \"true\" }");
        UUID dry = tasks.submit(new Submit(flow, null, "{\"say\":\"1\"}", null, Duration.ZERO, "test").in(Mode.DRY_RUN))
                .join()
                .id();
        output(dry);
        UUID inside = submit(flow, "{\"say\":\"1\"}");
        output(inside);

        assertThat(evaluated(inside).state()).isEqualTo(EvaluationState.PASSED);
        assertThat(evaluations.of(outside)).isEmpty();
        assertThat(evaluations.of(dry)).isEmpty();
    }

    /** What the evaluator's models cost counts, and when the day's money is spent nothing is asked. */
    @Test
    void noMoreIsSpentThanMaxCostUsd() {
        version(
                judge,
                1,
                """
                - setBody: { expression: { constant: { expression: 'How good is it?' } } }
                - to: { uri: agent:scorer, parameters: { model: default, system: "You judge." } }
                - setBody: { expression: { constant: { expression: '1' } } }
                """);
        AgentEditTest.mind = request -> new SampleModel.Reply.Text("fine");
        evals("sample: 100");
        UUID first = submit(flow, "{\"say\":\"1\"}");
        output(first);
        BigDecimal usd = evaluated(first).usd();
        assertThat(usd).isPositive();
        jdbc.sql("update evaluation set usd = 100 where task_id = ?")
                .param(first)
                .update();

        UUID second = submit(flow, "{\"say\":\"1\"}");
        output(second);

        assertThat(evaluated(second).state()).isEqualTo(EvaluationState.SKIPPED);
        assertThat(evaluated(second).reason()).isEqualTo("maxCostUsd is spent");
    }

    /** A process died after it had chosen a task, and before it had asked the evaluator. */
    @Test
    void anEvaluatorThatWasNotAskedIsAskedByTheNext() {
        UUID task = submit(flow, "{\"say\":\"0.8\"}");
        output(task);
        evals("sample: 100");
        jdbc.sql(
                        "insert into evaluation (task_id, workflow, version, state, asked) values (?, ?, 1, 'ASKED', array[?]::uuid[])")
                .params(task, flow, UUID.randomUUID())
                .update();

        assertThat(evaluated(task).score()).isEqualByComparingTo("0.8");
    }

    /** What is late is given up, and keeps nothing behind it: an evaluator that waits for ever, an eval that is gone. */
    @Test
    void whatIsLateIsSkipped() {
        evals("sample: 0.0001");
        String row =
                "insert into evaluation (task_id, workflow, version, state, asked, at) values (?, ?, 1, ?, ?::uuid[], now() - interval '2 hours')";
        UUID gone = UUID.randomUUID();
        jdbc.sql(row).params(gone, "no-such-flow", "OPEN", null).update();
        UUID unasked = UUID.randomUUID();
        jdbc.sql(row)
                .params(unasked, "no-such-flow", "ASKED", "{" + UUID.randomUUID() + "}")
                .update();
        UUID late = UUID.randomUUID();
        UUID waits = submit(flow, "{}");
        output(waits);
        for (int i = 0; i < 100; i++) {
            jdbc.sql(
                            "insert into task (id, workflow, status, wait_reason, run_at, input, input_bytes) values (?, ?, 'WAITING', 'SIGNAL', 'infinity', '{}', 2)")
                    .params(UUID.randomUUID(), judge)
                    .update();
        }
        jdbc.sql(
                        "insert into evaluation (task_id, workflow, version, state, asked) select id, ?, 1, 'ASKED', array[id] from task where workflow = ? and wait_reason = 'SIGNAL'")
                .params(flow, judge)
                .update();
        jdbc.sql(row).params(late, flow, "OPEN", null).update();

        assertThat(evaluated(gone).state()).isEqualTo(EvaluationState.SKIPPED);
        assertThat(evaluated(unasked).reason()).isEqualTo("the workflow has no eval any more");
        assertThat(evaluated(late).reason()).isEqualTo("it could not begin within an hour");
        jdbc.sql(
                        "update task set status = 'CANCELLED', finished_at = now(), wait_reason = null where workflow = ? and wait_reason = 'SIGNAL'")
                .param(judge)
                .update();
        jdbc.sql("delete from evaluation where workflow in (?, 'no-such-flow')")
                .param(flow)
                .update();
    }

    /** Nothing of it is kept for an evaluator either. */
    @Test
    void whatIsErasedIsNotEvaluated() {
        UUID task = submit(flow, "{\"say\":\"1\"}");
        output(task);
        jdbc.sql("update task set removed_at = now() where id = ?").param(task).update();
        evals("sample: 100");
        jdbc.sql("insert into evaluation (task_id, workflow, version) values (?, ?, 1)")
                .params(task, flow)
                .update();

        assertThat(evaluated(task).state()).isEqualTo(EvaluationState.SKIPPED);
        assertThat(evaluated(task).reason()).isEqualTo("the content of the task is gone");
    }

    /** Both versions complete, and the judge that sees no more than that would promote the worse one. */
    @Test
    void aCandidateWithAWorseScoreIsRolledBack() {
        evals("sample: 0.0001");
        write(
                "rollouts.yaml",
                """
                rollouts:
                  %1$s-2: { workflow: %1$s, candidate: 2, steps: [50], tasks: 1000, guardrails: { dead: {}, score: {} } }
                """
                        .formatted(flow));
        version(2, ANSWERS.replace("${body[say]}", "0.1"));
        soon().until(() -> rollouts.find(flow + "-2").isPresent());

        for (int n = 0; n < 20 && state() == RolloutState.RUNNING; n++) {
            List<UUID> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(submit(flow, "{\"say\":\"0.9\"}"));
            }
            all.forEach(this::output);
            all.stream().filter(task -> evaluations.of(task).isPresent()).forEach(this::evaluated);
        }

        soon().until(() -> state() == RolloutState.ROLLED_BACK);
        assertThat(rollouts.find(flow + "-2").orElseThrow().reason()).startsWith("'score': ");
        assertThat(evaluations.summary(Duration.ofHours(1)))
                .filteredOn(one -> one.workflow().equals(flow))
                .extracting(EvaluationSummary::version)
                .containsExactly(2, 1);
        assertThat(evaluations.failed(List.of(flow), Duration.ofHours(1), 50))
                .isNotEmpty()
                .allSatisfy(failed -> assertThat(failed.version()).isEqualTo(2));
    }

    private RolloutState state() {
        return rollouts.find(flow + "-2").orElseThrow().state();
    }

    private Evaluation evaluated(UUID task) {
        soon().until(() -> {
            jdbc.sql("update task set run_at = now() where workflow = ? and wait_reason = 'RETRY'")
                    .param(judge)
                    .update();
            return evaluations
                    .of(task)
                    .filter(one -> one.state() != EvaluationState.OPEN && one.state() != EvaluationState.ASKED)
                    .isPresent();
        });
        return evaluations.of(task).orElseThrow();
    }

    /** With the evaluator of this test. */
    private void evals(String entry) {
        evalsOf("%s: { %s, with: task:%s, maxCostUsd: 1, threshold: 0.7, trials: 2 }".formatted(flow, entry, judge));
    }

    private void judge(String answer) {
        version(
                judge,
                1,
                """
                - setBody: { expression: { simple: { expression: '%s' } } }
                """
                        .formatted(answer));
    }

    private void tool() {
        SERVER.always("/look-" + flow, FaultyServer.json("{\"ok\":true}"));
        FILES.write(
                "look_" + flow,
                """
                - route:
                    id: look_%1$s
                    from:
                      uri: tool:look_%1$s
                      parameters: { description: A tool, parameter.order: string, readOnlyHint: true }
                      steps:
                        - to: { uri: "{{server.url}}/look-%1$s" }
                """
                        .formatted(flow));
        soon().until(() -> tools.current().get("look_" + flow) != null);
    }

    private void evalsOf(String entries) {
        EvalsInForce.Usable before = evals.of(flow);
        write("evals.yaml", "evals:\n  " + entries + "\n");
        soon().until(() -> evals.of(flow) != null && evals.of(flow) != before);
    }

    private void version(int version, String steps) {
        version(flow, version, steps);
    }

    private void version(String workflow, int version, String steps) {
        String before = definition(workflow, version);
        FILES.write(
                version == 1 ? workflow : workflow + "-" + version,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 1, version: %d }
                      steps:
                %s
                """
                        .formatted(
                                version == 1 ? workflow : workflow + "-" + version,
                                workflow,
                                version,
                                steps.indent(8).stripTrailing()));
        soon().until(() -> definition(workflow, version) != null
                && !definition(workflow, version).equals(before));
    }

    private String definition(String workflow, int version) {
        var known = workflows.get(new WorkflowVersion(workflow, version));
        return known == null ? null : known.routeId();
    }

    private static void write(String name, String text) {
        FILES.put(name, text);
    }
}
