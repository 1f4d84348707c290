package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.drover.FaultyServer;
import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.journal.Approval;
import io.drover.journal.Approval.State;
import io.drover.journal.ApprovalNotices;
import io.drover.journal.Approvals;
import io.drover.journal.Approvals.Verdict;
import io.drover.journal.StandingGrant;
import io.drover.journal.StandingGrants;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskDecisions.Decision;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskStatus;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
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

    @Autowired
    StandingGrants standing;

    @Autowired
    ApprovalNotices notices;

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

    /** Camel compares numbers as {@code long} where it can, and cut off what does not fit. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "100.01",
                "100.99",
                "4294967296",
                "9223372036854775808",
                "18446744073709551617",
                "1.8446744073709551617e19",
                "1e100",
                "1e308"
            })
    void whatIsMoreByCentsOrTooLargeIsMore(String amount) {
        pays("approval: \"${variable.amount} > 100\"");
        grant("${variable.amount} <= 100", 3, null);
        UUID task = start("{\"amount\":%s}".formatted(amount));

        Approval approval = asks(task);

        assertThat(paid()).isZero();
        approve(approval, ANN);
        assertThat(output(task)).contains("paid");
    }

    @Test
    void aNumberEqualsOnlyItself() {
        pays("approval: \"${variable.amount} != 100\"");
        for (String other : List.of("100.5", "99.5", "4294967396", "18446744073709551716")) {
            asks(start("{\"amount\":%s}".formatted(other)));
        }

        assertThat(output(start("{\"amount\":100.0}"))).contains("paid");
        assertThat(paid()).isOne();
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

    /** The vote comes when the time ends: it counts and the call is made, or it comes too late and nothing is paid. */
    @Test
    void aVoteThatRacesTheEndOfTheTimeIsOneOutcome() throws Exception {
        pays("approval: always");
        List<UUID> all =
                Stream.generate(() -> start("{\"amount\":1}")).limit(16).toList();
        List<Approval> asked = all.stream().map(this::asks).toList();
        List<CompletableFuture<Verdict>> votes = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            jdbc.sql(
                            """
                            with late as (update approval set decide_by = now() + interval '150 ms' where id = :id)
                            update task set run_at = now() + interval '150 ms' where id = :task
                            """)
                    .param("id", asked.get(i).id())
                    .param("task", all.get(i))
                    .update();
            Approval approval = asked.get(i);
            boolean approves = i % 4 != 3;
            long after = 130 + 3L * i;
            votes.add(CompletableFuture.supplyAsync(
                    () -> approvals.vote(approval.id(), approves, null, ANN),
                    CompletableFuture.delayedExecutor(after, java.util.concurrent.TimeUnit.MILLISECONDS)));
        }

        int made = 0;
        for (int i = 0; i < all.size(); i++) {
            UUID task = all.get(i);
            boolean counted = votes.get(i).join() instanceof Verdict.Counted;
            soon().until(() -> hasEnded(task));
            State state = state(asked.get(i));
            boolean approved = counted && i % 4 != 3;
            assertThat(state).isEqualTo(approved ? State.SPENT : counted ? State.REJECTED : State.UNDECIDED);
            assertThat(queue.progress(task).status()).isEqualTo(approved ? TaskStatus.COMPLETED : TaskStatus.DEAD);
            assertThat(approvals.find(asked.get(i).id()).votes()).hasSize(counted ? 1 : 0);
            made += approved ? 1 : 0;
        }
        assertThat(paid()).isEqualTo(made);
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
    void whoSubmittedAParentDoesNotVoteOnTheCallsOfItsChildren() {
        pays("approval: always");
        String parent = "parent-" + id;
        FILES.write(
                parent,
                "- route: { id: %1$s, from: { uri: 'task:%1$s', steps: [ { to: { uri: 'task:%2$s', parameters: { await: 'true' } } } ] } }"
                        .formatted(parent, flow));
        soon().until(() -> workflows.get(parent) != null);
        UUID task = tasks.submit(new Submit(parent, null, "{\"amount\":1}", null, Duration.ZERO, SUB.name()))
                .join()
                .id();
        soon().until(() -> !approvals.open(pay, null, 0, 10).isEmpty());
        Approval approval = approvals.open(pay, null, 0, 10).getFirst();
        assertThat(approval.task()).isNotEqualTo(task);
        grant(null, 10, null); // what is asked stays asked

        assertThat(approve(approval, SUB)).isInstanceOf(Verdict.NotAllowed.class);
        approve(approval, ANN);

        assertThat(output(task)).contains("paid");
        assertThat(standing.inForce(pay)).singleElement().satisfies(left -> assertThat(left.drawn())
                .isZero());
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

    /** Whichever comes first: a vote that came too late has paid nothing, and a cancelled task is asked about no more. */
    @Test
    void aCancelThatRacesAVoteIsOneOutcome() {
        pays("approval: always");
        List<UUID> all =
                Stream.generate(() -> start("{\"amount\":1}")).limit(12).toList();
        List<Approval> asked = all.stream().map(this::asks).toList();
        List<CompletableFuture<Verdict>> votes = new ArrayList<>();
        List<CompletableFuture<TaskDecisions.Verdict>> cancels = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            UUID task = all.get(i);
            Approval approval = asked.get(i);
            if (i % 2 == 0) {
                votes.add(CompletableFuture.supplyAsync(() -> approve(approval, ART)));
                cancels.add(CompletableFuture.supplyAsync(() -> decisions.cancel(task, ANN)));
            } else {
                cancels.add(CompletableFuture.supplyAsync(() -> decisions.cancel(task, ANN)));
                votes.add(CompletableFuture.supplyAsync(() -> approve(approval, ART)));
            }
        }

        int spent = 0;
        for (int i = 0; i < all.size(); i++) {
            UUID task = all.get(i);
            boolean counted = votes.get(i).join() instanceof Verdict.Counted;
            boolean cancelled = cancels.get(i).join() instanceof TaskDecisions.Verdict.Done;
            soon().until(() -> hasEnded(task));
            assertThat(queue.progress(task).status())
                    .isEqualTo(cancelled ? TaskStatus.CANCELLED : TaskStatus.COMPLETED);
            State state = state(asked.get(i));
            assertThat(state).isIn(counted ? List.of(State.SPENT, State.CLOSED) : List.of(State.CLOSED));
            assertThat(cancelled || state == State.SPENT).isTrue();
            assertThat(asked(task)).isEmpty();
            assertThat(approve(asked.get(i), ANN)).isInstanceOf(Verdict.TooLate.class);
            spent += state == State.SPENT ? 1 : 0;
        }
        assertThat(paid()).as("only what was approved is paid, and once").isLessThanOrEqualTo(spent);
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

    @Test
    void aChangedRuleAsksAgain() {
        String rule = "need: \"{{need." + id + "}}\"";
        System.setProperty("need." + id, "1");
        pays("approval: always\n" + rule);
        UUID task = start("{\"amount\":1}");
        Approval before = asks(task);
        System.setProperty("need." + id, "2");
        payment("approval: always\ntimeout: 3s\n" + rule);
        soon().until(() -> tools.current().get(pay).routeId().equals(pay + "@2"));
        payment("approval: always\n" + rule); // the same file as before
        soon().until(() -> tools.current().get(pay).routeId().equals(pay + "@3"));
        assertThat(tools.current().get(pay).definition()).isEqualTo(before.definition());

        approve(before, ANN);

        soon().until(() -> asked(task).stream().anyMatch(now -> now.id() != before.id()));
        assertThat(state(before)).isEqualTo(State.CLOSED);
        assertThat(paid()).isZero();
        Approval now = asks(task);
        assertThat(now.need()).isEqualTo(2);
        approve(now, ANN);
        approve(now, ART);
        assertThat(output(task)).contains("paid");
        assertThat(paid()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false"})
    void ofTwoVotesAtTheSameInstantOneDecides(boolean ann, boolean art) {
        pays("approval: always\nneed: " + (art ? 2 : 1));
        List<UUID> all = Stream.generate(() -> start("{\"amount\":1}")).limit(8).toList();
        List<Approval> asked = all.stream().map(this::asks).toList();

        List<Verdict> verdicts = asked.stream()
                .flatMap(one -> Stream.of(
                        CompletableFuture.supplyAsync(() -> approvals.vote(one.id(), ann, null, ANN)),
                        CompletableFuture.supplyAsync(() -> approvals.vote(one.id(), art, null, ART))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(verdicts.stream().filter(one -> one instanceof Verdict.Counted counted && counted.decided()))
                .as("one vote decides about each")
                .hasSize(all.size());
        all.forEach(task -> soon().until(() -> hasEnded(task)));
        long approved = all.stream()
                .filter(task -> queue.progress(task).status() == TaskStatus.COMPLETED)
                .count();
        assertThat(asked.stream().map(this::state))
                .filteredOn(State.SPENT::equals)
                .hasSize((int) approved);
        assertThat(paid()).isEqualTo((int) approved);
        assertThat(approved).isBetween(art ? 8L : 0L, 8L);
    }

    @Test
    void aRedeliveredRecordAsksNobodyAgain() {
        pays("approval: always");
        Submit record = new Submit(flow, "record-" + id, "{\"amount\":1}", null, Duration.ZERO, SUB.name());
        UUID task = tasks.submit(record).join().id();
        Approval approval = asks(task);
        assertThat(tasks.submit(record).join().id()).isEqualTo(task);
        assertThat(asked(task)).containsExactly(approval);

        approve(approval, ANN);

        assertThat(output(task)).contains("paid");
        assertThat(tasks.submit(record).join().id()).isEqualTo(task);
        assertThat(approvals.of(task)).extracting(Approval::state).containsExactly(State.SPENT);
        assertThat(paid()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-7, 7})
    void aProcessWhoseClockIsWrongDecidesTheSame(int hours) {
        pays("approval: always\ndecideWithin: 1h\nuseWithin: 1h");
        CLOCK.set(Duration.ofHours(hours));
        try {
            UUID task = start("{\"amount\":1}");
            Approval approval = asks(task);
            Duration left = jdbc.sql("select extract(epoch from decide_by - now()) * 1000 from approval where id = ?")
                    .param(approval.id())
                    .query((row, n) -> Duration.ofMillis(row.getLong(1)))
                    .single();
            assertThat(left).isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
            approve(approval, ANN);
            assertThat(output(task)).contains("paid");
            assertThat(state(approval)).isEqualTo(State.SPENT);

            UUID late = start("{\"amount\":2}");
            Approval undecided = asks(late);
            jdbc.sql("update approval set decide_by = now() where id = ?")
                    .param(undecided.id())
                    .update();
            assertThat(approve(undecided, ANN)).isInstanceOf(Verdict.TooLate.class);
        } finally {
            CLOCK.set(Duration.ZERO);
        }
        assertThat(paid()).isEqualTo(1);
    }

    private StandingGrant grant(String condition, int calls, String sum) {
        return standing.give(
                new StandingGrants.Request(
                        pay,
                        tools.current().get(pay).definition(),
                        condition,
                        calls,
                        sum == null ? null : "amount",
                        sum == null ? null : new BigDecimal(sum),
                        Duration.ofHours(1),
                        "a quiet night"),
                ANN);
    }

    @Test
    void aStandingGrantCoversCallsUpToItsNumberAndItsSum() {
        pays("approval: always");
        StandingGrant grant = grant("${variable.amount} <= 100", 3, "150.5");

        UUID first = start("{\"amount\":60}");
        assertThat(output(first)).contains("paid");
        assertThat(approvals.of(first))
                .extracting(Approval::state, Approval::standing)
                .containsExactly(tuple(State.SPENT, grant.id()));
        asks(start("{\"amount\":200}"));
        asks(start("{\"amount\":-5}"));
        assertThat(output(start("{\"amount\":60}"))).contains("paid");
        asks(start("{\"amount\":31}"));
        assertThat(standing.inForce(pay)).singleElement().satisfies(left -> {
            assertThat(left.drawn()).isEqualTo(2);
            assertThat(left.drawnSum()).isEqualByComparingTo("120");
        });
        assertThat(output(start("{\"amount\":30.5}"))).contains("paid");
        assertThat(standing.inForce(pay)).as("it is used up").isEmpty();
        asks(start("{\"amount\":0}"));
        assertThat(paid()).isEqualTo(3);
    }

    @Test
    void anEffectThatAnotherCallHasIsNotDrawn() {
        payment("approval: always\neffectKey: order");
        workflow(call("${body[amount]}"));
        grant(null, 10, null);

        List<UUID> all = Stream.generate(() -> start("{\"amount\":1}")).limit(6).toList();

        all.forEach(task -> assertThat(output(task)).contains("paid"));
        assertThat(paid()).isEqualTo(1);
        assertThat(standing.inForce(pay)).singleElement().satisfies(left -> assertThat(left.drawn())
                .isEqualTo(1));
    }

    @Test
    void ofCallsThatRaceAStandingGrantCoversNoMoreThanItsNumber() {
        pays("approval: always");
        grant(null, 7, "100");

        List<UUID> all =
                Stream.generate(() -> start("{\"amount\":10}")).limit(20).toList();

        all.forEach(task -> soon().until(() -> hasEnded(task) || !asked(task).isEmpty()));
        assertThat(all.stream().filter(task -> queue.progress(task).status() == TaskStatus.COMPLETED))
                .hasSize(7);
        assertThat(paid()).isEqualTo(7);
        assertThat(jdbc.sql("select sum from standing_grant where tool = ?")
                        .param(pay)
                        .query(BigDecimal.class)
                        .single())
                .isEqualByComparingTo("70");
    }

    @Test
    void aStandingGrantIsNotForItsGiversTasksNorForRedoneOnesNorForAnotherToolNorWhenItIsOver() {
        pays("approval: always");
        StandingGrant grant = grant(null, 100, null);
        UUID own = tasks.submit(new Submit(flow, null, "{\"amount\":1}", null, Duration.ZERO, ANN.name()))
                .join()
                .id();
        asks(own);
        UUID ofARedoneTask = tasks.submit(
                        new Submit(flow, null, "{\"amount\":1}", null, Duration.ZERO, "bob", null, false, true))
                .join()
                .id();
        asks(ofARedoneTask);
        assertThat(output(start("{\"amount\":1}"))).contains("paid");
        assertThat(standing.revoke(grant.id(), ART)).isNotNull();
        assertThat(standing.revoke(grant.id(), ART)).isNull();
        asks(start("{\"amount\":1}"));

        StandingGrant over = grant(null, 100, null);
        jdbc.sql("update standing_grant set until = now() where id = ?")
                .param(over.id())
                .update();
        asks(start("{\"amount\":1}"));

        grant(null, 100, null);
        payment("approval: always\nneed: 1\ntimeout: 3s");
        soon().until(() -> tools.current().get(pay).routeId().equals(pay + "@2"));
        asks(start("{\"amount\":1}"));
        grant(null, 100, null);
        assertThat(output(start("{\"amount\":1}"))).contains("paid");
        payment("approval: always\napprovers: art");
        soon().until(() -> tools.current().get(pay).routeId().equals(pay + "@3"));
        grant(null, 100, null);
        asks(start("{\"amount\":1}"));
        assertThat(paid()).isEqualTo(2);
        assertThat(jdbc.sql("select who || ' ' || action from audit where detail ->> 'tool' = ? order by id limit 2")
                        .param(pay)
                        .query(String.class)
                        .list())
                .containsExactly("ann grant", "art revoke");
    }

    @Test
    void aReminderAndAnEscalationAreCalledOnceEach() {
        String told = "told_" + id;
        SERVER.always("/" + told, FaultyServer.json("{}"));
        FILES.write(
                told,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters:
                        parameter.approval: integer
                        parameter.occasion: string
                        parameter.page: string
                        parameter.forTool: string
                        parameter.summary: string?
                        parameter.arguments: object
                        parameter.need: integer?
                      steps:
                        - marshal: { json: {} }
                        - to: { uri: "{{server.url}}/%1$s" }
                """
                        .formatted(told));
        pays(
                "approval: always\nsummary: \"Pay ${variable.amount}\"\nremind: tool:%1$s\nremindAfter: 1h\nescalate: tool:%1$s\nescalateAfter: 2h"
                        .formatted(told));
        soon().until(() -> tools.current().get(told) != null);
        Approval open = asks(start("{\"amount\":1}"));
        Approval decided = asks(start("{\"amount\":2}"));
        approve(decided, ANN);
        assertThat(notices.submitDue(500)).isEmpty();

        jdbc.sql("update approval_notice set due_at = now() where approval_id in (?, ?)")
                .params(open.id(), decided.id())
                .update();
        Stream.generate(() -> CompletableFuture.runAsync(() -> notices.submitDue(500)))
                .limit(4)
                .toList()
                .forEach(CompletableFuture::join);

        soon().until(() -> SERVER.requests("/" + told).size() == 2);
        assertThat(SERVER.requests("/" + told).stream().map(FaultyServer.Request::body))
                .allSatisfy(body -> assertThat(body)
                        .contains("\"approval\":" + open.id(), "\"forTool\":\"" + pay, "Pay 1", "{\"amount\":1}")
                        .contains("\"page\":\"/console/approvals/%d\"".formatted(open.id())))
                .anySatisfy(body -> assertThat(body).contains("reminder"))
                .anySatisfy(body -> assertThat(body).contains("escalation"));
        assertThat(jdbc.sql("select count(*) from task where workflow = 'on-end' and input -> 'told' ->> 'forTool' = ?")
                        .param(pay)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(jdbc.sql(
                                "select distinct submitted_by from task where workflow = 'on-end' and input -> 'told' ->> 'forTool' = ?")
                        .param(pay)
                        .query(String.class)
                        .list())
                .as("whose the task is")
                .containsExactly(SUB.name());
        assertThat(jdbc.sql("select count(*) from approval_notice where approval_id in (?, ?)")
                        .params(open.id(), decided.id())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private void resolve(UUID task, Resolution resolution) {
        soon().until(() -> "IN_DOUBT".equals(waitReason(task)));
        String result = resolution == Resolution.HAPPENED ? "\"by hand\"" : null;
        assertThat(decisions.resolve(task, 1, new Decision(resolution, result, null), Actor.person("olga")))
                .isEqualTo(new TaskDecisions.Verdict.Done());
    }

    private String waitReason(UUID task) {
        return jdbc.sql("select coalesce(wait_reason, '') from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private List<UUID> holders(String key) {
        return jdbc.sql("select task_id from effect where name = ? and key = ?")
                .params(pay, key)
                .query(UUID.class)
                .list();
    }

    @Test
    void anApprovedCallTakesItsKeyAndAnEqualOneHasItsResult() {
        payment("approval: always\neffectKey: \"${variable.other}\"");
        workflow("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\", arg.other: order } }"
                .formatted(pay));
        UUID first = start("{\"amount\":1}");
        UUID equal = start("{\"amount\":1}");
        UUID other = start("{\"amount\":2}");
        Approval approved = asks(first);
        Approval needless = asks(equal);
        Approval kept = asks(other);
        assertThat(holders("order"))
                .as("nobody has the effect while people decide")
                .isEmpty();

        approve(approved, ANN);

        assertThat(output(first)).contains("paid");
        assertThat(holders("order")).containsExactly(first);
        approve(needless, ANN);
        assertThat(output(equal)).contains("paid");
        assertThat(state(needless)).as("nothing was spent").isEqualTo(State.CLOSED);
        assertThat(output(start("{\"amount\":1}"))).as("nobody is asked").contains("paid");
        assertThat(paid()).isEqualTo(1);

        approve(kept, ANN);
        resolve(other, Resolution.AGAIN);
        assertThat(output(other)).contains("paid");
        assertThat(state(kept)).as("its yes was kept").isEqualTo(State.SPENT);
        assertThat(paid()).isEqualTo(2);
        assertThat(holders("order")).containsExactly(first);
    }

    @Test
    void aSecondCallThatAPersonWantsMadeIsApprovedFirst() {
        payment("approval: always\neffectKey: \"${variable.other}\"");
        workflow("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\", arg.other: order } }"
                .formatted(pay));
        SERVER.next("/" + pay, FaultyServer.hangUp());
        UUID first = start("{\"amount\":1}");
        UUID waiting = start("{\"amount\":1}");
        approve(asks(waiting), ANN);
        soon().until(() -> paid() == 1);
        soon().until(() -> "IN_DOUBT".equals(waitReason(waiting)));
        approve(asks(first), ANN);
        soon().until(() -> "EFFECT".equals(waitReason(first)));
        resolve(waiting, Resolution.HAPPENED);
        assertThat(output(first)).contains("by hand");

        UUID second = start("{\"amount\":2}");
        soon().until(() -> "IN_DOUBT".equals(waitReason(second)));
        assertThat(asked(second)).as("the question comes before the approval").isEmpty();
        resolve(second, Resolution.AGAIN);
        Approval asked = asks(second);
        assertThat(jdbc.sql("select error::text from call where task_id = ?")
                        .param(second)
                        .query(String.class)
                        .single())
                .contains("effect", waiting.toString());
        approve(asked, ANN);

        assertThat(output(second)).contains("paid");
        assertThat(paid()).isEqualTo(2);
        assertThat(state(asked)).isEqualTo(State.SPENT);
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

    @Test
    void aModelWhoseCallIsDoneAlreadyHearsSoThoughItWasApproved() {
        AgentEditTest.mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(new Call(pay, "{\"amount\":2}")))
                : text(toolResults(request).toString());
        tool(
                pay,
                "approval: always\neffectKey: order\ntags: payments",
                "- marshal: { json: {} }\n- to: { uri: \"{{server.url}}/%s\" }\n".formatted(pay));
        workflow("- to: { uri: \"agent:payer-%s\", parameters: { system: Pay, tools: payments } }".formatted(id));
        soon().until(() -> tools.current().get(pay).spec().tags().contains("payments"));
        UUID agent = start("\"please\"");
        Approval needless = asks(agent);
        String other = "other-" + id;
        FILES.write(
                other,
                "- route: { id: %1$s, from: { uri: 'task:%1$s', steps: [ { to: { uri: 'tool:%2$s', parameters: { arg.amount: '3' } } } ] } }"
                        .formatted(other, pay));
        soon().until(() -> workflows.get(other) != null);
        UUID first = submit(other);
        approve(asks(first), ANN);
        assertThat(output(first)).contains("paid");

        approve(needless, ANN);

        assertThat(output(agent)).contains("already_done").contains("paid");
        assertThat(state(needless)).isEqualTo(State.CLOSED);
        assertThat(paid()).isEqualTo(1);
    }
}
