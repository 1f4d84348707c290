package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.journal.Approval;
import io.drover.journal.Approval.State;
import io.drover.journal.Approvals;
import io.drover.journal.Approvals.Verdict;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskStatus;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Calls that people approve, reject or leave undecided: what is asked, who may decide, and that a yes is spent once. */
class ApprovalsTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final Actor ANN = Actor.person("ann", Role.APPROVER);
    private static final Actor ART = Actor.person("art", Role.APPROVER);
    private static final Actor SUB = Actor.person("sub", Role.APPROVER, Role.SUBMITTER);

    @Autowired
    Approvals approvals;

    @Autowired
    TaskDecisions decisions;

    @Autowired
    TaskRedo redo;

    @Autowired
    HoldsInForce holds;

    private final String id = Integer.toString(CASES.incrementAndGet());
    private final String pay = "approved_" + id;
    private final String flow = "approving-" + id;

    @BeforeEach
    void answer() {
        SERVER.always("/" + pay, FaultyServer.json("{\"paid\":true}"));
    }

    /** @param options such as {@code approval: always} */
    private void tool(String name, String options, String steps) {
        FILES.write(
                name,
                """
                - route:
                    id: %s
                    from:
                      uri: tool:%s
                      parameters:
                        description: Pays
                        parameter.amount: number?
                        parameter.other: string?
                        retries: 0
                        %s
                      steps:
                %s
                """
                        .formatted(name, name, options.replace("\n", "\n        "), steps.indent(8)));
    }

    private void payment(String options) {
        tool(
                pay,
                options,
                """
                - marshal: { json: {} }
                - to: { uri: "{{server.url}}/%s" }
                """
                        .formatted(pay));
    }

    private void workflow(String steps) {
        FILES.write(
                flow,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 1 }
                      steps:
                %s
                """
                        .formatted(flow, flow, steps.indent(8)));
        soon().until(() -> workflows.get(flow) != null && tools.current().get(pay) != null);
    }

    private String call(String amount) {
        return "- to: { uri: \"tool:%s\", parameters: { arg.amount: \"%s\" } }".formatted(pay, amount);
    }

    private void pays(String options) {
        payment(options);
        workflow(call("${body[amount]}"));
    }

    private UUID start(String input) {
        return tasks.submit(new Submit(flow, null, input, null, Duration.ZERO, SUB.name()))
                .join()
                .id();
    }

    private int paid() {
        return SERVER.requests("/" + pay).size();
    }

    private List<Approval> asked(UUID task) {
        return approvals.open(null, null, 0, 1000).stream()
                .filter(approval -> approval.task().equals(task))
                .toList();
    }

    private void waits(UUID task) {
        soon().untilAsserted(() -> assertThat(jdbc.sql("select status, wait_reason, attempt from task where id = ?")
                        .param(task)
                        .query()
                        .singleRow())
                .containsEntry("status", "WAITING")
                .containsEntry("wait_reason", "APPROVAL")
                .containsEntry("attempt", 0));
    }

    private Approval asks(UUID task) {
        waits(task);
        assertThat(asked(task)).hasSize(1);
        return asked(task).getFirst();
    }

    private Verdict approve(Approval approval, Actor who) {
        return approvals.vote(approval.id(), true, null, who);
    }

    private State state(Approval approval) {
        return approvals.find(approval.id()).state();
    }

    private String dead(UUID task) {
        soon().until(() -> queue.progress(task).status() == TaskStatus.DEAD);
        return queue.progress(task).error();
    }

    @Test
    void anApprovedCallIsMadeOnceAndATaskThatWaitsCostsNothing() {
        pays("approval: \"${variable.amount} > 100\"\nsummary: \"Refund ${variable.amount}\"");
        assertThat(output(start("{\"amount\":100}"))).as("not asked about").contains("paid");

        UUID task = start("{\"amount\":250}");
        Approval approval = asks(task);

        assertThat(approval.summary()).isEqualTo("Refund 250");
        assertThat(approval.arguments()).isEqualTo("{\"amount\":2.5E+2}");
        assertThat(approval.submittedBy()).isEqualTo("sub");
        assertThat(queue.progress(task).error()).contains("waits for approval " + approval.id() + ": Refund 250");
        assertThat(paid()).isEqualTo(1);

        Stream.generate(() -> CompletableFuture.runAsync(() -> approve(approval, ANN)))
                .limit(8)
                .toList()
                .forEach(CompletableFuture::join);

        assertThat(output(task)).contains("paid");
        assertThat(paid()).as("spent once, whoever clicks how often").isEqualTo(2);
        assertThat(state(approval)).isEqualTo(State.SPENT);
        assertThat(approve(approval, ANN)).isInstanceOf(Verdict.Counted.class);
        assertThat(approve(approval, ART)).isInstanceOf(Verdict.TooLate.class);
        assertThat(jdbc.sql("select attempt from task where id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(jdbc.sql("select who || ' ' || action from audit where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .list())
                .containsExactly("ann approve");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "always",
                "${variable.amount} > 100",
                "${variable.amount.nope} == 1",
                "${body[amount].no} > 5",
                "${variable.other} != 'x'",
                "sometimes"
            })
    void whatCannotBeJudgedIsAskedAbout(String predicate) {
        pays("approval: \"%s\"".formatted(predicate));
        workflow("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[missing]}\" } }".formatted(pay));

        UUID task = start("{}");

        Approval approval = asks(task);
        approve(approval, ANN);
        assertThat(output(task)).contains("paid");
    }

    @Test
    void otherArgumentsAndASecondCallAreAskedAboutForThemselves() {
        payment("approval: always");
        workflow(String.join("\n", call("200"), call("300"), call("300")));
        UUID task = start("{}");

        for (String amount : List.of("200", "300", "300")) {
            soon().until(() -> asked(task).size() == 1);
            Approval approval = asks(task);
            assertThat(approval.arguments()).contains(amount.replace("00", "E+2"));
            approve(approval, ANN);
        }

        assertThat(output(task)).contains("paid");
        assertThat(SERVER.requests("/" + pay).stream().map(FaultyServer.Request::body))
                .containsExactly("{\"amount\":200}", "{\"amount\":300}", "{\"amount\":300}");
    }

    @Test
    void anEditedToolAsksAgain() {
        pays("approval: always");
        UUID task = start("{\"amount\":1}");
        Approval before = asks(task);

        payment("approval: always\ntimeout: 3s");
        soon().until(() -> tools.current().get(pay).routeId().equals(pay + "@2"));
        approve(before, ANN);

        soon().until(() -> asked(task).stream().anyMatch(now -> now.id() != before.id()));
        assertThat(paid()).isZero();
        assertThat(state(before)).isEqualTo(State.CLOSED);
        approve(asks(task), ANN);
        assertThat(output(task)).contains("paid");
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void aRejectionReachesTheWorkflowWithItsReason() {
        payment("approval: always");
        workflow(
                """
                - doTry:
                    steps:
                %s
                    doCatch:
                      - exception: [ io.drover.guard.ToolCallException ]
                        steps:
                          - setBody: { simple: { expression: "${exception.approval}: ${exception.message}" } }
                """
                        .formatted(call("${body[amount]}").indent(6).stripTrailing()));
        UUID caught = start("{\"amount\":1}");
        approvals.vote(asks(caught).id(), false, "too much", ANN);
        assertThat(output(caught)).contains("rejected: ").contains("ann").contains("too much");

        workflow(call("${body[amount]}"));
        soon().until(() -> workflows.get(flow) != null && routeIds(flow).contains(flow + "@2"));
        UUID task = start("{\"amount\":2}");
        approvals.vote(asks(task).id(), false, null, ANN);
        assertThat(dead(task)).contains("is not made: ann rejected");
        assertThat(paid()).isZero();
    }

    @Test
    void nobodyDecidesInTime() {
        pays("approval: always\ndecideWithin: 300ms");
        UUID task = start("{\"amount\":1}");

        assertThat(dead(task)).contains("is not made: no decision");
        long number = jdbc.sql("select id from approval where task_id = ?")
                .param(task)
                .query(Long.class)
                .single();
        assertThat(approvals.find(number).state()).isEqualTo(State.UNDECIDED);
        assertThat(approvals.vote(number, true, null, ANN)).isInstanceOf(Verdict.TooLate.class);
        assertThat(paid()).isZero();
    }

    @Test
    void aYesThatIsTooOldIsAskedForAgain() {
        pays("approval: always\nuseWithin: 1h");
        UUID task = start("{\"amount\":1}");
        Approval before = asks(task);
        Hold hold = holds.set(new Holds.Request(Hold.Kind.TOOL, pay, "later", null), ANN)
                .hold();
        approve(before, ANN);
        soon().until(() -> "HELD"
                .equals(jdbc.sql("select wait_reason from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .optional()
                        .orElse("")));
        assertThat(approvals.find(before.id()).useBy())
                .isAfter(approvals.find(before.id()).decidedAt());
        jdbc.sql("update approval set use_by = now() - interval '1 second' where id = ?")
                .param(before.id())
                .update();

        holds.release(hold.id(), ANN);

        soon().until(() -> asked(task).size() == 1);
        assertThat(paid()).isZero();
        assertThat(state(before)).isEqualTo(State.CLOSED);
        approve(asks(task), ART);
        assertThat(output(task)).contains("paid");
    }

    @Test
    void whoMayVote() {
        pays("approval: always\nneed: 2\napprovers: \"ann, art, sub, bob, hal\"");
        UUID task = start("{\"amount\":1}");
        Approval approval = asks(task);
        jdbc.sql("update call set decided_by = 'hal' where task_id = ?")
                .param(task)
                .update();

        for (Actor who : List.of(
                SUB,
                Actor.person("bob", Role.OPERATOR),
                Actor.person("eve", Role.APPROVER),
                Actor.person("hal", Role.APPROVER))) {
            assertThat(approve(approval, who)).as(who.name()).isInstanceOf(Verdict.NotAllowed.class);
        }
        assertThat(approve(approval, ANN)).isInstanceOf(Verdict.Counted.class);
        assertThat(approve(approval, ANN)).isInstanceOf(Verdict.Counted.class);
        assertThat(approvals.vote(approval.id(), false, null, ANN)).isInstanceOf(Verdict.TooLate.class);
        assertThat(state(approval)).as("one person is one vote").isEqualTo(State.OPEN);
        waits(task);

        approve(approval, ART);

        assertThat(output(task)).contains("paid");
    }

    @Test
    void aCancelledTaskIsNotAskedAboutAnyMore() {
        pays("approval: always");
        UUID task = start("{\"amount\":1}");
        Approval approval = asks(task);

        decisions.cancel(task, ANN);

        assertThat(asked(task)).isEmpty();
        assertThat(state(approval)).isEqualTo(State.CLOSED);
        assertThat(approve(approval, ANN)).isInstanceOf(Verdict.TooLate.class);
        assertThat(paid()).isZero();
    }

    @Test
    void branchesWaitTogether() {
        payment("approval: always");
        workflow(
                """
                - multicast:
                    parallelProcessing: true
                    aggregationStrategy: joinVariables
                    steps:
                      - pipeline: { steps: [ { to: { uri: "tool:%s", parameters: { arg.amount: "1" } } } ] }
                      - pipeline: { steps: [ { to: { uri: "tool:%s", parameters: { arg.amount: "2" } } } ] }
                """
                        .formatted(pay, pay));
        UUID task = start("{}");
        waits(task);
        assertThat(asked(task)).hasSize(2);

        approve(asked(task).getFirst(), ANN);
        soon().until(() -> paid() == 1 && asked(task).size() == 1 && isWaiting(task));
        approve(asked(task).getFirst(), ANN);

        output(task);
        assertThat(paid()).isEqualTo(2);
    }

    @Test
    void aTryAgainNeedsNoSecondYes() {
        pays("approval: always\nuseWithin: 1h");
        SERVER.next("/" + pay, FaultyServer.status(429, "", "{}"));
        UUID task = start("{\"amount\":1}");
        approve(asks(task), ANN);
        dead(task);

        jdbc.sql("update approval set use_by = now() where task_id = ?")
                .param(task)
                .update();
        decisions.redrive(task, ANN);

        assertThat(output(task)).contains("paid");
        assertThat(paid()).isEqualTo(2);
        assertThat(jdbc.sql("select state from approval where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .list())
                .containsExactly("SPENT");
    }

    @Test
    void whatATaskThatWasRedoneSubmitsAsksAndItsCompletedChildIsKept() {
        payment("");
        String child = "child-" + id;
        tool(
                "ask_" + id,
                "readOnlyHint: true",
                "- marshal: { json: {} }\n- to: { uri: \"{{server.url}}/ask_%s\" }".formatted(id));
        FILES.write(
                child,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 1 }
                      steps:
                        %s
                """
                        .formatted(child, child, call("${body[amount]}")));
        workflow(
                """
                - to: { uri: "tool:ask_%1$s", variableReceive: answer }
                - setBody: { expression: { simple: { expression: "${variable.answer}" } } }
                - to: { uri: "task:child-%1$s", parameters: { await: "true" } }
                - choice:
                    when:
                      - expression: { simple: { expression: "${variable.answer[amount]} == 1" } }
                        steps: [ { throwException: { exceptionType: java.lang.IllegalArgumentException, message: "again" } } ]
                """
                        .formatted(id));
        soon().until(() -> workflows.get(child) != null && tools.current().get("ask_" + id) != null);
        SERVER.always("/ask_" + id, FaultyServer.json("{\"amount\":1}"));
        UUID task = start("{}");
        assertThat(dead(task)).contains("again");
        assertThat(paid()).isEqualTo(1);
        SERVER.always("/ask_" + id, FaultyServer.json("{\"amount\":2}"));

        redo.redo(task, 1, tools.reading(), ANN);

        soon().until(() -> children(task).size() == 2);
        UUID second = children(task).getLast();
        Approval asked = asks(second);
        assertThat(asked.summary()).contains("the task was redone");
        assertThat(paid()).isEqualTo(1);
        approve(asked, ART);
        assertThat(output(task)).contains("paid");
        assertThat(paid()).isEqualTo(2);
        assertThat(jdbc.sql("select string_agg(state, ' ' order by n) from call where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .as("what was read, the child of then, and both of now")
                .isEqualTo("FORGOTTEN SUCCEEDED SUCCEEDED SUCCEEDED");
    }

    private List<UUID> children(UUID task) {
        return jdbc.sql("select id from task where parent = ? order by created_at")
                .param(task)
                .query(UUID.class)
                .list();
    }

    private boolean isWaiting(UUID task) {
        return queue.progress(task).status() == TaskStatus.WAITING;
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void aToolWaitsForTheToolsThatItCalls(boolean catches, boolean reads) {
        payment("approval: always");
        String calls = call("7");
        tool(
                "outer_" + id,
                "readOnlyHint: " + reads,
                catches
                        ? "- doTry:\n    steps:\n%s    doCatch:\n      - exception: [ java.lang.Exception ]\n        steps: [ { setBody: { constant: { expression: caught } } } ]\n"
                                .formatted(calls.indent(6))
                        : calls);
        workflow("- to: { uri: \"tool:outer_%s\" }".formatted(id));
        soon().until(() -> tools.current().get("outer_" + id) != null);
        UUID task = start("{}");

        approve(asks(task), ANN);

        assertThat(output(task)).contains("paid");
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void anAgentHearsWhatBecameOfEachOfItsCalls() {
        payment("approval: \"${variable.amount} > 1\"");
        AgentEditTest.mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(
                        new Call(pay, "{\"amount\":1}"),
                        new Call(pay, "{\"amount\":2}"),
                        new Call(pay, "{\"amount\":3}")))
                : text(toolResults(request).stream()
                        .map(result -> result.path("content").asText())
                        .toList()
                        .toString());
        workflow("- to: { uri: \"agent:asker-%s\", parameters: { system: Pay, tools: payments } }".formatted(id));
        tool(
                pay,
                "approval: \"${variable.amount} > 1\"\ntags: payments",
                "- marshal: { json: {} }\n- to: { uri: \"{{server.url}}/%s\" }\n".formatted(pay));
        soon().until(() -> tools.current().get(pay).spec().tags().contains("payments"));
        UUID task = start("\"please\"");
        waits(task);
        List<Approval> asked = asked(task);
        assertThat(asked).hasSize(2);
        assertThat(paid()).as("a call beside them goes on").isEqualTo(1);

        approvals.vote(asked.get(0).id(), false, "not today", ANN);
        soon().until(() -> asked(task).size() == 1 && isWaiting(task));
        approve(asked.get(1), ANN);

        assertThat(output(task)).contains("rejected").contains("not today").contains("paid");
        assertThat(paid()).isEqualTo(2);
    }
}
