package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
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

        tool(name + "_first", name + "-first", "");
        soon().until(() -> tools.current().get(name + "_first") != null
                && tools.current()
                        .get(name + "_first")
                        .spec()
                        .arguments()
                        .problems(Json.tree(Map.of()))
                        .isEmpty());
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

    private UUID start(String name, int status, String hint, String steps) {
        SERVER.always(
                "/" + name + "-first", status == 200 ? FaultyServer.json("{}") : FaultyServer.status(status, "", ""));
        return start(name, () -> tool(name + "_first", name + "-first", hint), steps);
    }

    /** @return the task, whose first attempt has failed in its last step; from now on all would succeed */
    private UUID start(String name, Runnable first, String steps) {
        SERVER.always("/" + name + "-second", FaultyServer.json("{}"));
        SERVER.always("/" + name + "-gate", FaultyServer.status(500, "", ""));
        first.run();
        tool(name + "_second", name + "-second", "");
        tool(name + "_gate", name + "-gate", "readOnlyHint: true");
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
                        - to: { uri: "tool:%1$s_gate" }
                """
                        .formatted(name, steps.stripTrailing().indent(-4).stripTrailing()));
        soon().until(() -> problem(name) != null
                || workflows.get(name) != null && tools.current().get(name + "_gate") != null);
        assertThat(problem(name)).isNull();
        UUID task = submit(name);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            hurry(task);
            return !SERVER.requests("/" + name + "-gate").isEmpty()
                    || name.equals("rethrows")
                            && !SERVER.requests("/rethrows-second").isEmpty();
        });
        SERVER.always("/" + name + "-first", FaultyServer.json("{}"));
        return task;
    }

    private void finish(String name, UUID task) {
        SERVER.always("/" + name + "-gate", FaultyServer.json("{}"));
        await().atMost(Duration.ofSeconds(30)).until(() -> hasEnded(task));
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
