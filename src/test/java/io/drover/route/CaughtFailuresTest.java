package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A failure that a workflow has caught and gone on from is an outcome: no later attempt makes the call again. */
class CaughtFailuresTest extends RouteFilesTestBase {

    private static final String TRY =
            """
                        - doTry:
                            steps:
                              - to: { uri: "tool:%1$s_first" }
                            doCatch:
                              - exception: [ %2$s ]
                                steps:
                                  %3$s
            """;
    private static final String ANY = "{\"type\":\"object\"}";
    private static final String SECOND = "- to: { uri: \"tool:%1$s_second\" }";

    /** The first tool fails in the first attempt, and would succeed in the second; a step after the catch fails in the first. */
    @ParameterizedTest
    @CsvSource({
        "rejected, 404, '', java.lang.Exception",
        "failed, 408, readOnlyHint: true, java.lang.Exception",
        "in_doubt, 500, idempotentHint: true, io.drover.guard.ToolCallException",
        "fallen_back, 404, fallback: fallen_back_other, java.lang.Throwable"
    })
    void aLaterAttemptDoesNotMakeTheCallAgain(String name, int status, String hint, String caught) {
        SERVER.always("/" + name + "-other", FaultyServer.status(404, "", ""));
        tool(name + "_other", name + "-other", "");
        UUID task = start(name, status, hint, TRY.formatted(name, caught, SECOND.formatted(name)));

        finish(name, task);

        assertThat(SERVER.requests("/" + name + "-first")).hasSize(1);
        assertThat(SERVER.requests("/" + name + "-second")).hasSize(1);
        assertThat(SERVER.requests("/" + name + "-other")).hasSizeLessThan(2);
    }

    /** A workflow comes back after each wait. */
    @Test
    void aWaitInTheCatchDoesNotMakeTheCallAgain() {
        String steps = TRY.formatted("waits", "java.lang.Exception", "- to: { uri: \"wait:until?duration=100ms\" }");
        UUID task = start("waits", 404, "", steps);

        finish("waits", task);

        assertThat(SERVER.requests("/waits-first")).hasSize(1);
    }

    @Test
    void theFallbackOfACircuitBreakerIsACatch() {
        UUID task = start(
                "breaks",
                404,
                "",
                """
                            - circuitBreaker:
                                steps:
                                  - to: { uri: "tool:breaks_first" }
                                onFallback:
                                  steps:
                                    - to: { uri: "tool:breaks_second" }
                """);

        finish("breaks", task);

        assertThat(SERVER.requests("/breaks-first")).hasSize(1);
        assertThat(SERVER.requests("/breaks-second")).hasSize(1);
    }

    /** The task has not gone on: it tells somebody, and tries again. */
    @Test
    void aCatchThatFailsItselfHasTheCallMadeAgain() {
        String steps =
                """
                %s
                                      - throwException: { message: again, exceptionType: java.lang.IllegalStateException }
                """
                        .formatted(SECOND.formatted("rethrows"));
        UUID task = start("rethrows", 404, "", TRY.formatted("rethrows", "java.lang.Exception", steps));

        finish("rethrows", task);

        assertThat(SERVER.requests("/rethrows-first")).hasSize(2);
        assertThat(SERVER.requests("/rethrows-second")).hasSize(1);
    }

    /** What is heard again has no cause, so this catch would not catch it. */
    @Test
    void aCatchOfACauseHasTheCallMadeAgain() {
        String steps = TRY.formatted(
                "causes", "org.apache.camel.http.base.HttpOperationFailedException", SECOND.formatted("causes"));
        UUID task = start("causes", 404, "", steps);

        finish("causes", task);

        assertThat(SERVER.requests("/causes-first")).hasSize(2);
    }

    /** A question to a model is a call. */
    @Test
    void aFailureOfAModelThatIsCaughtIsNotAskedAgain() {
        SERVER.always("/chat/completions", FaultyServer.status(400, "", "{}"));
        UUID task = start(
                "asks",
                200,
                "",
                """
                            - doTry:
                                steps:
                                  - to: { uri: "agent:asks", parameters: { model: odd, system: "You help." } }
                                doCatch:
                                  - exception: [ java.lang.Exception ]
                                    steps:
                                      - to: { uri: "tool:asks_second" }
                """);
        int asked = SERVER.requests("/chat/completions").size();

        finish("asks", task);

        assertThat(asked).isPositive();
        assertThat(SERVER.requests("/chat/completions")).hasSize(asked);
        assertThat(SERVER.requests("/asks-second")).hasSize(1);
    }

    /** Its limit is raised before the next attempt, which would ask on: what was done in its place would be done beside. */
    @Test
    void anAgentWhoseStopWasCaughtDoesNotGoOn() {
        SERVER.always(
                "/chat/completions",
                FaultyServer.json(
                        """
                        {"choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","tool_calls":[\
                        {"id":"a","function":{"name":"stops_first","arguments":"{}"}}]}}]}"""));
        String steps =
                """
                            - doTry:
                                steps:
                                  - to:
                                      uri: "agent:stops"
                                      parameters: { model: odd, system: "You help.", tools: stops, maxIterations: %s }
                                doCatch:
                                  - exception: [ io.drover.agent.AgentStoppedException ]
                                    steps:
                                      - to: { uri: "tool:stops_first" }
                                      - to: { uri: "tool:stops_second", parameters: { arg.why: "${exception.message}" } }
                """;
        UUID task = start("stops", 200, "tags: stops", steps.formatted(1));
        int asked = SERVER.requests("/chat/completions").size();
        String before = workflows.get("stops").routeId();
        workflow("stops", steps.formatted(5));
        soon().until(() -> !workflows.get("stops").routeId().equals(before));

        finish("stops", task);

        assertThat(SERVER.requests("/chat/completions")).hasSize(asked);
        assertThat(SERVER.requests("/stops-first"))
                .as("the model's, and an equal one in its place")
                .hasSize(2);
        assertThat(SERVER.requests("/stops-second")).hasSize(1);
    }

    /** A later attempt would be allowed to make the call; what the catch did with the reason is not done again either. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "strict"})
    void whatIsRefusedAndCaughtIsNotJudgedAgain(String name) {
        String second =
                "- to: { uri: \"tool:%s_second\", parameters: { arg.why: \"${exception.message}\" } }".formatted(name);
        String twice =
                TRY.formatted(name, "io.drover.guard.ToolCallException", second).repeat(2);
        Runnable first = () -> tool(name + "_first", name + "-first", "", "{\"type\":\"object\",\"required\":[\"x\"]}");
        UUID task = start(name, name.equals("strict") ? first : () -> {}, twice);
        assertThat(queue.progress(task).status().isTerminal()).isFalse();

        allowFirst(name);
        finish(name, task);

        assertThat(SERVER.requests("/" + name + "-first")).isEmpty();
        assertThat(SERVER.requests("/" + name + "-second")).hasSize(2);
        assertThat(jdbc.sql("select tool || ' ' || state || ' ' || tries from call where task_id = ? order by n")
                        .param(task)
                        .query(String.class)
                        .list())
                .filteredOn(call -> call.startsWith(name + "_first"))
                .hasSize(2)
                .allMatch(call -> call.endsWith("FAILED 0"));
    }

    private void allowFirst(String name) {
        tool(name + "_first", name + "-first", "");
        soon().until(() -> tools.current().get(name + "_first") != null
                && tools.current()
                        .get(name + "_first")
                        .spec()
                        .arguments()
                        .problems(Json.tree(Map.of()))
                        .isEmpty());
    }

    /** A later attempt would be allowed to submit the task, or to send the signal; the reason is heard in the same words. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "submits_strict|uri: 'task:submits_strict_child'",
                "submits_missing|uri: 'task:submits_missing_child'",
                "submits_taken|uri: 'task:submits_taken_child', parameters: { key: one }",
                "awaits_strict|uri: 'task:awaits_strict_child', parameters: { await: 'true' }",
                "awaits_missing|uri: 'task:awaits_missing_child', parameters: { await: 'true' }",
                "signals_taken|uri: 'signal:signals_taken', parameters: { key: one, id: one }"
            })
    void aStepThatIsRefusedAndCaughtIsNotJudgedAgain(String name, String step) {
        UUID task = start(name, () -> refusing(name), caught(name, step, "io.drover.task.InvalidTaskException", ""));
        assertThat(queue.progress(task).status().isTerminal()).isFalse();

        allow(name);
        finish(name, task);

        assertThat(SERVER.requests("/" + name + "-second")).hasSize(1);
        assertThat(count("select count(*) from task where workflow = ?", name + "_child"))
                .isZero();
        assertThat(count("select count(*) from signal where name = ?", name)).isZero();
        assertThat(jdbc.sql("select state || ' ' || tries from call where task_id = ? and tool in (?, ?) order by n")
                        .params(task, "task:" + name + "_child", "signal:" + name)
                        .query(String.class)
                        .list())
                .endsWith("FAILED 0");
    }

    /** The limits of children, too: one that was lowered and raised again would change what the task is told. */
    @Test
    void aChildThatMayNotBeAwaitedIsRefusedInTheSameWordsAgain() {
        String step = "uri: 'task:awaits_itself', parameters: { await: 'true' }";
        UUID task = start(
                "awaits_itself",
                () -> {},
                caught("awaits_itself", step, "io.drover.component.ChildRefusedException", ""));

        finish("awaits_itself", task);

        assertThat(SERVER.requests("/awaits_itself-second")).hasSize(1);
        assertThat(count("select count(*) from call where tool = ? and state = 'FAILED'", "task:awaits_itself"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rethrows_strict|uri: 'task:rethrows_strict_child'",
                "rethrows_taken|uri: 'task:rethrows_taken_child', parameters: { key: one }",
                "rethrows_awaited|uri: 'task:rethrows_awaited_child', parameters: { await: 'true' }",
                "rethrows_signal_taken|uri: 'signal:rethrows_signal_taken', parameters: { key: one, id: one }"
            })
    void aCatchThatFailsItselfHasTheStepDoneAgain(String name, String step) {
        UUID task = start(
                name,
                () -> refusing(name),
                caught(
                        name,
                        step,
                        "java.lang.Exception",
                        "- throwException: { message: again, exceptionType: java.lang.IllegalStateException }"));

        allow(name);
        finish(name, task);

        assertThat(SERVER.requests("/" + name + "-second")).hasSize(1);
        assertThat(count("select count(*) from task where workflow = ?", name + "_child")
                        + count("select count(*) from signal where name = ?", name))
                .isEqualTo(1);
    }

    /** Each of two equal steps beside each other hears its own refusal again, though the other had the same address. */
    @ParameterizedTest
    @ValueSource(strings = {"tool:%s_first", "task:%s_child"})
    void equalRefusalsBesideEachOtherAreOnRecordEach(String uri) throws Exception {
        String name = uri.startsWith("tool") ? "beside_tool" : "beside_task";
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        camel.getRegistry().bind(name + "-first", Processor.class, (Processor) exchange -> {
            first.countDown();
            second.await(2, TimeUnit.MINUTES);
        });
        camel.getRegistry()
                .bind(name + "-waits", Processor.class, (Processor) exchange -> first.await(2, TimeUnit.MINUTES));
        camel.getRegistry().bind(name + "-second", Processor.class, (Processor) exchange -> second.countDown());
        String branch =
                """
                                - pipeline:
                                    steps:
                                      - process: { ref: %3$s }
                                      - doTry:
                                          steps:
                                            - doTry:
                                                steps:
                                                  - to: { uri: "%2$s" }
                                                doFinally:
                                                  steps:
                                                    - process: { ref: %4$s }
                                          doCatch:
                                            - exception: [ java.lang.Exception ]
                                              steps:
                                                - to: { uri: "tool:%1$s_second" }
                """;
        camel.getRegistry().bind(name + "-none", Processor.class, (Processor) exchange -> {});
        String to = uri.formatted(name);
        String steps =
                """
                            - multicast:
                                parallelProcessing: true
                                steps:
                %s%s
                """
                        .formatted(
                                branch.formatted(name, to, name + "-none", name + "-first"),
                                branch.formatted(name, to, name + "-waits", name + "-second"));
        UUID task = start(
                name,
                () -> {
                    refusing(name);
                    tool(name + "_first", name + "-first", "", "{\"type\":\"object\",\"required\":[\"x\"]}");
                },
                steps);

        allow(name);
        allowFirst(name);
        finish(name, task);

        assertThat(SERVER.requests("/" + name + "-first")).isEmpty();
        assertThat(count("select count(*) from task where workflow = ?", name + "_child"))
                .isZero();
        assertThat(SERVER.requests("/" + name + "-second")).hasSize(2);
        assertThat(count("select count(*) from call where tool = ? and state = 'FAILED'", to.replace("tool:", "")))
                .isEqualTo(2);
    }

    private static String caught(String name, String step, String exception, String then) {
        String taken = name.endsWith("_taken") ? "            - to: { %s }\n".formatted(step) : "";
        return taken
                + """
                            - setBody: { expression: { constant: { expression: '{"n":2}' } } }
                            - doTry:
                                steps:
                                  - to: { %2$s }
                                doCatch:
                                  - exception: [ %3$s ]
                                    steps:
                                      - to: { uri: "tool:%1$s_second", parameters: { arg.why: "${exception.message}" } }
                                      %4$s
                """
                        .formatted(name, step, exception, then);
    }

    /** There is no such workflow, it does not take this input, or another task or signal has the key. */
    private void refusing(String name) {
        if (name.endsWith("_taken") || name.endsWith("_strict") || name.endsWith("awaited") || name.endsWith("task")) {
            child(name, name.endsWith("_taken") ? ANY : "{\"type\":\"object\",\"required\":[\"x\"]}");
        }
    }

    private void allow(String name) {
        jdbc.sql("delete from task where workflow = ?").param(name + "_child").update();
        jdbc.sql("delete from signal where name = ?").param(name).update();
        child(name, ANY);
        soon().until(() -> workflows.get(name + "_child") != null
                && Objects.requireNonNull(workflows.get(name + "_child").spec().inputSchema())
                        .problems(Json.tree(Map.of()))
                        .isEmpty());
    }

    private void child(String name, String schema) {
        FILES.write(
                name + "_child",
                """
                - route:
                    id: %1$s_child
                    from:
                      uri: task:%1$s_child
                      parameters: { inputSchema: '%2$s' }
                      steps:
                        - log: { message: worked }
                """
                        .formatted(name, schema));
        soon().until(() -> workflows.get(name + "_child") != null);
    }

    private int count(String sql, String param) {
        return jdbc.sql(sql).param(param).query(Integer.class).single();
    }

    private UUID start(String name, int status, String hint, String steps) {
        SERVER.next(
                "/" + name + "-first", status == 200 ? FaultyServer.json("{}") : FaultyServer.status(status, "", ""));
        SERVER.always("/" + name + "-first", FaultyServer.json("{}"));
        return start(name, () -> tool(name + "_first", name + "-first", hint), steps);
    }

    /** @return the task, whose first attempt has failed in its last step; all but its gate would succeed from now on */
    private UUID start(String name, Runnable first, String steps) {
        SERVER.always("/" + name + "-second", FaultyServer.json("{}"));
        SERVER.always("/" + name + "-gate", FaultyServer.status(500, "", ""));
        first.run();
        tool(name + "_second", name + "-second", "");
        tool(name + "_gate", name + "-gate", "readOnlyHint: true");
        workflow(name, steps);
        soon().until(() -> problem(name) != null
                || workflows.get(name) != null && tools.current().get(name + "_gate") != null);
        assertThat(problem(name)).isNull();
        UUID task = submit(name);
        await().until(() -> {
            hurry(task);
            return !SERVER.requests("/" + name + "-gate").isEmpty()
                    || name.startsWith("rethrows")
                            && !SERVER.requests("/" + name + "-second").isEmpty();
        });
        return task;
    }

    private static void workflow(String name, String steps) {
        FILES.write(
                name,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { maxAttempts: 1000, backoff: 100ms }
                      steps:
                %2$s
                        - to: { uri: "tool:%1$s_gate", parameters: { arg.why: now } }
                """
                        .formatted(name, steps.stripTrailing().indent(-4).stripTrailing()));
    }

    private void finish(String name, UUID task) {
        SERVER.always("/" + name + "-gate", FaultyServer.json("{}"));
        await().until(() -> hasEnded(task));
        assertThat(queue.progress(task).status())
                .as(queue.progress(task).error())
                .isEqualTo(TaskStatus.COMPLETED);
    }

    private static void tool(String name, String path, String hint) {
        tool(name, path, hint, "{\"type\":\"object\",\"properties\":{\"why\":{\"type\":\"string\"}}}");
    }

    private static void tool(String name, String path, String hint, String schema) {
        FILES.write(
                name,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters:
                        retries: 0
                        argSchema: '%4$s'
                        %3$s
                      steps:
                        - setBody: { expression: { constant: { expression: "{}" } } }
                        - to: { uri: "{{server.url}}/%2$s", parameters: { httpMethod: POST } }
                """
                        .formatted(name, path, hint, schema));
    }
}
