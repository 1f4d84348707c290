package io.drover.agent;

import static io.drover.FaultyServer.json;
import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.journal.Approval;
import io.drover.journal.Approvals;
import io.drover.journal.Approvals.Verdict;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskRedo.Plan;
import io.drover.local.SampleModel.Reply;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A stopped agent is asked again: what it was answered is forgotten, what it did is kept, and what it does next asks. */
class RedoTest extends AgentTestBase {

    private static final Actor ANN = Actor.person("ann", Role.OPERATOR, Role.APPROVER);
    private static final Actor ART = Actor.person("art", Role.APPROVER);

    @Autowired
    TaskRedo redo;

    @Autowired
    Approvals approvals;

    @BeforeEach
    void answer() {
        SERVER.always("/pay", json("{\"paid\":true}"));
        SERVER.always("/refund", json("{\"refunded\":true}"));
        SERVER.always("/look", json("{\"found\":\"Oslo\"}"));
    }

    /** It has paid and goes in circles; asked again, it pays what is paid, and something else. */
    @ParameterizedTest
    @CsvSource({"1, 1 3 4 5 6 7 8, 3", "3, 3 4 5 6 7 8, 2", "7, 7 8, 2"})
    void whatWasPaidIsKeptAndWhatIsPaidNextAsks(int from, String forgotten, int questions) {
        mind(pays(1, looks()));
        UUID task = died("ask", "no_progress");
        int paid = paid();
        BigDecimal cost = cost(task);
        long token = token(task);
        mind(request -> {
            List<JsonNode> results = toolResults(request);
            long payments = results.stream().filter(RedoTest::isPaid).count();
            return payments == 0 ? pay(1) : payments == 1 ? pay(2) : text("done");
        });

        assertThat(redo(task, from)).isInstanceOf(Plan.Calls.class);

        Approval asked = asked(task);
        assertThat(asked.tool()).isEqualTo("pay");
        assertThat(asked.n()).as("numbers are not given twice").isGreaterThan(8);
        assertThat(asked.summary()).contains("the task was redone");
        assertThat(paid()).as("what was paid is not paid again").isEqualTo(paid);
        assertThat(numbers(task, "FORGOTTEN")).isEqualTo(forgotten);
        assertThat(approvals.vote(asked.id(), true, null, ANN))
                .asInstanceOf(InstanceOfAssertFactories.type(Verdict.NotAllowed.class))
                .satisfies(why -> assertThat(why.why()).contains("ann had the task redone"));
        approvals.vote(asked.id(), true, null, ART);

        awaitStatus(task, "COMPLETED");
        assertThat(paid()).isEqualTo(paid + 1);
        assertThat(MODEL.requests()).hasSize(4 + questions);
        assertThat(cost(task)).as("what was spent stays counted").isGreaterThan(cost);
        assertThat(token(task)).isGreaterThan(token + 1);
        assertThat(jdbc.sql("select detail::text from audit where task_id = ? and action = 'redo' and who = 'ann'")
                        .param(task)
                        .query(String.class)
                        .single())
                .contains("\"n\" : " + from, "\"" + forgotten.charAt(0) + " model.default\"");
    }

    @Test
    void aModelWhoseAnswersDidNotFitIsAskedAgain() throws Exception {
        mind(request -> text("it is of kind a"));
        UUID task = died("classify", "output_schema");
        mind(request -> text("{\"kind\":\"a\"}"));

        redo(task, 2);

        awaitStatus(task, "COMPLETED");
        assertThat(MODEL.requests()).hasSize(3);
        assertThat(MODEL.requests().getLast().toString())
                .as("the history before it")
                .contains("it is of kind a");
    }

    /** Its route has caught the stop, and gone on. */
    @Test
    void anAgentWhoseStopWasCaughtIsAskedAgain() {
        SERVER.next("/look", FaultyServer.status(404, "", "not now"));
        mind(request -> text("it is of kind a"));
        UUID task = died("catching", "ToolCallException");
        mind(request -> text("{\"kind\":\"a\"}"));

        assertThat(redo(task, 2)).isInstanceOf(Plan.Calls.class);

        awaitStatus(task, "COMPLETED");
        assertThat(numbers(task, "FORGOTTEN")).isEqualTo("2 3 4");
        assertThat(MODEL.requests()).hasSize(3);
        assertThat(queue.progress(task).output()).contains("kind");
    }

    @Test
    void whatWasSpentStaysSpent() {
        mind(request ->
                call("look", "{\"what\":\"%d\"}".formatted(toolResults(request).size())));
        UUID task = died("thrifty", "budget");
        BigDecimal limit = new BigDecimal("0.05");
        assertThat(cost(task)).isGreaterThan(new BigDecimal("0.025"));

        redo(task, 1);

        await().untilAsserted(() -> assertThat(row(task))
                .containsEntry("status", "DEAD")
                .extractingByKey("error")
                .asString()
                .contains("budget", "maxCostUsd"));
        assertThat(cost(task)).isLessThanOrEqualTo(limit);
    }

    @Test
    void anEffectKeyNeedsNoPerson() {
        String order = UUID.randomUUID().toString();
        mind(request -> call("refund", refund(order, toolResults(request).size())));
        UUID task = died("refunder", "max_iterations");
        mind(request -> toolResults(request).isEmpty() ? call("refund", refund(order, 99)) : text("done"));

        redo(task, 1);

        awaitStatus(task, "COMPLETED");
        assertThat(SERVER.requests("/refund").stream()
                        .filter(request -> request.body().contains(order)))
                .hasSize(1);
        assertThat(approvals.open(null, null, 0, 1000))
                .noneMatch(approval -> approval.task().equals(task));
    }

    @Test
    void whatCannotBeForgottenIsRefused() {
        mind(pays(1, looks()));
        UUID task = died("ask", "no_progress");
        Map<String, Object> before = row(task);

        assertThat(redo(task, 2))
                .isEqualTo(
                        new Plan.Kept(
                                "call 2 (tool:pay) is kept: a redo forgets only calls of models and of tools that only read, so that no effect is repeated; redo the task from call 3 or from an earlier one"));
        assertThat(redo(task, 9))
                .isEqualTo(new Plan.Unknown("task %s has no call 9; its last call is 8".formatted(task)));
        assertThat(redo(UUID.randomUUID(), 1)).isInstanceOf(Plan.Unknown.class);
        assertThat(redo.plan(task, 3, tools.reading()))
                .asInstanceOf(InstanceOfAssertFactories.type(Plan.Calls.class))
                .satisfies(plan -> assertThat(plan.calls()).hasSize(8));
        assertThat(row(task)).as("nothing is changed").isEqualTo(before);
    }

    private Function<JsonNode, Reply> pays(int amount, Function<JsonNode, Reply> then) {
        return request -> toolResults(request).isEmpty() ? pay(amount) : then.apply(request);
    }

    private static Function<JsonNode, Reply> looks() {
        return request -> call("look", "{\"what\":\"x\"}");
    }

    private static Reply pay(int amount) {
        return call("pay", "{\"amount\":%d}".formatted(amount));
    }

    private static String refund(String order, int amount) {
        return "{\"orderId\":\"%s\",\"amount\":%d}".formatted(order, amount);
    }

    private static boolean isPaid(JsonNode result) {
        return result.toString().contains("paid");
    }

    private UUID died(String workflow, String why) {
        UUID task = submit(workflow, question);
        awaitStatus(task, "DEAD");
        assertThat(row(task).get("error").toString()).contains("\"type\":\"%s\"".formatted(why));
        return task;
    }

    private Plan redo(UUID task, int from) {
        return redo.redo(task, from, tools.reading(), ANN);
    }

    private Approval asked(UUID task) {
        await().untilAsserted(() -> assertThat(row(task)).containsEntry("wait_reason", "APPROVAL"));
        return approvals.open(null, null, 0, 1000).stream()
                .filter(approval -> approval.task().equals(task))
                .findFirst()
                .orElseThrow();
    }

    private static int paid() {
        return SERVER.requests("/pay").size();
    }

    private String numbers(UUID task, String state) {
        return jdbc.sql("select string_agg(n::text, ' ' order by n) from call where task_id = ? and state = ?")
                .param(task)
                .param(state)
                .query(String.class)
                .single();
    }

    private BigDecimal cost(UUID task) {
        return jdbc.sql("select sum((result ->> 'usd')::numeric) from call where task_id = ? and tool like 'model.%'")
                .param(task)
                .query(BigDecimal.class)
                .single();
    }

    private long token(UUID task) {
        return jdbc.sql("select token from task where id = ?")
                .param(task)
                .query(Long.class)
                .single();
    }

    private Map<String, Object> row(UUID task) {
        return jdbc.sql("select status, wait_reason, attempt, redone, error::text as error from task where id = ?")
                .param(task)
                .query()
                .singleRow();
    }

    private void awaitStatus(UUID task, String status) {
        await().untilAsserted(() -> assertThat(row(task)).containsEntry("status", status));
    }
}
