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
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A plan that is executed makes exactly the calls that its dry run showed; a person is asked about any other. */
class DryRunPlanTest extends RulesTestBase {

    private static final Actor ANN = Actor.person("ann", Role.APPROVER);

    @Autowired
    Executions executions;

    private UUID plan(String input) {
        UUID plan = tasks.submit(new Submit(flow, null, input, null, Duration.ZERO, "sub").in(Mode.DRY_RUN))
                .join()
                .id();
        output(plan);
        return plan;
    }

    /** What {@code POST /api/tasks/{id}/execute} does. */
    private UUID execute(UUID plan, String input, Actor who) {
        UUID live = TaskIds.of(flow, "plan", plan.toString());
        executions.keep(plan, live, who);
        Submit request = new Submit(flow, null, input, null, Duration.ZERO, "sub", null, false, true, Mode.LIVE);
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

    @Test
    void aTaskThatExecutesAPlanSubmitsNone() {
        UUID plan = plan("{\"amount\":5}");
        String child = "child-" + id;
        FILES.write(
                child,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      steps:
                        - to: { uri: "tool:%2$s", parameters: { arg.amount: "5" } }
                """
                        .formatted(child, pay));
        soon().until(() -> workflows.get(child) != null);
        edit("- to: { uri: \"task:%s\" }".formatted(child));

        assertThat(dead(execute(plan, "{\"amount\":5}", ANN))).contains("executes a plan, and its children have none");
        assertThat(paid()).isZero();
    }

    @Test
    void aSignalThatIsNotInThePlanIsNotSent() {
        UUID plan = plan("{\"amount\":5}");
        edit("- to: { uri: \"signal:done\", parameters: { key: \"p%s\" } }".formatted(id));

        assertThat(dead(execute(plan, "{\"amount\":5}", ANN))).contains("is not in the plan");
    }
}
