package io.drover.route;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.FaultyServer;
import io.drover.hold.Hold.Kind;
import io.drover.hold.Holds;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskStatus;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.who.Actor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An agent whose definition changes between two attempts: what is recorded is not asked for, judged or made again, and what
 * its model sees stays as it was, unless the agent says otherwise.
 */
class AgentEditTest extends RouteFilesTestBase {

    static volatile Function<JsonNode, Reply> mind = request -> text("nobody told me what to say");

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final Actor ANN = Actor.person("ann");
    private static final Call PAY = new Call("pay_%s", "{\"amount\":5}");

    /** Where the first attempts fail. */
    private enum Phase {
        /** The model has heard that it has paid. */
        HEARD,
        /** It has paid, and the model has not heard of it. */
        UNHEARD,
        /** The agent has its answer. */
        AFTER
    }

    /** What is changed, by the option of the agent or the tool. */
    private static final Map<String, String> OF_THE_AGENT = Map.of(
            "system", "Another prompt",
            "tools", "nothing",
            "model", "other",
            "temperature", "0.5",
            "outputSchema", "'{\"type\":\"object\",\"required\":[\"kind\"]}'",
            "maxIterations", "1",
            "maxToolCalls", "1",
            "maxTokens", "1",
            "maxCostUsd", "\"0.000000001\"");

    private static final Map<String, String> OF_THE_TOOL = Map.of(
            "parameter.reason", "string",
            "maxResultBytes", "3",
            "approval", "always",
            "description", "Pays otherwise",
            "tags", "others");

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Holds holds;

    @Autowired
    TaskDecisions decisions;

    @Autowired
    TaskRedo redo;

    private final String id = Integer.toString(CASES.incrementAndGet());
    private String onEdit = "";

    @BeforeEach
    void forget() {
        MODEL.requests().clear();
    }

    /** Each reload reads what is there. */
    @AfterEach
    void removeItsFiles() {
        FILES.deleteAll(file -> file.matches("(ask-|[a-z]+_)" + id));
    }

    static Stream<Arguments> changes() {
        return Stream.of(OF_THE_AGENT.keySet(), OF_THE_TOOL.keySet(), Set.of("deleted"))
                .flatMap(Set::stream)
                .sorted()
                .flatMap(change -> Stream.of(Phase.values()).map(phase -> Arguments.of(change, phase)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aRecordedTurnIsNotAskedForAgainWhateverChanges(String change, Phase phase) {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(
                agent(""),
                phase == Phase.AFTER
                        ? "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id)
                        : "");
        answerIn(phase);
        UUID task = failing();
        int recorded = MODEL.requests().size();

        change(change);
        awaitAttemptAfterTheEdit(task);
        SERVER.always(path("gate"), FaultyServer.json("{}"));
        await().until(() -> hasEnded(task));

        boolean stops =
                phase != Phase.AFTER && Set.of("maxTokens", "maxCostUsd").contains(change)
                        || phase != Phase.AFTER && change.equals("maxIterations");
        assertThat(queue.progress(task).status())
                .as(queue.progress(task).error())
                .isEqualTo(stops ? TaskStatus.DEAD : TaskStatus.COMPLETED);
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSize(recorded + (stops || phase == Phase.AFTER ? 0 : 1));
        if (stops) {
            return;
        }
        assertThat(queue.progress(task).output()).contains(phase == Phase.AFTER ? "done" : "kind");
        JsonNode last = MODEL.requests().getLast();
        assertThat(toolResults(last).getFirst().path("content").asText()).isEqualTo("{\"paid\":true}");
        assertThat(last.path("messages").get(0))
                .isEqualTo(first().path("messages").get(0));
        assertThat(besidesMessages(last)).isEqualTo(besidesMessages(first()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "tools", "model", "temperature", "outputSchema", "description", "deleted"})
    void anAgentThatIsToRestartGoesOnWithItsNewDefinition(String change) {
        onEdit = "restart";
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(agent(""), "");
        answerIn(Phase.UNHEARD);
        UUID task = failing();

        change(change);
        awaitAttemptAfterTheEdit(task);
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("kind");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSize(2);
        JsonNode last = MODEL.requests().getLast();
        assertThat(toolResults(last).getFirst().path("content").asText()).isEqualTo("{\"paid\":true}");
        switch (change) {
            case "system" -> assertThat(last.toString()).contains("Another prompt");
            case "tools" -> assertThat(last.has("tools")).isFalse();
            case "model" -> assertThat(last.path("model").asText()).isEqualTo("sample-other");
            case "temperature" ->
                assertThat(last.path("temperature").asDouble()).isEqualTo(0.5);
            case "outputSchema" -> assertThat(last.toString()).contains("fits this JSON Schema");
            case "description" -> assertThat(last.toString()).contains("Pays otherwise");
            default -> assertThat(last.path("tools").toString()).doesNotContain("pay_" + id);
        }
    }

    static Stream<Arguments> redone() {
        return Stream.of("system", "tools", "model", "temperature", "outputSchema", "description", "deleted")
                .flatMap(change -> Stream.of(1, 3).flatMap(from -> Stream.of("", "restart")
                        .map(edit -> Arguments.of(change, from, edit, from == 3 && edit.isEmpty()))));
    }

    /** A redo makes no agent new whose first answer it keeps. One of which it forgets all answers begins again. */
    @ParameterizedTest
    @MethodSource("redone")
    void aRedoneAgentGoesOnAsTheAnswerSaysThatIsLeft(String change, int from, String edit, boolean asItBegan) {
        onEdit = edit;
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(agent(""), "");
        mind = paysAndGoesInCircles();
        SERVER.always(path("gate"), FaultyServer.json("{}"));
        UUID task = dead();
        int asked = MODEL.requests().size();

        change(change);
        mind = request -> toolResults(request).isEmpty() && request.toString().contains("\"pay_" + id)
                ? call(PAY.tool().formatted(id), PAY.arguments())
                : text("{\"kind\":\"a\"}");
        redo(task, from);

        assertThat(output(task)).contains("kind");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSizeGreaterThan(asked);
        assertThat(MODEL.requests().subList(asked, MODEL.requests().size()))
                .allSatisfy(request ->
                        assertThat(seen(request).equals(seen(first()))).isEqualTo(asItBegan));
    }

    /** Each has paid the same, and each finds its own payment again, from wherever both are asked again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void twoParallelAgentsOfARedoneTaskEachPayOnce(int question) {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        SERVER.always(path("gate"), FaultyServer.json("{}"));
        jury(true, agent("system: the first"), agent("system: the second"));
        mind = paysAndGoesInCircles();
        UUID task = dead();
        assertThat(SERVER.requests(path("pay"))).hasSize(2);

        mind = request -> toolResults(request).isEmpty()
                ? call(PAY.tool().formatted(id), PAY.arguments())
                : text("done by "
                        + request.path("messages").get(0).path("content").asText());
        redo(
                task,
                jdbc.sql("select min(n) from call where task_id = ? and (arguments ->> 'iteration')::int = ?")
                        .params(task, question)
                        .query(Integer.class)
                        .single());

        assertThat(output(task)).contains("done by the firstdone by the second");
        assertThat(SERVER.requests(path("pay"))).hasSize(2);
        assertThat(jdbc.sql("select count(*) from call where task_id = ? and tool = ? and state = 'SUCCEEDED'")
                        .params(task, PAY.tool().formatted(id))
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    private Function<JsonNode, Reply> paysAndGoesInCircles() {
        return request -> toolResults(request).isEmpty()
                ? call(PAY.tool().formatted(id), PAY.arguments())
                : call("gate_" + id, "{\"amount\":1}");
    }

    private UUID dead() {
        UUID task = submitted();
        await().until(() -> hasEnded(task));
        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.DEAD);
        assertThat(queue.progress(task).error()).contains("no_progress");
        return task;
    }

    private void redo(UUID task, int from) {
        assertThat(redo.redo(task, from, tools.reading(), ANN)).isInstanceOf(TaskRedo.Plan.Calls.class);
    }

    private static List<JsonNode> seen(JsonNode request) {
        return List.of(besidesMessages(request), request.path("messages").get(0));
    }

    /** The model says what it knew to say; it is told what it has to say now, and only then the tool is called. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aToolThatHasChangedIsCalledWhenTheModelKnowsThat(boolean diesBefore) {
        beforeItPays();
        mind = request -> switch (toolResults(request).size()) {
            case 0 -> call("gate_" + id, "{\"amount\":1}");
            case 1 ->
                new Reply.Calls(
                        List.of(new Call("pay_" + id, "{\"amount\":5}"), new Call("gate_" + id, "{\"amount\":2}")));
            case 3 -> call("pay_" + id, "{\"amount\":5,\"reason\":\"broken\"}");
            default -> text("done");
        };
        UUID task = failing();
        change("parameter.reason");
        awaitAttemptAfterTheEdit(task);
        if (diesBefore) { // the model is told so, and the attempt fails before it can act on that
            SERVER.next(path("gate"), FaultyServer.json("{}"));
            SERVER.next(path("gate"), FaultyServer.status(500, "", ""));
        }
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("done");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSize(4);
        assertThat(besidesMessages(MODEL.requests().get(1))).isEqualTo(besidesMessages(first()));
        JsonNode told = MODEL.requests().get(2);
        assertThat(toolResults(told).get(1).path("content").asText())
                .contains("\"type\":\"changed\"", "\"required\":[\"amount\",\"reason\"]");
        assertThat(told.path("tools").toString()).contains("reason");
        assertThat(besidesMessages(MODEL.requests().getLast())).isEqualTo(besidesMessages(told));
    }

    @Test
    void aToolThatWasDeletedIsRemovedForTheModel() {
        beforeItPays();
        mind = request -> switch (toolResults(request).size()) {
            case 0 -> call("gate_" + id, "{\"amount\":1}");
            case 1 -> call("pay_" + id, "{\"amount\":5}");
            default -> text("done");
        };
        UUID task = failing();
        change("deleted");
        awaitAttemptAfterTheEdit(task);
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("done");
        assertThat(SERVER.requests(path("pay"))).isEmpty();
        assertThat(toolResults(MODEL.requests().getLast())
                        .getLast()
                        .path("content")
                        .asText())
                .contains("\"type\":\"removed\"", "'pay_%s' was removed".formatted(id));
    }

    /** A hold reaches what a model knew before. */
    @Test
    void aHoldStopsAnAgentThatGoesOnAsItBegan() {
        beforeItPays();
        mind = request -> toolResults(request).isEmpty() ? call("gate_" + id, "{\"amount\":1}") : text("done");
        UUID task = failing();
        change("system");
        awaitAttemptAfterTheEdit(task);
        long hold = holds.set(new Holds.Request(Kind.AGENT, "editor", "a test", null), ANN)
                .hold()
                .id();
        try {
            SERVER.always(path("gate"), FaultyServer.json("{}"));
            soon().until(() -> {
                hurry(task);
                return "HELD".equals(waitReason(task));
            });
            assertThat(MODEL.requests()).hasSize(1);
        } finally {
            holds.release(hold, ANN);
        }

        assertThat(output(task)).contains("done");
        assertThat(MODEL.requests().getLast().toString()).doesNotContain("Another prompt");
    }

    /** What an earlier release asked is not recorded with a definition: its agent goes on with that of now, once. */
    @Test
    void anAgentWithoutARecordedDefinitionGoesOnAsItIsNow() {
        UUID task = beforeTheModelHears();
        edit(task, asked -> asked.remove("pinned"));

        change("system");
        awaitAttemptAfterTheEdit(task);
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("kind");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests().getLast().toString()).contains("Another prompt");
    }

    /** Nothing is lost: with the model, or with {@code onEdit: restart}, it goes on. */
    @Test
    void anAgentWhoseModelIsNotConfiguredAnyMoreSaysSo() {
        UUID task = beforeTheModelHears();
        UUID retired = UUID.randomUUID();
        jdbc.sql("insert into agent_definition (digest, body) values (?, '{\"model\":\"retired\",\"tools\":[]}')")
                .param(retired)
                .update();
        edit(task, asked -> asked.put("pinned", retired.toString()));
        awaitAttemptAfterTheEdit(task);
        SERVER.always(path("gate"), FaultyServer.json("{}"));
        await().until(() -> hasEnded(task));

        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.DEAD);
        assertThat(queue.progress(task).error())
                .contains("model_removed", "'retired'", "there are [default, odd, other]", "onEdit: restart");
        assertThat(MODEL.requests()).hasSize(1);

        onEdit = "restart";
        workflow(agent(""), "");
        edited("ask");
        decisions.redrive(task, ANN);

        assertThat(output(task)).contains("kind");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSize(2);
    }

    private void beforeItPays() {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(agent(""), "");
    }

    /** One that has paid, and whose model has not heard of it. */
    private UUID beforeTheModelHears() {
        beforeItPays();
        answerIn(Phase.UNHEARD);
        return failing();
    }

    /** Changes what is recorded of the questions to the model. */
    private void edit(UUID task, Consumer<ObjectNode> change) {
        jdbc.sql("select address, arguments::text as said from call where task_id = ? and tool like 'model.%'")
                .param(task)
                .query()
                .listOfRows()
                .forEach(row -> {
                    ObjectNode said = (ObjectNode) json(row.get("said"));
                    change.accept(said);
                    jdbc.sql("update call set arguments = ?::json where task_id = ? and address = ?")
                            .params(Json.write(said), task, row.get("address"))
                            .update();
                });
    }

    private String waitReason(UUID task) {
        return jdbc.sql("select coalesce(wait_reason, '') from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private static JsonNode first() {
        return MODEL.requests().getFirst();
    }

    /** What the model sees in any turn. */
    private static JsonNode besidesMessages(JsonNode request) {
        return ((ObjectNode) request.deepCopy()).without("messages");
    }

    /** What the model heard then, and acted on, is not looked up again. */
    @ParameterizedTest
    @ValueSource(strings = {"unknown_tool", "invalid_arguments"})
    void aCallThatWasNotMadeIsNotMadeAfterTheModelHeardThat(String problem) {
        boolean unknown = problem.equals("unknown_tool");
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        tool("late", unknown ? "tags: others" : "parameter.reason: string");
        workflow(agent(""), "");
        mind = request -> switch (toolResults(request).size()) {
            case 0 -> call("late_" + id, "{\"amount\":5}");
            case 1 -> call("pay_" + id, "{\"amount\":5}");
            case 2 -> call("gate_" + id, "{\"amount\":1}");
            default -> text("done");
        };
        UUID task = failing();

        tool("late", "");
        edited("late");
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("done");
        assertThat(SERVER.requests(path("late"))).isEmpty();
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSize(4);
        assertThat(toolResults(MODEL.requests().getLast())
                        .getFirst()
                        .path("content")
                        .asText())
                .contains(problem);
    }

    /** A call that failed for good and was wanted again is two calls in every attempt. */
    @Test
    void aCallThatWasRejectedAndThenMadeIsNotMadeAThirdTime() {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(agent(""), "");
        SERVER.next(path("pay"), FaultyServer.status(422, "", "{}"));
        mind = request -> switch (toolResults(request).size()) {
            case 0 -> call("pay_" + id, "{\"amount\":5}");
            case 1 ->
                new Reply.Calls(
                        List.of(new Call("pay_" + id, "{\"amount\":5}"), new Call("gate_" + id, "{\"amount\":1}")));
            default -> text("done");
        };
        UUID task = failing();

        change("system");
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("done");
        assertThat(SERVER.requests(path("pay"))).hasSize(2);
        assertThat(MODEL.requests()).hasSize(3);
    }

    @Test
    void anotherInputIsAnotherQuestionAndWhatIsPaidStaysPaid() {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(agent(""), "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id));
        answerIn(Phase.AFTER);
        UUID task = failing();

        workflow(
                "- setBody: { expression: { constant: { expression: 'another question' } } }\n" + agent(""),
                "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id));
        edited("ask");
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("done");
        assertThat(MODEL.requests()).hasSize(4);
        assertThat(MODEL.requests().getLast().toString()).contains("another question");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
    }

    /** Two that have one name and one input are told apart by their branch and their definition. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalAgentsEachFindTheirOwnAnswer(boolean parallel) {
        tool("gate", "readOnlyHint: true");
        String first = agent("system: the first");
        String second = agent("system: the second");
        jury(parallel, first, second);
        mind = request -> text(
                "answer to " + request.path("messages").get(0).path("content").asText());
        UUID task = failing();
        List<JsonNode> asked = new ArrayList<>(MODEL.requests());

        jury(parallel, agent("system: the first of all"), second);
        edited("ask");
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("answer to the firstanswer to the second");
        assertThat(MODEL.requests()).hasSameSizeAs(asked).hasSize(2);
    }

    /** A loop asks the same again and again: each time it is another question. */
    @Test
    void anAgentInALoopIsAskedEachTimeAndNeverTwice() {
        tool("gate", "readOnlyHint: true");
        AtomicInteger n = new AtomicInteger();
        mind = request -> text("answer " + n.incrementAndGet());
        workflow(loop(""), "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id));
        UUID task = failing();

        workflow(loop("system: another"), "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id));
        edited("ask");
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("answer 3");
        assertThat(MODEL.requests()).hasSize(3);
    }

    /** An agent that failed and is begun again in the same attempt goes on where it stopped. */
    @Test
    void anAgentThatIsTriedAgainInTheSameAttemptPaysOnce() {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        SERVER.next(path("gate"), FaultyServer.status(500, "", ""));
        SERVER.always(path("gate"), FaultyServer.json("{}"));
        answerIn(Phase.UNHEARD);
        workflow(
                """
                - doTry:
                    steps:
                %s
                    doCatch:
                      - exception: [ io.drover.guard.ToolCallException ]
                        steps:
                %s"""
                        .formatted(agent("").indent(6), agent("").indent(10)),
                "");
        UUID task = submitted();

        assertThat(output(task)).contains("kind");
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
        assertThat(MODEL.requests()).hasSize(2);
    }

    /** The release before knew a question by agent, turn and a digest of the conversation. */
    @Test
    void questionsOfTheReleaseBeforeAreAnsweredFromTheJournal() {
        UUID task = failingAsBefore();

        awaitAttemptAfterTheEdit(task);
        SERVER.always(path("gate"), FaultyServer.json("{}"));

        assertThat(output(task)).contains("done");
        assertThat(MODEL.requests()).hasSize(2);
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "model", "description"})
    void questionsOfTheReleaseBeforeAreNotAskedAgainWhenTheAgentHasChanged(String change) {
        UUID task = failingAsBefore();

        change(change);
        SERVER.always(path("gate"), FaultyServer.json("{}"));
        await().until(() -> queue.progress(task).status().isTerminal());

        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.DEAD);
        assertThat(queue.progress(task).error())
                .contains("outdated")
                .contains("it began under an earlier release")
                .contains("question 1 was answered");
        assertThat(MODEL.requests()).hasSize(2);
        assertThat(SERVER.requests(path("pay"))).hasSize(1);
    }

    /** One whose agent has answered, recorded as the release before did. */
    private UUID failingAsBefore() {
        tool("pay", "");
        tool("gate", "readOnlyHint: true");
        workflow(agent(""), "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id));
        answerIn(Phase.AFTER);
        UUID task = failing();
        jdbc.sql("select address, tool, arguments::text as said from call where task_id = ? and tool like 'model.%'")
                .param(task)
                .query()
                .listOfRows()
                .forEach(row -> {
                    ObjectNode said = (ObjectNode) json(row.get("said"));
                    String before = Json.canonical(said.retain("agent", "conversation", "iteration"));
                    jdbc.sql("update call set address = ?, arguments = ?::json where task_id = ? and address = ?")
                            .params(
                                    Digest.uuid(task.toString(), (String) row.get("tool"), before, "1"),
                                    before,
                                    task,
                                    row.get("address"))
                            .update();
                });
        return task;
    }

    private static JsonNode json(Object text) {
        try {
            return Json.parse((String) text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String path(String tool) {
        return "/%s-%s".formatted(tool, id);
    }

    private void answerIn(Phase phase) {
        Call pay = new Call(PAY.tool().formatted(id), PAY.arguments());
        Call gate = new Call("gate_" + id, "{\"amount\":1}");
        mind = request -> switch (toolResults(request).size()) {
            case 0 -> new Reply.Calls(phase == Phase.UNHEARD ? List.of(pay, gate) : List.of(pay));
            case 1 -> phase == Phase.HEARD ? new Reply.Calls(List.of(gate)) : text("done");
            default -> text("{\"kind\":\"a\"}");
        };
    }

    /** A task whose attempts fail at the gate, as often as it takes. */
    private UUID failing() {
        SERVER.always(path("gate"), FaultyServer.status(500, "", ""));
        UUID task = submitted();
        await().until(() -> !SERVER.requests(path("gate")).isEmpty());
        return task;
    }

    /** The attempt that fails next may have begun before the edit. */
    private void awaitAttemptAfterTheEdit(UUID task) {
        int failed = SERVER.requests(path("gate")).size();
        await().until(() -> hasEnded(task) || SERVER.requests(path("gate")).size() >= failed + 2);
    }

    private UUID submitted() {
        soon().until(() -> workflows.get("ask-" + id) != null && tools.current().get("gate_" + id) != null);
        if (SERVER.requests(path("late")).isEmpty()
                && FILES.file("pay_" + id).toFile().exists()) {
            soon().until(() -> tools.current().get("pay_" + id) != null);
        }
        return submit("ask-" + id);
    }

    private void change(String option) {
        if (option.equals("deleted")) {
            FILES.delete("pay_" + id);
            soon().until(() -> tools.current().get("pay_" + id) == null);
        } else if (OF_THE_TOOL.containsKey(option)) {
            tool("pay", "%s: %s".formatted(option, OF_THE_TOOL.get(option)));
            edited("pay");
        } else {
            String after = FILES.read("ask-" + id).contains("tool:gate_")
                    ? "- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }".formatted(id)
                    : "";
            workflow(agent("%s: %s".formatted(option, OF_THE_AGENT.get(option))), after);
            edited("ask");
        }
    }

    private void edited(String file) {
        String route = file.equals("ask") ? "ask-" + id : file + "_" + id;
        // the route is there a moment before new attempts take it
        soon().until(() -> file.equals("ask")
                ? workflows.get(route).routeId().equals(route + "@2")
                : file.equals("late") || tools.current().get(route).routeId().equals(route + "@2"));
        soon().until(() -> routeIds(route).contains(route + "@2"));
    }

    private void tool(String name, String option) {
        String tags = option.startsWith("tags") ? option : "tags: edited-%s\n        %s".formatted(id, option);
        FILES.write(
                name + "_" + id,
                """
                - route:
                    id: %s
                    from:
                      uri: tool:%s
                      parameters:
                        retries: 0
                        timeout: 10s
                        parameter.amount: integer
                        %s
                      steps:
                        - setBody: { expression: { constant: { expression: "{}" } } }
                        - to: { uri: "{{server.url}}%s", parameters: { httpMethod: POST } }
                """
                        .formatted(
                                name + "_" + id,
                                name + "_" + id,
                                tags.replace("\n        ", "\n" + " ".repeat(8)),
                                path(name)));
        SERVER.always(path(name), FaultyServer.json("{\"paid\":true}"));
    }

    private String agent(String option) {
        StringBuilder parameters = new StringBuilder();
        if (!option.startsWith("tools")) {
            parameters.append("    tools: edited-%s\n".formatted(id));
        }
        if (!option.isEmpty()) {
            parameters.append("    ").append(option).append('\n');
        }
        if (!onEdit.isEmpty()) {
            parameters.append("    onEdit: ").append(onEdit).append('\n');
        }
        return "- to:\n    uri: agent:editor\n    parameters:\n"
                + parameters.toString().indent(2);
    }

    private String loop(String option) {
        return """
                - loop:
                    expression: { constant: { expression: "3" } }
                    steps:
                      - setBody: { expression: { constant: { expression: "the same" } } }
                %s"""
                .formatted(agent(option).indent(6));
    }

    private void jury(boolean parallel, String first, String second) {
        workflow(
                """
                - setBody: { expression: { constant: { expression: "the question" } } }
                - multicast:
                    parallelProcessing: %s
                    aggregationStrategy: "#class:org.apache.camel.processor.aggregate.StringAggregationStrategy"
                    steps:
                %s%s"""
                        .formatted(parallel, first.indent(6), second.indent(6)),
                "- setVariable: { name: both, expression: { simple: { expression: '${body}' } } }\n- to: { uri: tool:gate_%s, parameters: { arg.amount: '1' } }\n- setBody: { expression: { simple: { expression: '${variable.both}' } } }"
                        .formatted(id));
    }

    private void workflow(String steps, String after) {
        String kept = after.startsWith("- to:")
                ? "- setVariable: { name: said, expression: { simple: { expression: '${body}' } } }\n"
                        + after
                        + "\n- setBody: { expression: { simple: { expression: '${variable.said}' } } }"
                : after;
        FILES.write(
                "ask-" + id,
                """
                - route:
                    id: ask-%s
                    from:
                      uri: task:ask-%s
                      parameters: { maxAttempts: 1000, backoff: 100ms }
                      steps:
                %s%s"""
                        .formatted(id, id, steps.indent(8), kept.isEmpty() ? "" : kept.indent(8)));
    }
}
