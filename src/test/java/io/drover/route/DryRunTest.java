package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.journal.KeptPreviews;
import io.drover.journal.Mode;
import io.drover.journal.Preview;
import io.drover.journal.Submission;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskDecisions.Decision;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A dry run has no effect, whatever its workflow, its models, its attempts and people do. */
class DryRunTest extends RulesTestBase {

    private static final Actor OPERATOR = Actor.person("opal", Role.OPERATOR);

    @Autowired
    KeptPreviews previews;

    @Autowired
    TaskDecisions decisions;

    @Autowired
    TaskRedo redo;

    private Submit request(String input) {
        return new Submit(flow, null, input, null, Duration.ZERO, "sub").in(Mode.DRY_RUN);
    }

    private UUID dry(String input) {
        return tasks.submit(request(input)).join().id();
    }

    private String call(String tool) {
        return "- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\" }, variableReceive: %s }\n"
                .formatted(tool, tool);
    }

    private String result(String variable) {
        return "- setBody: { simple: { expression: \"${variable.%s}\" } }\n".formatted(variable);
    }

    private List<String> calls(UUID task) {
        return jdbc.sql("select concat(tool, ' ', state, ' ', tries) from call where task_id = ? order by n")
                .param(task)
                .query(String.class)
                .list();
    }

    private List<Preview> previewed(UUID task) {
        return List.copyOf(previews.of(task).values());
    }

    private int sent(String tool) {
        return SERVER.requests("/" + tool).size();
    }

    @Test
    void aCallIsShownAndNotMade() throws Exception {
        UUID task = dry("{\"amount\":5}");

        assertThat(Json.parse(output(task))).isEqualTo(Json.parse("{\"amount\":5,\"dryRun\":true}"));
        assertThat(paid()).isZero();
        assertThat(calls(task)).containsExactly(pay + " SUCCEEDED 0");
        assertThat(previewed(task))
                .extracting(Preview::answeredBy, Preview::asks)
                .containsExactly(tuple("echo", null));
        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void aToolThatReadsIsCalledAndOthersAnswerAsTheirOptionsSay() {
        String reads = "reads_" + id;
        String said = "said_" + id;
        String seen = "seen_" + id;
        tool(reads, "parameter.amount: number", "readOnlyHint: true");
        tool(said, "parameter.amount: number", "dryRunResult: '{\"made\":[\"no\"]}'", "retries: 0");
        tool(seen, "parameter.amount: number", "parameter.note: string?", "preview: " + reads);
        edit(call(reads)
                + call(said)
                + call(seen)
                + "- setBody: { simple: { expression: \"${map(reads,${variable.%s},said,${variable.%s},seen,${variable.%s})}\" } }\n"
                        .formatted(reads, said, seen));

        UUID task = dry("{\"amount\":5}");

        assertThat(output(task))
                .isEqualTo("{\"reads\":{\"made\":true},\"said\":{\"made\":[\"no\"]},\"seen\":{\"made\":true}}");
        assertThat(sent(reads)).isEqualTo(2);
        assertThat(sent(said) + sent(seen)).isZero();
        assertThat(previewed(task)).extracting(Preview::answeredBy).containsExactly("dryRunResult", "tool:" + reads);
    }

    @Test
    void aPreviewThatDoesMoreThanReadIsNotCalled() {
        String seen = "seen_" + id;
        tool(seen, "parameter.amount: number");
        FILES.write(
                "other_" + id,
                """
                - route:
                    id: other_%1$s
                    from:
                      uri: tool:other_%1$s
                      parameters: { description: Pays, parameter.amount: number, preview: "{{no.such:%2$s}}" }
                      steps:
                        - to: { uri: "{{server.url}}/other" }
                """
                        .formatted(id, seen));
        soon().until(() -> tools.current().get("other_" + id) != null);
        edit(call("other_" + id));

        assertThat(dead(dry("{\"amount\":5}"))).contains("preview: tool:%s does not only read".formatted(seen));
        assertThat(sent(seen)).isZero();
    }

    @Test
    void nobodyIsAskedAndItIsShownThatSomebodyWouldBe() {
        String asks = "asks_" + id;
        String reads = "reads_" + id;
        tool(
                asks,
                "parameter.amount: number",
                "approval: \"${variable.amount} > 3\"",
                "summary: Pay ${variable.amount}");
        tool(reads, "parameter.amount: number", "readOnlyHint: true", "approval: always");
        rules(rule("args.amount > 4 && mode == 'dry-run'", "ask"));
        edit(call(asks) + call(reads) + call(pay));

        UUID task = dry("{\"amount\":5}");

        output(task);
        assertThat(previewed(task))
                .extracting(Preview::asks)
                .containsExactly("Pay 5", "approval: always", "rule rule-%s asks a person: So it is.".formatted(id));
        assertThat(asks(task)).isEmpty();
        assertThat(sent(asks) + sent(reads) + paid()).isZero();
    }

    @Test
    void schemaAndRulesAreThoseOfALiveTask() {
        rules(rule("args.amount > 4", "forbid"));

        assertThat(dead(dry("{\"amount\":5}"))).contains("rule rule-%s forbids it".formatted(id));
        assertThat(dead(dry("{\"amount\":\"much\"}"))).contains("amount");
        assertThat(output(dry("{\"amount\":3}"))).contains("dryRun");
        assertThat(paid()).isZero();
    }

    @Test
    void noEffectKeyIsUsedUp() {
        String keyed = "keyed_" + id;
        tool(keyed, "parameter.amount: number", "effectKey: \"${variable.amount}\"", "effectScope: all");
        edit(call(keyed));

        output(dry("{\"amount\":5}"));
        assertThat(sent(keyed)).isZero();
        output(start("{\"amount\":5}"));
        output(dry("{\"amount\":5}"));

        assertThat(sent(keyed)).isEqualTo(1);
    }

    @Test
    void theKeyOfADryRunIsFreeForTheLiveTask() {
        Submit live = new Submit(flow, "key-" + id, "{\"amount\":5}", null, Duration.ZERO, "sub", "user:sub");

        Submission dry = tasks.submit(live.in(Mode.DRY_RUN)).join();
        Submission again = tasks.submit(live.in(Mode.DRY_RUN)).join();
        Submission real = tasks.submit(live).join();

        assertThat(again).isEqualTo(new Submission.Known(dry.id()));
        assertThat(real).isInstanceOf(Submission.Accepted.class);
        output(dry.id());
        output(real.id());
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void waitsPassAndSignalsAreNotSent() throws Exception {
        edit(
                """
                - to: { uri: "wait:until", parameters: { duration: 2h } }
                - to: { uri: "wait:signal", parameters: { name: answered, key: "k%1$s", timeout: 3d }, variableReceive: none }
                - to: { uri: "wait:signal", parameters: { name: answered, key: "k%1$s", dryRunResult: '{"yes":true}' }, variableReceive: one }
                - to: { uri: "signal:answered", parameters: { key: "k%1$s" } }
                - setBody: { simple: { expression: "${map(none,${variable.none[outcome]},one,${variable.one[body]})}" } }
                """
                        .formatted(id));

        UUID task = dry("{\"amount\":5}");

        assertThat(Json.parse(output(task))).isEqualTo(Json.parse("{\"none\":\"timeout\",\"one\":{\"yes\":true}}"));
        assertThat(jdbc.sql("select count(*) from signal where key = ?")
                        .param("k" + id)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(calls(task))
                .containsExactly(
                        "wait:until SUCCEEDED 1",
                        "wait:signal SUCCEEDED 1",
                        "wait:signal SUCCEEDED 1",
                        "signal:answered SUCCEEDED 1");
    }

    @Test
    void childrenAreDryRunsAndNobodyIsCalledBack() {
        String told = "told_" + id;
        tool(told, "parameter.task: string");
        String parent = "parent-" + id;
        FILES.write(
                parent,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { onEnd: "tool:%2$s" }
                      steps:
                        - to: { uri: "task:%3$s", parameters: { key: "loose", mode: live }, variableReceive: loose }
                        - to: { uri: "task:%3$s", parameters: { key: "shared", await: "true", shared: "true" } }
                """
                        .formatted(parent, told, flow));
        soon().until(() -> workflows.get(parent) != null);

        UUID task = tasks.submit(
                        new Submit(parent, null, "{\"amount\":5}", null, Duration.ZERO, "sub").in(Mode.DRY_RUN))
                .join()
                .id();

        assertThat(output(task)).contains("dryRun");
        assertThat(jdbc.sql("select mode from task where workflow = ?")
                        .param(flow)
                        .query(String.class)
                        .list())
                .containsExactly("dry-run", "dry-run");
        soon().until(() -> jdbc.sql("select count(*) from task where workflow = ? and status = 'COMPLETED'")
                        .param(flow)
                        .query(Integer.class)
                        .single()
                == 2);
        assertThat(jdbc.sql("select count(*) from task where workflow = 'on-end' and input::text like ?")
                        .param("%" + task + "%")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(paid()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- to: { uri: \"{{server.url}}/outside\" }",
                "- toD: { uri: \"{{server.url}}/outside\" }",
                "- enrich: { expression: { constant: { expression: \"{{server.url}}/outside\" } } }",
                "- recipientList: { expression: { constant: { expression: \"{{server.url}}/outside\" } } }",
                "- bean: { beanType: java.util.ArrayList, method: size }",
                "- setBody: { simple: { expression: \"${bean:type:java.lang.System?method=nanoTime}\" } }",
                "- log: { message: \"${bean:type:java.lang.System?method=nanoTime}\" }",
                "- to: { uri: \"tool:PAY\", parameters: { arg.amount: \"${bean:type:java.lang.System?method=nanoTime}\" } }",
                "- doTry: { steps: [ { to: { uri: \"{{server.url}}/outside\" } } ], doCatch: [ { exception: [ java.lang.Exception ], steps: [ { log: { message: caught } } ] } ] }",
            })
    void aWorkflowWithEffectsOutsideToolsIsRefused(String step) {
        UUID before = tasks.submit(
                        new Submit(flow, null, "{\"amount\":5}", null, Duration.ofHours(1), "sub").in(Mode.DRY_RUN))
                .join()
                .id();

        edit(step.replace("PAY", pay));

        assertThatThrownBy(() -> dry("{\"amount\":5}"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("task:%s cannot be run dry".formatted(flow))
                .hasMessageContaining("outside a tool")
                .hasMessageContaining("in the route " + flow);
        // one that was accepted before the edit sends nothing either
        jdbc.sql("update task set run_at = now(), status = 'QUEUED', wait_reason = null where id = ?")
                .param(before)
                .update();
        if (step.contains("doTry")) {
            output(before);
        } else {
            assertThat(dead(before)).contains("a dry run has no effects");
        }
        assertThat(SERVER.requests("/outside")).isEmpty();
        assertThat(paid()).isZero();
    }

    @Test
    void effectsInARouteThatTheWorkflowReachesAreRefusedToo() {
        String inner = "inner-" + id;
        FILES.write(
                inner,
                """
                - route:
                    id: %1$s
                    from:
                      uri: direct:%1$s
                      steps:
                        - to: { uri: "{{server.url}}/outside" }
                """
                        .formatted(inner));
        edit("- to: { uri: \"direct:%s\" }".formatted(inner));

        // the workflow may be loaded before the route
        soon().untilAsserted(() ->
                assertThatThrownBy(() -> dry("{\"amount\":5}")).hasMessageContaining("in the route " + inner));
    }

    @Test
    void everyAttemptHearsTheSameAndNoneMakesTheCall() {
        tool("never_" + id, "parameter.amount: number", "readOnlyHint: true", "retries: 0");
        edit(call(pay) + "- to: { uri: \"tool:never_%s\" }\n".formatted(id));
        SERVER.always("/never_" + id, FaultyServer.status(500, "X-Test: yes", "no"));

        UUID task = dry("{\"amount\":5}");
        dead(task);
        List<String> first = results(task);
        again(task, () -> decisions.redrive(task, OPERATOR));
        dead(task);

        assertThat(results(task)).isEqualTo(first);
        again(task, () -> redo.redo(task, 2, Set.of("never_" + id), OPERATOR));
        dead(task);
        assertThat(results(task)).isEqualTo(first);
        assertThat(asks(task)).isEmpty();
        assertThat(paid()).isZero();
    }

    /** Returns when another attempt has begun. */
    private void again(UUID task, Runnable decision) {
        long before = token(task);
        decision.run();
        soon().until(() -> token(task) > before);
    }

    private long token(UUID task) {
        return jdbc.sql("select token from task where id = ?")
                .param(task)
                .query(Long.class)
                .single();
    }

    private List<String> results(UUID task) {
        return jdbc.sql("select concat(n, address, result) from call where task_id = ? and tool = ?")
                .params(task, pay)
                .query(String.class)
                .list();
    }

    /** As if an attempt of an older version had begun the call, and its worker had died. */
    @ParameterizedTest
    @ValueSource(strings = {"STARTED", "FAILED", "AGAIN"})
    void whatACrashedAttemptLeftIsNotMadeEither(String state) {
        tool("never_" + id, "parameter.amount: number", "readOnlyHint: true", "retries: 0");
        edit(call(pay) + "- to: { uri: \"tool:never_%s\" }\n".formatted(id));
        SERVER.always("/never_" + id, FaultyServer.status(500, "X-Test: yes", "no"));
        UUID task = dry("{\"amount\":5}");
        dead(task);
        jdbc.sql(
                        "update call set state = ?, result = null, error = '{\"message\":\"lost\"}' where task_id = ? and tool = ?")
                .params(state, task, pay)
                .update();

        SERVER.always("/never_" + id, FaultyServer.json("1"));
        again(task, () -> decisions.redrive(task, OPERATOR));
        if (state.equals("STARTED")) {
            soon().until(() -> queue.progress(task).status() == TaskStatus.WAITING);
            decisions.resolve(task, 1, new Decision(TaskDecisions.Resolution.AGAIN, null, null), OPERATOR);
        }

        output(task);
        assertThat(calls(task)).contains(pay + " SUCCEEDED 0");
        assertThat(paid()).isZero();
    }

    @Test
    void aModelThatTriesEveryToolHasNoEffect() {
        List<String> effects = new ArrayList<>(List.of(pay));
        for (String options :
                List.of("idempotentHint: true", "effectKey: \"${variable.amount}\"", "fallback: " + pay)) {
            String tool = "hostile_%d_%s".formatted(effects.size(), id);
            tool(tool, "tags: payments", "parameter.amount: number?", options);
            effects.add(tool);
        }
        AgentEditTest.mind =
                request -> toolResults(request).size() < 12 ? new Reply.Calls(offered(request)) : text("done");
        edit(
                "- to: { uri: \"agent:hostile-%s\", parameters: { system: Pay, tools: \"payments,memory\", memory: \"m%1$s\" } }"
                        .formatted(id));

        UUID task = dry("{\"amount\":5}");

        assertThat(output(task)).contains("done");
        assertThat(calls(task)).filteredOn(call -> !call.startsWith("model.")).hasSizeGreaterThanOrEqualTo(12);
        assertThat(effects).allSatisfy(tool -> assertThat(sent(tool)).isZero());
        assertThat(jdbc.sql("select count(*) from memory where key = ?")
                        .param("m" + id)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from effect where task_id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** Each tool that the model was told of, and some that it was not. */
    private List<Call> offered(JsonNode request) {
        List<Call> all = new ArrayList<>();
        for (JsonNode tool : request.path("tools")) {
            String name = tool.path("function").path("name").asText();
            all.add(new Call(
                    name,
                    name.equals("remember")
                            ? "{\"fact\":\"I was here\"}"
                            : name.equals("recall") ? "{\"query\":\"x\"}" : "{\"amount\":5}"));
        }
        all.add(new Call("memory.remember", "{\"key\":\"m%s\",\"fact\":\"x\"}".formatted(id)));
        return all;
    }

    /** As during an upgrade: a worker of an earlier release would make the calls. */
    @Test
    void aWorkerThatKnowsNoDryRunsGetsNone() {
        UUID task = tasks.submit(
                        new Submit(flow, null, "{\"amount\":5}", null, Duration.ofHours(1), "sub").in(Mode.DRY_RUN))
                .join()
                .id();
        jdbc.sql("update worker set runs_dry = false").update();
        try {
            jdbc.sql("update task set run_at = now(), status = 'QUEUED', wait_reason = null where id = ?")
                    .param(task)
                    .update();
            UUID live = tasks.submit(new Submit(flow, null, "{\"amount\":6}", 0, Duration.ofMillis(50), "sub"))
                    .join()
                    .id();
            output(live); // it was claimed after the dry run was due
            assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.QUEUED);
        } finally {
            jdbc.sql("update worker set runs_dry = true").update();
        }

        output(task);
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void aCacheIsNotFilled() {
        String cached = "cached_" + id;
        tool(cached, "parameter.amount: number", "readOnlyHint: true", "cache: 1h");
        edit(call(cached));

        output(dry("{\"amount\":5}"));
        output(start("{\"amount\":5}"));
        output(dry("{\"amount\":5}"));

        assertThat(sent(cached)).isEqualTo(2);
    }

    @Test
    void successRatesKeepDryRunsOut() {
        output(dry("{\"amount\":5}"));
        output(dry("{\"amount\":6}"));
        output(start("{\"amount\":7}"));

        // They are counted when the database has them, so a moment later.
        await().untilAsserted(() -> {
            assertThat(counter("agent.tasks.completed", "workflow", flow, "dry-run"))
                    .isEqualTo(2);
            assertThat(counter("agent.tasks.completed", "workflow", flow, "live"))
                    .isEqualTo(1);
        });
        assertThat(counter("agent.tool.calls", "tool", pay, "dry-run")).isEqualTo(2);
        assertThat(counter("agent.tool.calls", "tool", pay, "live")).isEqualTo(1);
    }

    private double counter(String name, String label, String value, String mode) {
        return meters.find(name).tags(label, value, "mode", mode).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
