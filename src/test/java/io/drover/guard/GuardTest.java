package io.drover.guard;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.half;
import static io.drover.FaultyServer.hangUp;
import static io.drover.FaultyServer.json;
import static io.drover.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.journal.CallScope;
import io.drover.json.Digest;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What the guard promises, against a real HTTP server that misbehaves and a real PostgreSQL. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-guard",
            "drover.tools.post.timeout=500ms",
            "drover.tools.fragile.breaker.minimum-calls=3",
            "drover.tools.fragile.breaker.window=3",
            "drover.tools.fragile.breaker.failure-rate=50",
            "drover.tools.fragile.breaker.wait-open=1s",
            "drover.tools.brittle.breaker.minimum-calls=3",
            "drover.tools.brittle.breaker.window=3",
            "drover.tools.brittle.breaker.failure-rate=50",
            "drover.tools.brittle.breaker.wait-open=1s",
            "drover.tools.brittle.breaker.trial-calls=1",
            "drover.tools.switched_off.enabled=false",
            "asks.approval=always",
            "drover.tools.asks_sometimes.approval=amount > 100",
            "drover.workflows.call.allowed-tools=read,put,post,post_checked,check,flaky,spare,slow_rate,fragile,brittle,nobody_there,breaks_early,switched_off,hostile,asks_always,asks_sometimes,shaky,sends_twice,sends_in_a_branch,calls_tools,calls_or_spare,slow_backoff"
        })
class GuardTest {

    private static final FaultyServer SERVER = new FaultyServer();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    CamelContext camel;

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Test
    void sendsTheSameIdempotencyKeyInEveryTryAndAttempt() {
        SERVER.next("/put", status(500, "", ""), status(500, "", ""), status(500, "", ""), status(500, "", ""));

        UUID task = call("put", "{\"x\":\"same key\"}");

        assertStatus(task, "COMPLETED");
        List<FaultyServer.Request> sent = SERVER.requests("/put").stream()
                .filter(r -> r.body().contains("same key"))
                .toList();
        assertThat(sent).hasSize(5); // three tries in the first attempt, two in the second
        assertThat(sent.stream().map(r -> r.headers().get("Idempotency-Key")).distinct())
                .hasSize(1)
                .doesNotContainNull();
        assertThat(task(task)).containsEntry("attempt", 2);
    }

    @Test
    void replaysAFinishedCallInTheNextAttempt() {
        SERVER.next("/put", status(500, "", ""), status(500, "", ""), status(500, "", ""));
        int before = SERVER.requests("/post").size();

        UUID task = submit("two-steps", "{}");

        assertStatus(task, "COMPLETED");
        assertThat(SERVER.requests("/post")).hasSize(before + 1);
        assertThat(task(task)).containsEntry("attempt", 2);
        assertThat(calls(task))
                .extracting(c -> c.get("tool") + " " + c.get("state") + " " + c.get("tries"))
                .containsExactly("post SUCCEEDED 1", "put SUCCEEDED 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "hangUp", "half", "500"})
    void asksAPersonWhenAnUnsafeCallsEndIsUnknown(String how) {
        SERVER.next(
                "/post",
                switch (how) {
                    case "timeout" -> after(1_500, json("{\"late\":true}"));
                    case "hangUp" -> hangUp();
                    case "half" -> half();
                    default -> status(500, "", "");
                });

        UUID task = call("post", "{\"x\":\"doubt by %s\"}".formatted(how));

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT").containsEntry("attempt", 0);
        assertThat(calls(task)).extracting(c -> c.get("state")).containsExactly("IN_DOUBT");
        assertThat(calls(task)).singleElement().satisfies(call -> assertThat(call.get("error"))
                .asString()
                .as("the cause itself, not what Camel puts around it")
                .doesNotContain("CamelException", "ExecutionException"));
        assertThat(SERVER.requests("/post").stream().filter(r -> r.body().contains("doubt by " + how)))
                .hasSize(1);
        if (how.equals("timeout")) {
            await().untilAsserted(() -> assertThat(jdbc.sql("select result::text from late_result where task_id = ?")
                            .param(task)
                            .query(String.class)
                            .list())
                    .containsExactly("{\"late\":true}"));
            assertStatus(task, "WAITING");
        }
    }

    @Test
    void aWorkflowCannotSwallowThatACallIsInDoubt() {
        SERVER.next("/post", hangUp());

        UUID task = submit("swallow", "{}");

        assertStatus(task, "WAITING");
    }

    @ParameterizedTest
    @CsvSource({"fails_over,/first_place,/second_place", "loops,/looped,", "catches,/caught,", "forgets,/forgotten,"})
    void sendsNothingMoreAfterAMessageWhoseEndIsUnknown(String tool, String path, String other) {
        SERVER.next(path, hangUp());

        UUID task = submit("call-any", "{\"tool\":\"%s\",\"args\":{\"x\":\"once\"}}".formatted(tool));

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(calls(task)).extracting(c -> c.get("state")).containsExactly("IN_DOUBT");
        assertThat(SERVER.requests(path)).hasSize(1);
        if (other != null) {
            assertThat(SERVER.requests(other)).isEmpty();
        }
    }

    @Test
    void sendsElsewhereWhenTheFirstMessageSurelyHadNoEffect() {
        SERVER.next("/first_place", status(404, "", ""));

        UUID task = submit("call-any", "{\"tool\":\"fails_over\",\"args\":{\"x\":\"elsewhere\"}}");

        assertStatus(task, "COMPLETED");
        assertThat(SERVER.requests("/second_place").stream()
                        .filter(r -> r.body().contains("elsewhere")))
                .hasSize(1);
    }

    @Test
    void codeInAnInnerRouteOrAFallbackMayHaveSentSomething() {
        UUID task = submit("call-any", "{\"tool\":\"hides\",\"args\":{\"x\":\"hidden\"}}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
    }

    @Test
    void aProcessorOfTheAuthorMayHaveSentSomethingToo() throws Exception {
        camel.getRegistry()
                .bind("mine", (Processor) exchange -> exchange.getMessage().setBody("whatever"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:runs-process")
                        .circuitBreaker()
                        .throwException(IllegalStateException.class, "no")
                        .onFallback()
                        .process("mine")
                        .end()
                        .throwException(IllegalStateException.class, "who knows what the code did");
                from("tool:hides_process?description=runs code&parameter.x=string&timeout=2s&backoff=10ms")
                        .routeId("hides_process")
                        .to("direct:runs-process");
            }
        });

        UUID task = submit("call-any", "{\"tool\":\"hides_process\",\"args\":{\"x\":\"hidden\"}}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
    }

    @ParameterizedTest
    @CsvSource({"429,DEAD", "503,WAITING"})
    void theHttpClientDoesNotRepeatARequest(int code, String end) {
        SERVER.next("/posted_once", status(code, "", ""));
        String mark = "busy " + code;

        UUID task = submit("call-any", "{\"tool\":\"posts_once\",\"args\":{\"x\":\"%s\"}}".formatted(mark));

        assertStatus(task, end);
        assertThat(SERVER.requests("/posted_once").stream().filter(r -> r.body().contains(mark)))
                .hasSize(1);
    }

    @Test
    void nothingRunsInTheNameOfATaskThatIsAboutToWait() {
        SERVER.next("/post", hangUp());

        UUID task = submit("compensates", "{}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(jdbc.sql("select count(*) from task where workflow = 'compensation'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aLoopThatCallsAgainUsesTheSameKey() {
        SERVER.next("/put", status(500, "", ""), status(500, "", ""), status(500, "", ""), status(500, "", ""));

        UUID task = submit("asks-again", "{}");

        assertStatus(task, "COMPLETED");
        List<FaultyServer.Request> sent = SERVER.requests("/put").stream()
                .filter(r -> r.body().contains("asked again"))
                .toList();
        assertThat(sent).hasSize(5);
        assertThat(sent.stream().map(r -> r.headers().get("Idempotency-Key")).distinct())
                .hasSize(1);
        assertThat(calls(task)).extracting(c -> c.get("state")).containsExactly("SUCCEEDED");
    }

    @Test
    void takesTheReconcileToolsWordThatItHappened() {
        SERVER.next("/post_checked", hangUp());
        SERVER.next("/check", json("{\"happened\":true,\"result\":{\"refund\":7}}"));

        UUID task = call("post_checked", "{\"x\":\"happened\"}");

        assertStatus(task, "COMPLETED");
        assertThat(task(task).get("output").toString()).isEqualTo("{\"refund\":7}");
        assertThat(SERVER.requests("/post_checked").stream()
                        .filter(r -> r.body().contains("happened")))
                .hasSize(1);
    }

    @Test
    void callsAgainWhenTheReconcileToolSaysThatItDidNotHappen() {
        SERVER.next("/post_checked", hangUp());
        SERVER.next("/check", json("{\"happened\":false}"));

        UUID task = call("post_checked", "{\"x\":\"it did not\"}");

        assertStatus(task, "COMPLETED");
        assertThat(SERVER.requests("/post_checked").stream()
                        .filter(r -> r.body().contains("it did not"))
                        .map(r -> r.headers().get("Idempotency-Key"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void asksTheReconcileToolOnlyWhenTheTimedOutRequestHasEnded() {
        SERVER.next("/post_checked", after(2_000, json("{}")));
        SERVER.next("/check", json("{\"happened\":true,\"result\":1}"));

        UUID task = call("post_checked", "{\"x\":\"slow\"}");

        assertStatus(task, "COMPLETED");
        long posted = SERVER.requests("/post_checked").getLast().nanos();
        assertThat(Duration.ofNanos(SERVER.requests("/check").getLast().nanos() - posted))
                .isGreaterThan(Duration.ofMillis(1_900));
    }

    @Test
    void staysInDoubtWhileTheReconcileToolCannotBeAsked() {
        SERVER.next("/post_checked", hangUp());
        SERVER.next("/check", status(503, "", ""), status(503, "", ""), status(503, "", ""));

        UUID task = call("post_checked", "{\"x\":\"not asked\"}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "DELAY").containsEntry("attempt", 0);
        assertThat(calls(task)).extracting(c -> c.get("state")).first().isEqualTo("IN_DOUBT");
    }

    @Test
    void asksAPersonWhenTheReconcileToolDoesNotSay() {
        SERVER.next("/post_checked", hangUp());
        SERVER.next("/check", json("{\"status\":\"fine\"}"));

        UUID task = call("post_checked", "{\"x\":\"no verdict\"}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sends_twice", "sends_in_a_branch"})
    void whatAnyStepHasSentMayHaveHappened(String tool) {
        SERVER.always("/sends_in_a_branch", status(500, "", ""));

        UUID task = call(tool, "{\"x\":\"a\"}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(SERVER.requests("/" + tool)).hasSize(1);
    }

    @Test
    void whatAToolCallsIsNotCalledAgainWhenTheToolIs() {
        UUID task = call("calls_tools", "{\"x\":\"once\"}");

        assertStatus(task, "DEAD");
        assertThat(SERVER.requests("/post").stream().filter(r -> r.body().contains("inner once")))
                .hasSize(1);
        assertThat(calls(task))
                .extracting(c -> c.get("tool") + " " + c.get("state"))
                .containsExactly("calls_tools FAILED", "post SUCCEEDED", "nobody_there FAILED");
    }

    /** Whatever the tool that failed died of: another one has succeeded. */
    @Test
    void whatAToolHasCalledIsNotDoneByItsFallbackToo() {
        int spares = SERVER.requests("/spare").size();

        UUID task = call("calls_or_spare", "{\"x\":\"paid\"}");

        assertStatus(task, "DEAD");
        assertThat(SERVER.requests("/post").stream().filter(r -> r.body().contains("inner paid")))
                .hasSize(1);
        assertThat(SERVER.requests("/spare")).hasSize(spares);
    }

    @Test
    void doesNotFallBackWhenAnEarlierTryMayHaveHappened() {
        SERVER.next("/shaky", status(500, "", "")).always("/shaky", status(409, "", "already done"));
        int spares = SERVER.requests("/spare").size();

        UUID task = call("shaky", "{\"x\":\"a\"}");

        assertStatus(task, "DEAD");
        assertThat(SERVER.requests("/shaky").stream().filter(r -> r.body().contains("\"a\"")))
                .as("two tries, and one in each of the other attempts, which do not take the refusal for the end"
                        + " either")
                .hasSize(4);
        assertThat(SERVER.requests("/spare")).hasSize(spares);
        assertThat(calls(task)).extracting(c -> c.get("state")).containsExactly("IN_DOUBT");
    }

    @Test
    void fallsBackWhenNoTryHappened() {
        SERVER.next("/shaky", status(429, "", ""), status(422, "", ""));
        SERVER.next("/spare", json("{\"from\":\"spare\"}"));

        UUID task = call("shaky", "{\"x\":\"b\"}");

        assertStatus(task, "COMPLETED");
        assertThat(task(task).get("output").toString()).isEqualTo("{\"from\":\"spare\"}");
    }

    @Test
    void theFallbackOfEachCallIsACallOfItsOwn() {
        SERVER.always("/flaky", status(500, "", ""));
        SERVER.next(
                "/spare",
                json("{\"n\":1}"),
                status(500, "", ""),
                status(500, "", ""),
                status(500, "", ""),
                json("{\"n\":2}"));

        UUID task = submit("twice", "{}");

        assertStatus(task, "COMPLETED");
        assertThat(task(task)).containsEntry("attempt", 2);
        assertThat(task(task).get("output").toString()).isEqualTo("{\"first\":1,\"second\":2}");
    }

    @Test
    void retriesAreSpentHoweverLongTheirBackoff() {
        SERVER.always("/slow_backoff", status(500, "", ""));

        UUID task = call("slow_backoff", "{\"x\":\"a\"}");

        assertStatus(task, "DEAD");
        assertThat(calls(task)).extracting(c -> c.get("tries")).containsExactly(6);
    }

    @Test
    void aRejectedRequestIsAPlainFailure() {
        SERVER.always("/post", status(422, "", "no"));
        try {
            UUID task = call("post", "{\"x\":\"unprocessable\"}");

            assertStatus(task, "DEAD");
            assertThat(task(task).get("error").toString()).contains("HTTP 422").contains("tool:post");
            assertThat(calls(task)).extracting(c -> c.get("state")).containsExactly("FAILED");
        } finally {
            SERVER.always("/post", json("{\"ok\":true}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody_there", "breaks_early"})
    void whatSurelyDidNotHappenIsNotInDoubt(String tool) {
        UUID task = call(tool, "{\"x\":\"..\"}");

        assertStatus(task, "DEAD");
        assertThat(calls(task)).extracting(c -> c.get("state")).containsExactly("FAILED");
    }

    @Test
    void invalidArgumentsAreToldInTheSchemasWords() {
        UUID task = call("put", "{\"x\":5,\"y\":true}");

        assertStatus(task, "DEAD");
        assertThat(task(task).get("error").toString())
                .contains("$.x: integer found, string expected")
                .contains("'y'");
        assertThat(task(task)).containsEntry("attempt", 1);
    }

    @Test
    void policyRefuses() {
        UUID off = call("switched_off", "{\"x\":\"a\"}");
        UUID notAllowed = call("forbidden", "{\"x\":\"a\"}");
        UUID unknown = call("nowhere", "{\"x\":\"a\"}");

        assertStatus(off, "DEAD");
        assertThat(task(off).get("error").toString()).contains("drover.tools.switched_off.enabled is false");
        assertStatus(notAllowed, "DEAD");
        assertThat(task(notAllowed).get("error").toString()).contains("drover.workflows.call.allowed-tools");
        assertStatus(unknown, "DEAD");
        assertThat(task(unknown).get("error").toString()).contains("there is no tool with this name");
        assertThat(SERVER.requests("/switched_off")).isEmpty();
        assertThat(SERVER.requests("/forbidden")).isEmpty();
    }

    /** What is recorded stands, whatever would be said of such a call now. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    switched_off | {"x":"a"}
                    forbidden    | {"x":"a"}
                    nowhere      | {"x":"a"}
                    asks_always  | {"amount":1}
                    put          | {"x":5,"y":true}
                    """)
    void whatIsRecordedIsNotJudgedAgain(String tool, String arguments) {
        UUID done = resumed(tool, arguments, "SUCCEEDED");
        UUID rejected = resumed(tool, arguments, "REJECTED");
        UUID begun = resumed(tool, arguments, "STARTED");

        assertStatus(done, "COMPLETED");
        assertThat(task(done).get("output").toString()).isEqualTo("{\"paid\":1}");
        assertStatus(rejected, "DEAD");
        assertThat(task(rejected).get("error").toString()).contains("a person decided that it failed");
        if (tool.equals("switched_off") || tool.equals("forbidden")) { // they only read: such a call is to be made now
            assertStatus(begun, "DEAD");
            return;
        }
        assertStatus(begun, "WAITING");
        assertThat(task(begun)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(calls(begun)).extracting(c -> c.get("state")).containsExactly("IN_DOUBT");
    }

    @Test
    void whatACallHasFallenBackToIsReplayedThoughBothToolsAreGone() {
        UUID task = waiting("gone", "{}");
        UUID address = record(task, "gone", "{}", "FAILED");
        jdbc.sql("update call set fallback = 'gone_too', n = 2 where task_id = ?")
                .param(task)
                .update();
        record(task, Digest.uuid(address.toString(), "fallback", "gone_too"), "gone_too", "{}", "SUCCEEDED");
        wake(task);

        assertStatus(task, "COMPLETED");
        assertThat(task(task).get("output").toString()).isEqualTo("{\"paid\":1}");
    }

    /** A task that an earlier attempt has left with this call on record. */
    private UUID resumed(String tool, String arguments, String state) {
        UUID task = waiting(tool, arguments);
        record(task, tool, arguments, state);
        wake(task);
        return task;
    }

    private UUID waiting(String tool, String arguments) {
        String input = "{\"tool\":\"%s\",\"args\":%s}".formatted(tool, arguments);
        return tasks.submit(new Submit("call", null, input, null, Duration.ofHours(1), "test"))
                .join()
                .id();
    }

    private void wake(UUID task) {
        jdbc.sql("update task set run_at = now(), token = token + 1 where id = ?")
                .param(task)
                .update();
    }

    private UUID record(UUID task, String tool, String arguments, String state) {
        UUID address = new CallScope(task, null).nextAddress("", tool, arguments);
        record(task, address, tool, arguments, state);
        return address;
    }

    private void record(UUID task, UUID address, String tool, String arguments, String state) {
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, result, error, started_at)
                        values (:task, :address, 1, :tool, :state, 0, 0, :arguments::json,
                                case when :state = 'SUCCEEDED' then '{"paid":1}'::json end,
                                case when :state in ('REJECTED', 'FAILED') then '{"message":"no"}'::json end, now())
                        """)
                .param("task", task)
                .param("address", address)
                .param("tool", tool)
                .param("state", state)
                .param("arguments", arguments)
                .update();
    }

    /** A payment that should have been asked about cannot be taken back; {@code amount > 100} is no predicate. */
    @ParameterizedTest
    @ValueSource(strings = {"asks_always", "asks_sometimes"})
    void asksAboutWhatNeedsAnApproval(String tool) {
        UUID task = call(tool, "{\"amount\":1}");

        assertStatus(task, "WAITING");
        assertThat(task(task).get("error").toString())
                .contains("\"tool\":\"%s\"".formatted(tool))
                .contains("waits for approval ");
        assertThat(SERVER.requests("/asks")).isEmpty();
    }

    @Test
    void fallsBackWhenTheRetriesAreSpent() {
        SERVER.next("/flaky", status(500, "", ""), status(503, "", ""));
        SERVER.next("/spare", json("{\"from\":\"spare\"}"));

        UUID task = call("flaky", "{\"x\":\"a\"}");

        assertStatus(task, "COMPLETED");
        assertThat(task(task).get("output").toString()).isEqualTo("{\"from\":\"spare\"}");
        assertThat(calls(task))
                .extracting(c -> c.get("tool") + " " + c.get("fallback"))
                .containsExactly("flaky spare", "spare null");
    }

    @Test
    void anOpenBreakerParksTheTaskWithoutSpendingAttempts() {
        SERVER.always("/fragile", status(500, "", ""));
        UUID first = call("fragile", "{\"x\":\"opens the breaker\"}");
        assertStatus(first, "DEAD"); // three attempts, one try each: the breaker is open now

        int sent = SERVER.requests("/fragile").size();
        UUID second = call("fragile", "{\"x\":\"parked\"}");
        await().untilAsserted(() ->
                assertThat(task(second)).containsEntry("wait_reason", "DELAY").containsEntry("attempt", 0));
        assertThat(task(second).get("error").toString())
                .contains("the circuit breaker of tool:fragile is open; the last failure was: HTTP 500");
        SERVER.always("/fragile", json("{\"ok\":1}"));

        assertStatus(second, "COMPLETED");
        assertThat(task(second)).containsEntry("attempt", 1);
        assertThat(calls(second))
                .extracting(c -> c.get("tries"))
                .containsExactly(SERVER.requests("/fragile").size() - sent);
    }

    @Test
    void triesAreWhatWasSent() {
        UUID refused = call("nobody_there", "{\"x\":\"a\"}");
        assertStatus(refused, "DEAD");
        assertThat(calls(refused)).extracting(c -> c.get("tries")).containsExactly(0);

        SERVER.next("/read", status(429, "", ""), json("{\"ok\":1}"));
        UUID answered = call("read", "{\"x\":\"tries\"}");
        assertStatus(answered, "COMPLETED");
        assertThat(calls(answered)).extracting(c -> c.get("tries")).containsExactly(2);
    }

    @Test
    void aFailedTrialOfAHalfOpenBreakerSpendsNoAttempt() {
        SERVER.always("/brittle", status(500, "", ""));
        assertStatus(call("brittle", "{\"x\":\"opens it again\"}"), "DEAD");
        int sent = SERVER.requests("/brittle").size();
        UUID parked = call("brittle", "{\"x\":\"is the trial\"}");

        await().until(() -> SERVER.requests("/brittle").size() >= sent + 4); // more trials than the task has attempts
        await().untilAsserted(() ->
                assertThat(task(parked)).containsEntry("wait_reason", "DELAY").containsEntry("attempt", 0));
        SERVER.always("/brittle", json("{\"ok\":1}"));

        assertStatus(parked, "COMPLETED");
        assertThat(task(parked)).containsEntry("attempt", 1);
    }

    @Test
    void keepsToTheRate() {
        long began = System.nanoTime();
        List<UUID> all = java.util.stream.IntStream.range(0, 12)
                .mapToObj(i -> call("slow_rate", "{\"x\":\"%d\"}".formatted(i)))
                .toList();

        all.forEach(task -> assertStatus(task, "COMPLETED"));
        List<FaultyServer.Request> requests = SERVER.requests("/slow_rate");
        assertThat(requests).hasSize(12);
        // Five at once, five a second later, two after another second. A slow machine only makes it longer.
        long last =
                requests.stream().mapToLong(FaultyServer.Request::nanos).max().orElseThrow();
        assertThat(Duration.ofNanos(last - began)).isGreaterThan(Duration.ofMillis(1_900));
        all.forEach(task -> assertThat(task(task)).containsEntry("attempt", 1));
    }

    @Test
    void waitsAsLongAsTheOtherSideAsks() {
        SERVER.next("/read", status(429, "Retry-After: 2", ""));

        UUID task = call("read", "{\"x\":\"too many\"}");

        assertStatus(task, "COMPLETED");
        List<FaultyServer.Request> sent = SERVER.requests("/read");
        assertThat(Duration.ofNanos(
                        sent.getLast().nanos() - sent.get(sent.size() - 2).nanos()))
                .isGreaterThan(Duration.ofMillis(1900));
        assertThat(task(task)).containsEntry("attempt", 1);
    }

    @Test
    void refusesAResultThatIsTooLongOrNotWhatItSays() {
        String garbage = "x".repeat(10_000_000);
        SERVER.next("/read", json(garbage), json(garbage), json("{\"cut\":"), json("{\"fine\":1}"));

        UUID task = call("read", "{\"x\":\"garbage\"}");

        assertStatus(task, "COMPLETED");
        assertThat(calls(task)).extracting(c -> c.get("tries")).containsExactly(4);
    }

    @Test
    void argumentsNeverBecomeHeaders() {
        UUID task = call(
                "hostile", "{\"x\":\"a\",\"CamelHttpUri\":\"http://127.0.0.1:9/\",\"kafka.OVERRIDE_TOPIC\":\"evil\"}");

        assertStatus(task, "COMPLETED");
        FaultyServer.Request sent = SERVER.requests("/hostile").getLast();
        assertThat(sent.headers().keySet()).doesNotContain("CamelHttpUri", "kafka.OVERRIDE_TOPIC", "x");
    }

    @Test
    void equalCallsOfParallelBranchesAreTwoCalls() {
        SERVER.next("/put", status(500, "", ""), status(500, "", ""), status(500, "", ""));

        UUID task = submit("twins", "{}");

        assertStatus(task, "COMPLETED");
        Set<String> keys = new HashSet<>();
        SERVER.requests("/post").stream()
                .filter(r -> r.body().contains("same\""))
                .forEach(r -> keys.add(r.headers().get("Idempotency-Key")));
        assertThat(keys).hasSize(2);
        assertThat(SERVER.requests("/post").stream().filter(r -> r.body().contains("same\"")))
                .hasSize(2);
    }

    private UUID call(String tool, String arguments) {
        return submit("call", "{\"tool\":\"%s\",\"args\":%s}".formatted(tool, arguments));
    }

    private UUID submit(String workflow, String input) {
        return tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    private void assertStatus(UUID task, String status) {
        await().untilAsserted(() -> assertThat(task(task)).containsEntry("status", status));
    }

    private Map<String, Object> task(UUID id) {
        return jdbc.sql("select * from task where id = ?").param(id).query().singleRow();
    }

    private List<Map<String, Object>> calls(UUID task) {
        return jdbc.sql("select * from call where task_id = ? order by n")
                .param(task)
                .query()
                .listOfRows();
    }
}
