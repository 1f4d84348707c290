package io.drover.crash;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.Effort;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.local.SampleModel;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Agents in real processes that die: what a model has answered is paid once. */
class AgentCrashTest {

    private static final int ITERATIONS = Effort.of(3, 10);

    private final FaultyServer server = new FaultyServer();
    private Function<JsonNode, Reply> mind = request -> toolResults(request).size() < ITERATIONS
            ? call("look", "{\"what\":\"%d\"}".formatted(toolResults(request).size()))
            : text("done");
    private final SampleModel model = new SampleModel(0, request -> mind.apply(request));
    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    private String directory = "src/test/resources/routes-agent";
    private final List<DroverProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(DroverProcess::close);
        model.close();
        server.close();
    }

    @Test
    void killedInEveryIterationItAsksTheModelForNothingTwice() {
        server.always("/look", FaultyServer.after(1_500, FaultyServer.json("{\"ok\":true}")));
        String patience = "--drover.tools.look.timeout=1m"; // a call that is too slow is another one for the model
        DroverProcess worker = worker(patience).awaitClaiming();
        UUID task = submit("one");

        for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
            int answered = iteration;
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> count("select count(*) from call where tool = 'model.default' and state = 'SUCCEEDED'")
                            >= answered);
            worker.kill();
            worker = worker(patience);
        }

        await().until(() -> status(task).equals("COMPLETED"));
        assertThat(model.requests())
                .as("the answers with a call, and the last one")
                .hasSize(ITERATIONS + 1);
        assertThat(count("select count(*) from call where tool = 'look' and state = 'SUCCEEDED'"))
                .isEqualTo(ITERATIONS);
    }

    @Test
    @Tag("release")
    void fiftyAtOnceOnTwoWorkersAreAllAnswered() {
        server.always("/look", FaultyServer.after(20, FaultyServer.json("{\"ok\":true}")));
        String[] lasting = {"--drover.worker.lease=30s", "--drover.worker.heartbeat=5s"
        }; // none of them is to be given up
        worker(lasting).awaitClaiming();
        worker(lasting).awaitClaiming();
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(submit("many " + i));
        }

        await().until(() -> all.stream().allMatch(task -> status(task).equals("COMPLETED")));
        assertThat(model.requests()).hasSize(50 * (ITERATIONS + 1));
    }

    /** It has paid, its prompt is edited, its process dies: the next one must not pay again, whatever it is made of. */
    @Test
    @Tag("release")
    void anEditWhileItIsKilledBringsNoSecondPayment(@TempDir Path routes) throws Exception {
        server.always("/look", FaultyServer.after(30_000, FaultyServer.json("{}")));
        mind = AgentCrashTest::pays;
        tool(routes, "look", "readOnlyHint: true\n        timeout: 60s", "goes_on,restarts,keyed");
        tool(routes, "refund", "", "goes_on,restarts");
        tool(routes, "refund_once", "effectKey: ${variable.order}", "keyed");
        List<String> agents = List.of("goes_on", "restarts", "keyed");
        for (String agent : agents) {
            agent(routes, agent, "Be strict");
        }
        directory = routes.toString();
        DroverProcess worker = worker().awaitClaiming();
        List<UUID> tasks = agents.stream().map(agent -> submit(agent, agent)).toList();
        await().until(() -> server.requests("/look").size() == 3
                && count("select count(*) from call where tool like 'refund%' and state = 'SUCCEEDED'") == 3);

        worker.kill();
        for (String agent : agents) {
            agent(routes, agent, "Be kind");
        }
        server.always("/look", FaultyServer.json("{}"));
        worker();

        await().until(() -> tasks.stream().allMatch(task -> status(task).equals("COMPLETED")));
        assertThat(count("select count(*) from agent_definition"))
                .as("two before the edit, of which two tasks share one, and two after it")
                .isEqualTo(4);
        for (String agent : agents) {
            List<JsonNode> asked = model.requests().stream()
                    .filter(request -> request.toString().contains("text\\\":\\\"" + agent))
                    .toList();
            assertThat(server.requests().stream().filter(sent -> sent.body().equals(agent)))
                    .as(agent)
                    .hasSize(1);
            assertThat(asked).as(agent).hasSize(agent.equals("keyed") ? 3 : 2);
            assertThat(asked.getLast().toString())
                    .contains(agent.equals("goes_on") ? "Be strict" : "Be kind")
                    .contains(agent.equals("keyed") ? "already_done" : "{}");
        }
    }

    /** A canary with a new prompt: what it began goes back to the stable version, what that one began on to the promoted one. */
    @Test
    @Tag("release")
    void anAgentGoesOnAsItBeganOnTheOtherSideOfACanary(@TempDir Path stable, @TempDir Path canary, @TempDir Path after)
            throws Exception {
        server.always("/look", FaultyServer.after(30_000, FaultyServer.json("{}")));
        mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(
                        new Call(
                                "refund",
                                "{\"order\":\"%s\",\"note\":\"\"}"
                                        .formatted(request.toString().contains("returned") ? "returned" : "promoted")),
                        new Call("look", "{\"order\":\"\",\"note\":\"\"}")))
                : text("done");
        for (Path routes : List.of(stable, canary, after)) {
            tool(routes, "look", "readOnlyHint: true\n        timeout: 60s", "returned,promoted");
            tool(routes, "refund", "", "returned,promoted");
            agent(routes, "returned", routes == canary ? "Be kind" : "Be strict", "continue");
            agent(routes, "promoted", routes == stable ? "Be strict" : "Be kind", "continue");
        }
        directory = stable.toString();
        DroverProcess first = worker("--drover.worker.workflows=promoted").awaitClaiming();
        directory = canary.toString();
        DroverProcess second = worker("--drover.worker.track=canary").awaitClaiming();
        UUID promoted = submit("promoted", "promoted");
        UUID returned = submit("returned", "returned", "canary");
        await().until(() -> server.requests("/look").size() == 2
                && count("select count(*) from call where tool = 'refund' and state = 'SUCCEEDED'") == 2);

        first.kill();
        second.kill();
        server.always("/look", FaultyServer.json("{}"));
        directory = after.toString();
        worker();

        await().until(() -> List.of(promoted, returned).stream()
                .allMatch(task -> status(task).equals("COMPLETED")));
        for (String workflow : List.of("promoted", "returned")) {
            List<JsonNode> asked = model.requests().stream()
                    .filter(request -> request.toString().contains(workflow))
                    .toList();
            assertThat(asked).as(workflow).hasSize(2).allSatisfy(request -> assertThat(request.toString())
                    .contains(workflow.equals("returned") ? "Be kind" : "Be strict"));
            assertThat(server.requests("/refund").stream()
                            .filter(sent -> sent.body().equals(workflow)))
                    .hasSize(1);
        }
        assertThat(count("select count(*) from agent_definition")).isEqualTo(2);
    }

    /** A model that, under its new prompt, wants the same payment again with other words, unless it trusts what it hears. */
    private static Reply pays(JsonNode request) {
        List<JsonNode> results = toolResults(request);
        boolean kind = request.toString().contains("Be kind");
        boolean keyed = request.path("tools").toString().contains("refund_once");
        boolean trusts = request.toString().contains("restarts");
        String agent = keyed ? "keyed" : trusts ? "restarts" : "goes_on";
        Call refund = new Call(
                keyed ? "refund_once" : "refund",
                "{\"order\":\"%s\",\"note\":\"%s\"}".formatted(agent, kind ? "kindly" : "strictly"));
        if (results.isEmpty()) {
            return new Reply.Calls(List.of(refund, new Call("look", "{\"order\":\"\",\"note\":\"\"}")));
        }
        return kind && !trusts && results.size() == 2 ? new Reply.Calls(List.of(refund)) : text("done");
    }

    private static void tool(Path routes, String name, String option, String tags) throws IOException {
        write(
                routes,
                name,
                """
                - route:
                    id: %s
                    from:
                      uri: tool:%s
                      parameters:
                        tags: %s
                        parameter.order: string
                        parameter.note: string
                        %s
                      steps:
                        - setBody: { expression: { simple: { expression: "${variable.order}" } } }
                        - to: { uri: "{{server.url}}/%s", parameters: { httpMethod: POST } }
                """
                        .formatted(name, name, tags, option, name));
    }

    private static void agent(Path routes, String name, String prompt) throws IOException {
        agent(routes, name, prompt, name.equals("goes_on") ? "continue" : "restart");
    }

    private static void agent(Path routes, String name, String prompt, String onEdit) throws IOException {
        write(
                routes,
                name,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      steps:
                        - to:
                            uri: agent:payer
                            parameters:
                              system: %s
                              tools: %s
                              onEdit: %s
                """
                        .formatted(name, name, prompt, name, onEdit));
    }

    private static void write(Path routes, String name, String yaml) throws IOException {
        Files.writeString(routes.resolve(name + ".camel.yaml"), yaml);
    }

    private DroverProcess worker(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--drover.role=worker",
                "--drover.routes.directory=" + directory,
                "--server.url=" + server.url(),
                "--drover.models.default.url=" + model.url(),
                "--drover.models.default.model=sample",
                "--drover.models.dear.url=" + model.url(),
                "--drover.models.dear.model=sample",
                "--drover.models.broken.url=" + model.url(),
                "--drover.models.broken.model=sample",
                "--drover.models.very-dear.url=" + model.url(),
                "--drover.models.very-dear.model=sample"));
        options.addAll(List.of(more));
        DroverProcess process = DroverProcess.start(jdbcUrl, null, options.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    private UUID submit(String text) {
        return submit("reader", text);
    }

    private UUID submit(String workflow, String text) {
        return submit(workflow, text, "stable");
    }

    private UUID submit(String workflow, String text, String track) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into task (id, workflow, status, input, track) values (?, ?, 'QUEUED', ?::json, ?)")
                .params(id, workflow, "{\"text\":\"%s\"}".formatted(text), track)
                .update();
        return id;
    }

    private String status(UUID task) {
        return jdbc.sql("select status from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }
}
