package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.journal.Approval;
import io.drover.journal.Executions;
import io.drover.journal.Mode;
import io.drover.journal.TaskIds;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.task.Submit;
import io.drover.task.Workflow;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A plan that is executed makes exactly the calls that its dry run showed; a person is asked about any other. */
class DryRunPlanTest extends RulesTestBase {

    private static final Actor ANN = Actor.person("ann", Role.APPROVER);

    @Autowired
    Executions executions;

    private UUID plan(String input) {
        return plan(flow, input);
    }

    private UUID plan(String workflow, String input) {
        UUID plan = tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "sub").in(Mode.DRY_RUN))
                .join()
                .id();
        output(plan);
        return plan;
    }

    /** What {@code POST /api/tasks/{id}/execute} does. */
    private UUID execute(UUID plan, String input, Actor who) {
        return execute(flow, plan, input, who);
    }

    private UUID execute(String workflow, UUID plan, String input, Actor who) {
        UUID live = TaskIds.of(workflow, "plan", plan.toString());
        executions.keep(plan, live, who);
        Submit request = new Submit(workflow, null, input, null, Duration.ZERO, "sub", null, false, true).in(Mode.LIVE);
        return tasks.submit(request, live).join().id();
    }

    private void asksAbove(int limit) {
        rules(rule("args.amount > %d".formatted(limit), "ask"));
    }

    @Test
    void itsCallsAreMadeOnce() {
        UUID plan = plan("{\"amount\":5}");

        UUID live = execute(plan, "{\"amount\":5}", ANN);

        assertThat(execute(plan, "{\"amount\":5}", ANN)).isEqualTo(live);
        assertThat(output(live)).contains("paid");
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void aPersonIsAskedAboutAnyOtherCall() {
        UUID plan = plan("{\"amount\":5}");
        edit(
                """
                - to: { uri: "tool:%1$s", parameters: { arg.amount: "5" } }
                - to: { uri: "tool:%1$s", parameters: { arg.amount: "6" } }
                """
                        .formatted(pay));

        UUID live = execute(plan, "{\"amount\":5}", ANN);

        assertThat(asked(live).summary()).contains("the plan that the task executes does not hold this call");
        assertThat(paid()).isEqualTo(1);
        approve(asked(live));
        output(live);
        assertThat(paid()).isEqualTo(2);
    }

    @Test
    void aCallIsMadeAsOftenAsThePlanHoldsIt() {
        UUID plan = plan("{\"amount\":5}");
        edit(
                "- loop: { constant: { expression: \"2\" }, steps: [ { to: { uri: \"tool:%s\", parameters: { arg.amount: \"5\" } } } ] }"
                        .formatted(pay));

        UUID live = execute(plan, "{\"amount\":5}", ANN);

        asked(live);
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void whoExecutesVotesForTheCallsThatAsk() {
        asksAbove(3);
        UUID plan = plan("{\"amount\":5}");

        UUID live = execute(plan, "{\"amount\":5}", ANN);

        output(live);
        assertThat(paid()).isEqualTo(1);
        assertThat(approvals.of(live)).singleElement().satisfies(approval -> assertThat(approval.votes())
                .extracting(Approval.Vote::who)
                .containsExactly("ann"));
    }

    /** Four eyes: whoever made the plan does not vote for it, and who may not approve calls does not either. */
    @Test
    void whoMayNotVoteLeavesTheQuestionToOthers() {
        asksAbove(3);

        for (Actor who : List.of(Actor.person("sub", Role.APPROVER), Actor.person("opal", Role.OPERATOR))) {
            UUID live = execute(plan("{\"amount\":5}"), "{\"amount\":5}", who);
            assertThat(asked(live).votes()).isEmpty();
            assertThat(paid()).isZero();
        }
    }

    @Test
    void aModelThatChangesItsMindAsks() {
        AgentEditTest.mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(new Call(pay, "{\"amount\":5}")))
                : text("done");
        edit("- to: { uri: \"agent:planner-%s\", parameters: { system: Pay, tools: payments } }".formatted(id));
        UUID plan = plan("\"please\"");
        AgentEditTest.mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(new Call(pay, "{\"amount\":50}")))
                : text("done");

        asked(execute(plan, "\"please\"", ANN));

        assertThat(paid()).isZero();
    }

    /** A workflow that awaits others. @return its name */
    private String parent(String steps) {
        String parent = "parent-" + id;
        Workflow before = workflows.get(parent);
        FILES.write(
                parent,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { maxAttempts: 3, backoff: 10ms }
                      steps:
                %2$s
                """
                        .formatted(parent, steps.indent(8)));
        soon().until(() -> workflows.get(parent) != null
                && (before == null || workflows.get(parent).definition() != before.definition()));
        return parent;
    }

    private String child(int amount, String more) {
        return "- to: { uri: \"task:%s\", parameters: { key: \"%s-%d\"%s } }".formatted(flow, id, amount, more);
    }

    private String paying(int amount) {
        return "- setBody: { constant: { expression: '{\"amount\":%d}' } }".formatted(amount);
    }

    private List<UUID> childrenOf(UUID task) {
        return jdbc.sql("select id from task where parent = ? order by created_at, id")
                .param(task)
                .query(UUID.class)
                .list();
    }

    @Test
    void itsChildrenExecuteThePlansOfItsChildren() {
        asksAbove(3);
        String await = ", await: \"true\"";
        String parent = parent(String.join(
                "\n",
                paying(5),
                child(1, await),
                paying(5),
                child(1, await), // an equal one
                paying(7),
                "- to: { uri: \"task:%s\", parameters: { await: \"true\" } }".formatted(flow)));
        UUID plan = plan(parent, "{}");
        assertThat(executions.outside(plan)).isNull();
        assertThat(executions.shown(plan))
                .extracting(Executions.Shown::arguments)
                .containsExactly("{\"amount\":5}", "{\"amount\":5}", "{\"amount\":7}");

        UUID live = execute(parent, plan, "{}", ANN);

        output(live);
        assertThat(paid()).isEqualTo(3);
        assertThat(childrenOf(plan)).hasSize(3).allSatisfy(dry -> {
            UUID executing = executions.ofPlan(dry).task();
            assertThat(childrenOf(live)).contains(executing);
            assertThat(executions.ofTask(executing).plan()).isEqualTo(dry);
        });
        assertThat(childrenOf(live)).hasSize(3);
    }

    @Test
    void aChildAsksAboutACallThatIsNotInItsPlan() {
        String parent = parent(paying(5) + "\n" + child(1, ", await: \"true\""));
        UUID plan = plan(parent, "{}");
        edit("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"6\" } }".formatted(pay));

        UUID live = execute(parent, plan, "{}", ANN);

        soon().until(() -> childrenOf(live).size() == 1);
        assertThat(asked(childrenOf(live).getFirst()).summary()).contains("does not hold this call");
        assertThat(paid()).isZero();
    }

    @Test
    void aChildThatIsNotInThePlanIsNotSubmitted() {
        String one = paying(5) + "\n" + child(1, ", await: \"true\"");
        for (String other : List.of(
                paying(6) + "\n" + child(1, ", await: \"true\""),
                paying(5) + "\n" + child(2, ", await: \"true\""),
                one + "\n" + one)) {
            String parent = parent(one);
            UUID plan = plan(parent, "{}");
            parent(other);

            UUID live = execute(parent, plan, "{}", ANN);

            assertThat(dead(live)).contains("is not in the plan that its parent executes");
            assertThat(childrenOf(live)).hasSizeLessThan(2);
        }
        assertThat(paid()).isEqualTo(1); // the first of the two
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", await: \"true\", shared: \"true\""})
    void aPlanHoldsNoChildThatIsNotItsOwn(String how) {
        String parent = parent(paying(5) + "\n" + child(1, how));
        UUID plan = plan(parent, "{}");
        assertThat(executions.outside(plan)).isEqualTo(new Executions.Outside(plan, 1, "task:" + flow, null));

        assertThat(dead(execute(parent, plan, "{}", ANN)))
                .contains("holds only children that are awaited (await: \\\"true\\\") and not shared");

        assertThat(paid()).isZero();
    }

    @Test
    void aPlanHoldsNoChildThatIsDead() {
        edit("- throwException: { exceptionType: java.lang.IllegalStateException, message: no }");
        String parent = parent(
                """
                - doTry:
                    steps:
                %s
                    doCatch:
                      - exception: [ java.lang.Exception ]
                        steps: [ { setBody: { constant: { expression: caught } } } ]
                """
                        .formatted(child(1, ", await: \"true\"").indent(6)));

        UUID plan = plan(parent, "{}");

        assertThat(executions.outside(plan)).isEqualTo(new Executions.Outside(plan, 1, "task:" + flow, "DEAD"));
    }

    @Test
    void aSignalThatIsNotInThePlanIsNotSent() {
        UUID plan = plan("{\"amount\":5}");
        edit("- to: { uri: \"signal:done\", parameters: { key: \"p%s\" } }".formatted(id));

        assertThat(dead(execute(plan, "{\"amount\":5}", ANN))).contains("is not in the plan");
    }
}
