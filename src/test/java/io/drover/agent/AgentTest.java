package io.drover.agent;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.said;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;

/** Agents: the loop, its limits, and what a model that is far away may do. */
class AgentTest extends AgentTestBase {

    @Value("${spring.datasource.url}")
    String database;

    /** Neither what a model says nor what a tool answers is an expression. */
    @Test
    void expressionsOfAModelAndOfAToolAreData() throws Exception {
        String odd = "{{server.url}} ${sysenv.PATH} #{systemProperties} $simple{7}";
        SERVER.always("/look", FaultyServer.json(Json.write(Map.of("found", odd))));
        mind(request -> toolResults(request).isEmpty()
                ? call("look", Json.write(Map.of("what", odd)))
                : text(Json.tree(toolResults(request).get(0)).path("content").asText() + odd));

        JsonNode output = completed("ask", question);

        assertThat(output.path("answer").asText()).isEqualTo(Json.write(Map.of("found", odd)) + odd);
        assertThat(jdbc.sql(
                                "select arguments ->> 'what' from call where tool = 'look' and arguments ->> 'what' like '%server.url%'")
                        .query(String.class)
                        .list())
                .containsOnly(odd);
    }

    @Test
    void callsToolsUntilItHasAnAnswer() throws Exception {
        SERVER.always("/look", FaultyServer.json("{\"found\":\"Oslo\"}"));
        mind(request -> toolResults(request).isEmpty()
                ? call("look", "{\"what\":\"the capital\"}")
                : text("It is "
                        + Json.tree(toolResults(request).get(0)).path("content").asText()));

        JsonNode output = completed("ask", question);

        assertThat(output.path("answer").asText()).isEqualTo("It is {\"found\":\"Oslo\"}");
        assertThat(output.path("iterations").asInt()).isEqualTo(2);
        assertThat(meters.get("agent.llm.tokens")
                        .tags("model", "default", "kind", "in")
                        .counter()
                        .count())
                .isPositive();
        assertThat(meters.get("agent.llm.cost.usd")
                        .tags("model", "default", "workflow", "ask")
                        .counter()
                        .count())
                .isPositive();
        assertThat(meters.get("agent.llm.prompt.tokens")
                        .tag("model", "default")
                        .summary()
                        .max())
                .isPositive();
        assertThat(new BigDecimal(output.path("usd").asText())).isPositive();
        JsonNode first = MODEL.requests().get(0);
        assertThat(first.path("messages").get(0).path("content").asText()).contains("Look things up");
        List<String> offered = new ArrayList<>();
        first.path("tools")
                .forEach(tool -> offered.add(tool.path("function").path("name").asText()));
        assertThat(offered).containsExactly("look", "pay");
        assertThat(first.path("tools")
                        .get(0)
                        .path("function")
                        .path("parameters")
                        .path("properties")
                        .path("what")
                        .path("type")
                        .asText())
                .isEqualTo("string");
    }

    @Test
    void tellsTheModelWhatItDidWrong() throws Exception {
        List<String> heard = new ArrayList<>();
        SERVER.next("/look", FaultyServer.after(4_000, FaultyServer.json("{}")), FaultyServer.status(422, "", "{}"));
        mind(request -> {
            List<JsonNode> results = toolResults(request);
            if (!results.isEmpty()) {
                heard.add(results.getLast().path("content").asText());
            }
            return switch (results.size()) {
                case 0 -> call("locate", "{}");
                case 1 -> call("secret", "{\"what\":\"x\"}");
                case 2 -> call("look", "{\"what\":7}");
                case 3 -> call("look", "not JSON");
                case 4 -> call("look", "{\"what\":\"slow\"}");
                case 5 -> call("look", "{\"what\":\"refused\"}");
                case 6 -> call("look", "{\"what\":1e30000000}");
                case 7 -> call("look", "{\"what\":\"a\",\"what\":\"b\"}");
                case 8 -> call("look", "{\"what\":\"\\ud800\"}");
                case 9 -> call("9".repeat(9_000), "{}");
                default -> text("I give up");
            };
        });

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("I give up");
        assertThat(heard).hasSize(10).allMatch(result -> result.length() < 1_000);
        assertThat(heard.get(0)).contains("unknown_tool", "[look, pay]");
        assertThat(heard.get(1)).contains("unknown_tool");
        assertThat(heard.get(2)).contains("invalid_arguments", "what", "string");
        assertThat(heard.get(3)).contains("invalid_arguments", "not JSON");
        assertThat(heard.get(4)).contains("timed_out");
        assertThat(heard.get(5)).contains("failed", "422");
        assertThat(heard.get(6)).contains("invalid_arguments", "exponent");
        assertThat(heard.get(7)).contains("invalid_arguments", "Duplicate");
        assertThat(heard.get(8)).contains("invalid_arguments", "surrogate");
        assertThat(heard.get(9)).contains("unknown_tool", "… (9000 characters)");
    }

    /** Only the workflow's own steps await: a tool's would hold the attempt meanwhile. */
    @Test
    void aToolThatAModelCallsAwaitsNoTask() {
        mind(request -> toolResults(request).isEmpty() ? call("delegate", "{\"what\":\"x\"}") : text("done"));

        assertThat(dead("delegator", question)).contains("tool:delegate failed", "a tool cannot wait");
        assertThat(jdbc.sql(
                                "select (select count(*) from pending_call) + (select count(*) from task where parent is not null)")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void makesTheCallsOfOneAnswerInParallelAndKeepsTheirOrder() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        SERVER.always("/look", out -> {
            both.countDown();
            both.await(); // the other one comes while this one is answered, or both time out
            FaultyServer.json("{\"ok\":true}").write(out);
        });
        mind(request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(
                        new Call("look", "{\"what\":\"a\"}"),
                        new Call("locate", "{}"),
                        new Call("look", "{\"what\":\"c\"}")))
                : text("heard " + toolResults(request).size()));

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("heard 3");
        List<JsonNode> results = toolResults(MODEL.requests().getLast());
        assertThat(results.get(0).path("content").asText()).contains("ok");
        assertThat(results.get(1).path("content").asText()).contains("unknown_tool");
        assertThat(results.get(2).path("content").asText()).contains("ok");
        assertThat(results.get(2).path("tool_call_id").asText()).isEqualTo("call00003");
    }

    @Test
    void equalCallsOfOneAnswerEachHaveTheirOwnResult() throws Exception {
        SERVER.next(
                "/look",
                FaultyServer.after(300, FaultyServer.json("{\"n\":1}")),
                FaultyServer.json("{\"n\":2}"),
                FaultyServer.status(500, "", "ends the first attempt"));
        SERVER.always("/look", FaultyServer.json("{\"n\":3}"));
        Call same = new Call("look", "{\"what\":\"now\"}");
        mind(request -> switch (toolResults(request).size()) {
            case 0 -> new Reply.Calls(List.of(same, same));
            case 2 -> call("look", "{\"what\":\"later\"}");
            default -> text("done");
        });

        completed("ask", question);

        assertThat(toolResults(MODEL.requests().getLast()))
                .extracting(result -> result.path("content").asText())
                .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        assertThat(MODEL.requests()).hasSize(3);
    }

    @Test
    void aCallInDoubtWaitsForAPersonAndIsNotTheModelsToRepeat() {
        SERVER.next("/pay", FaultyServer.hangUp());
        mind(request -> toolResults(request).isEmpty() ? call("pay", "{\"amount\":5}") : text("paid"));

        UUID task = submit("ask", question);

        await().until(() -> queue.progress(task).status() == TaskStatus.WAITING);
        assertThat(SERVER.requests("/pay")).hasSize(1);
        assertThat(MODEL.requests()).allSatisfy(request -> assertThat(toolResults(request))
                .as("it hears nothing of the call")
                .isEmpty());
        assertThat(jdbc.sql("select state from call where task_id = ? and tool = 'pay'")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("IN_DOUBT");
    }

    /** One that heard of the time-out would call again, and that call would have another key. */
    @ParameterizedTest
    @ValueSource(strings = {"give", "look_or_give"})
    void aTimeOutOfACallThatChangesSomethingIsNotTheModelsToRepeat(String tool) throws Exception {
        int before = SERVER.requests("/give").size();
        SERVER.next("/give", FaultyServer.after(1_500, FaultyServer.json("{\"given\":true}")));
        mind(request -> toolResults(request).stream()
                        .noneMatch(result -> result.path("content").asText().contains("ok"))
                ? call(tool, "{\"amount\":5}")
                : text("given"));

        assertThat(completed("giver", question).asText()).isEqualTo("given");

        List<FaultyServer.Request> sent = SERVER.requests("/give");
        assertThat(sent.subList(before, sent.size()).stream()
                        .map(request -> request.headers().get("Idempotency-Key")))
                .as("the call and its repetition are one to the other side")
                .hasSize(2)
                .doesNotContainNull()
                .containsOnly(sent.get(before).headers().get("Idempotency-Key"));
        assertThat(toolResults(MODEL.requests().getLast())).hasSize(1);
    }

    @Test
    void isAskedAgainForNothingThatItHasAnswered() throws Exception {
        SERVER.next("/look", FaultyServer.status(500, "", "broken")); // ends the first attempt
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request -> toolResults(request).size() < 4
                ? call(
                        "look",
                        "{\"what\":\"%d\"}".formatted(toolResults(request).size()))
                : text("done"));

        JsonNode output = completed("ask", question);

        assertThat(output.path("answer").asText()).isEqualTo("done");
        assertThat(MODEL.requests()).as("five answers, each paid once").hasSize(5);
        assertThat(new BigDecimal(output.path("usd").asText()))
                .as("replayed or not, each counts once")
                .isEqualByComparingTo(
                        jdbc.sql("select sum((result->>'usd')::numeric) from call join task on task.id = task_id where"
                                        + " tool like 'model.%' and input->>'text' = ?")
                                .param(question)
                                .query(BigDecimal.class)
                                .single());
    }

    @Test
    void isStoppedWhenItGoesInCircles() {
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request -> call("look", "{\"what\":\"again\"}"));

        assertThat(dead("ask", question)).contains("\"type\":\"no_progress\"");
        assertThat(MODEL.requests()).hasSize(3);
    }

    @Test
    void isStoppedAfterItsIterations() {
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request ->
                call("look", "{\"what\":\"%d\"}".formatted(toolResults(request).size())));

        assertThat(dead("ask", question)).contains("\"type\":\"max_iterations\"");
        assertThat(MODEL.requests()).hasSize(12);
    }

    @Test
    void mayCorrectItsAnswerOnce() throws Exception {
        mind(request -> said(request).contains("does not fit")
                ? text("```json\n{\"kind\":\"b\"}\n```")
                : text("{\"kind\":\"c\"}"));
        assertThat(completed("classify", question).path("kind").asText()).isEqualTo("b");

        MINDS.put(question, request -> text("it is of kind a"));
        assertThat(dead("classify", question + "again")).contains("\"type\":\"output_schema\"");
    }

    @Test
    void spendsNoMoreThanItMay() {
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request ->
                call("look", "{\"what\":\"%d\"}".formatted(toolResults(request).size())));

        assertThat(dead("thrifty", question)).contains("\"type\":\"budget\"", "maxCostUsd");
        assertThat(spent("thrifty")).isPositive().isLessThanOrEqualTo(new BigDecimal("0.05"));
    }

    @Test
    void aTryThatWasChargedAndBroughtNothingCounts() {
        mind(request -> MODEL.requests().size() == 1 ? text("") : text("never asked"));

        assertThat(dead("frugal", question)).contains("\"type\":\"budget\"", "maxCostUsd");
        assertThat(MODEL.requests()).hasSize(1);
    }

    @Test
    void aTryThatWasNotChargedDoesNotCount() throws Exception {
        mind(request -> MODEL.requests().size() == 1
                ? new Reply.Raw(503, Map.of(), "overloaded".getBytes(StandardCharsets.UTF_8))
                : text("for half the money"));

        assertThat(completed("frugal", question).asText()).isEqualTo("for half the money");
        assertThat(MODEL.requests()).hasSize(2);
    }

    @Test
    void anAnswerIsKeptWhenTheBudgetsCannotBeSettled() throws Exception {
        TestDatabase.directly(database)
                .sql(
                        """
                        create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
                        create trigger no_settling before update on budget for each row
                          when (old.scope = 'workflow.unsettled' and new.used_usd < old.used_usd) execute function refuse()
                        """)
                .update();
        mind(request -> text("paid for"));

        assertThat(completed("unsettled", question).asText()).isEqualTo("paid for");
        assertThat(MODEL.requests()).hasSize(1);
        assertThat(jdbc.sql("select used_usd from budget where scope = 'workflow.unsettled'")
                        .query(BigDecimal.class)
                        .single())
                .as("what was reserved stays reserved")
                .isGreaterThan(spent("unsettled"));
    }

    @Test
    void manyTogetherSpendNoMoreThanTheirBudget() {
        CountDownLatch together = new CountDownLatch(2);
        mind(request -> {
            together.countDown();
            until(together);
            return text("x".repeat(350));
        });
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(submit("capped", question + i));
        }

        await().until(() ->
                all.stream().allMatch(task -> queue.progress(task).status().isTerminal()));
        long completed = all.stream()
                .filter(task -> queue.progress(task).status() == TaskStatus.COMPLETED)
                .count();
        assertThat(completed).isBetween(3L, 19L);
        assertThat(spent("capped")).isLessThanOrEqualTo(new BigDecimal("0.10"));
        assertThat(jdbc.sql("select used_usd from budget where scope = 'workflow.capped'")
                        .query(BigDecimal.class)
                        .single())
                .isEqualByComparingTo(spent("capped"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":",
                "{}",
                "null",
                "[]",
                "{\"choices\":[]}",
                "{\"choices\":[{\"message\":{}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":1e30000000}}",
                "{\"choices\":[{\"message\":{\"content\":\"\\ud800\"}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}]} {}",
                "<html>",
                ""
            })
    void anAnswerThatIsNoneFailsTheTaskClearly(String body) {
        mind(request ->
                new Reply.Raw(200, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8)));

        assertThat(dead("classify", question)).contains("model.default");
        assertThat(MODEL.requests()).as("one retry").hasSize(2);
    }

    @Test
    void answersThatAreNoneSpendTheTasksAttempts() {
        mind(request -> text(""));

        assertThat(dead("ask", question)).contains("neither text nor calls");
        assertThat(MODEL.requests()).as("three attempts, each with one retry").hasSize(6);
    }

    /** The same question would come to the same end, and cost the same. */
    @ParameterizedTest
    @CsvSource({"length, max-output-tokens (4096)", "content_filter, finish_reason content_filter"})
    void anEmptyAnswerThatWouldBeEmptyAgainIsNotAskedForAgain(String reason, String message) {
        String body = "{\"choices\":[{\"finish_reason\":\"%s\",\"message\":{\"role\":\"assistant\",\"content\":\"\"}}]}"
                .formatted(reason);
        mind(request ->
                new Reply.Raw(200, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8)));

        assertThat(dead("ask", question)).contains(message);
        assertThat(MODEL.requests()).hasSize(1);
    }

    @Test
    void aHugeAnswerIsNotReadToItsEnd() {
        mind(request -> text("x".repeat(5_000_000)));

        assertThat(dead("classify", question)).contains("maxAnswerBytes");
    }

    @Test
    void waitsAsLongAsTheModelAsks() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        mind(request -> asked.getAndIncrement() == 0
                ? new Reply.Raw(429, Map.of("Retry-After", "2"), "slow down".getBytes(StandardCharsets.UTF_8))
                : text("{\"kind\":\"a\"}"));
        long began = System.nanoTime();

        completed("classify", question);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1_900));
    }

    @Test
    void storesLittleMoreThanTheTextOfALongConversation() throws Exception {
        String page = "lorem ipsum ".repeat(420); // 5 kB
        SERVER.always("/look", FaultyServer.json(Json.write(Map.of("page", page))));
        mind(request -> toolResults(request).size() < 100
                ? call(
                        "look",
                        "{\"what\":\"page %d\"}".formatted(toolResults(request).size()))
                : text("read"));

        assertThat(completed("reader", question).asText()).isEqualTo("read");

        UUID task = jdbc.sql("select id from task where workflow = 'reader' and input::text like ?")
                .param("%" + question + "%")
                .query(UUID.class)
                .single();
        int inTheConversation =
                MODEL.requests().getLast().path("messages").toString().length();
        assertThat(inTheConversation).isGreaterThan(500_000);
        assertThat(jdbc.sql("select sum(octet_length(arguments::text) + coalesce(octet_length(result::text), 0))"
                                + " from call where task_id = ?")
                        .param(task)
                        .query(Long.class)
                        .single())
                .isLessThan(3L * inTheConversation);
        assertThat(jdbc.sql("select count(*) from call where task_id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isEqualTo(201);
    }

    /** The names stand in ids of routes, in the journal and in configuration, and in no URI that is read again. */
    @Test
    void asksAModelWhateverItIsCalled() throws Exception {
        mind(request -> request.path("model").asText().equals(ODD)
                ? new Reply.Raw(500, Map.of(), "out of order".getBytes(StandardCharsets.UTF_8))
                : text("from " + request.path("model").asText()));

        assertThat(completed("oddly-named", question).asText()).isEqualTo("from " + ODDER);

        assertThat(jdbc.sql("select tool || ' ' || coalesce(fallback, '') from call where tool like 'model.%a)b%'")
                        .query(String.class)
                        .list())
                .contains("model.%s model.%s".formatted(ODD, ODDER));
        assertThat(tools.current().get("model." + ODD).routeId()).isEqualTo("model." + ODD);
        assertThat(tools.current().get("model." + ODDER).spec().timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void asksTheOtherModelWhenOneFailsAndWhenItIsTooDear() throws Exception {
        mind(request -> request.path("model").asText().equals("broken")
                ? new Reply.Raw(500, Map.of(), "out of order".getBytes(StandardCharsets.UTF_8))
                : text("from " + request.path("model").asText()));
        assertThat(completed("falling-back", question).asText()).isEqualTo("from sample");

        assertThat(jdbc.sql("select fallback from call join task on task.id = task_id where tool = 'model.broken' and"
                                + " input ->> 'text' = ?")
                        .param(question)
                        .query(String.class)
                        .single())
                .isEqualTo("model.default");

        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        MODEL.requests().clear();
        MINDS.put(
                question + "dear",
                request -> request.path("model").asText().equals("very-dear")
                        ? text("never asked")
                        : text("from " + request.path("model").asText()));
        assertThat(completed("too-dear", question + "dear").asText()).isEqualTo("from sample");
        assertThat(MODEL.requests()).hasSize(1);
    }

    @Test
    void whoListensHearsAndOneThatThrowsHarmsNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        mind(request -> asked.getAndIncrement() == 0
                ? new Reply.Raw(503, Map.of(), "overloaded".getBytes(StandardCharsets.UTF_8))
                : text("by the other model, at its second try"));
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        MINDS.put(question + "circles", request -> call("look", "{\"what\":\"again\"}"));

        assertThat(completed("too-dear", question).asText()).isEqualTo("by the other model, at its second try");
        assertThat(dead("ask", question + "circles")).contains("no_progress");

        await().untilAsserted(() -> assertThat(heard.calls())
                .contains(
                        "AgentListener.answered",
                        "AgentListener.stopped",
                        "Backlog$Listener.looked",
                        "CommitListener.committed",
                        "ModelListener.answered",
                        "TaskListener.began",
                        "TaskListener.ended",
                        "ToolCallListener.called",
                        "ToolCallListener.fellBack",
                        "ToolCallListener.retried",
                        "ToolRegistry$Listener.changed"));
    }
}
