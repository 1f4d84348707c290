package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.api.ApiClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workflows that wait for signals and times, with all of Camel's ways to branch, catch and repeat around them. */
class WaitsTest extends WaitsTestBase {

    private String reply(String ticket, String timeout) {
        return submit("reply", "{\"ticket\":\"%s\",\"timeout\":\"%s\"}".formatted(ticket, timeout));
    }

    @Test
    void aSignalEndsTheWait() {
        String id = reply(name, "1h");
        waits(id, "SIGNAL");
        JsonNode waiting = task(id);
        assertThat(waiting.path("error").path("message").asText())
                .isEqualTo("waits for signal 'replied' to '%s', at most PT1H".formatted(name));
        assertThat(waiting.path("calls").get(0).path("state").asText()).isEqualTo("PENDING");
        assertThat(waiting.path("dueAt").isMissingNode()).as(waiting.toString()).isFalse();

        assertThat(signal("another", "{}").status()).isEqualTo(202);
        assertThat(signal(name, "{\"text\":\"yes\"}").status()).isEqualTo(202);

        JsonNode answer = output(id);
        assertThat(answer.path("outcome").asText()).isEqualTo("received");
        assertThat(answer.path("body").path("text").asText()).isEqualTo("yes");
        assertThat(Instant.parse(answer.path("at").asText()))
                .isBefore(Instant.now().plusSeconds(60));
        assertThat(task(id).path("attempts").asInt())
                .as("a wait costs no attempt")
                .isEqualTo(1);
    }

    @Test
    void aSignalThatComesBeforeItsWaitIsNotLost() throws Exception {
        String early = reply(name, "1h");
        jdbc.sql(
                        "update task set run_at = 'infinity', status = 'WAITING', wait_reason = 'DELAY' where id = ? and status = 'QUEUED'")
                .param(UUID.fromString(early))
                .update(); // it may be waiting by now: then the signal finds it
        signal(name, "1");
        jdbc.sql(
                        "update task set run_at = now(), status = 'QUEUED', wait_reason = null where id = ? and wait_reason = 'DELAY'")
                .param(UUID.fromString(early))
                .update();

        assertThat(output(early).path("body").asInt()).isEqualTo(1);

        String late = reply(name, "300ms");
        assertThat(output(late).path("outcome").asText())
                .as("it was sent before this task")
                .isEqualTo("timeout");

        api().post("/api/signals/earlier?key=" + name, "2");
        String looksBack = submit("look-back", "{\"ticket\":\"%s\"}".formatted(name));
        assertThat(output(looksBack).path("body").asInt()).isEqualTo(2);
    }

    @Test
    void aTimeoutIsAnOutcome() {
        assertThat(output(reply(name, "100ms")).toString()).isEqualTo("{\"outcome\":\"timeout\"}");
        assertThat(signal(name, "1").status()).as("nobody waits any more").isEqualTo(202);
    }

    @Test
    void severalTasksHearTheSameSignalAndEachOnce() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(reply(name, "1h"));
        }
        String thrice = submit("thrice");
        ids.forEach(id -> waits(id, "SIGNAL"));
        waits(thrice, "SIGNAL");

        signal(name, "1");
        ids.forEach(id -> assertThat(output(id).path("body").asInt()).isEqualTo(1));
        waits(thrice, "SIGNAL");
        signal(name, "2");
        signal(name, "3");

        assertThat(output(thrice).asText()).isEqualTo("123");
    }

    @Test
    void whatIsSentAgainIsTheSameSignal() {
        String thrice = submit("thrice");
        waits(thrice, "SIGNAL");

        ApiClient.Answer first = signal(name, "1", "Idempotency-Key", name);
        ApiClient.Answer again = signal(name, " 1 ", "Idempotency-Key", name);
        ApiClient.Answer other = signal(name, "2", "Idempotency-Key", name);
        ApiClient.Answer elsewhere = api().post("/api/signals/other?key=x", "1", "Idempotency-Key", name);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body()).contains("Idempotency-Key");
        assertThat(elsewhere.status()).as("of another name").isEqualTo(202);
        signal(name, "4");
        signal(name, "5");
        assertThat(output(thrice).asText()).isEqualTo("145");
    }

    @Test
    void refusesWhatIsNoSignal() {
        assertThat(api().post("/api/signals/re%20plied?key=x", "1").status()).isEqualTo(400);
        assertThat(api().post("/api/signals/replied", "1").body()).contains("key");
        assertThat(signal("%20", "1").status()).isEqualTo(400);
        assertThat(signal("x", "{").body()).contains("not JSON");
        assertThat(new ApiClient(port, "vic", "secret")
                        .post("/api/signals/replied?key=x", "1")
                        .status())
                .isEqualTo(403);
        assertThat(new ApiClient(port, "", "")
                        .post("/api/signals/replied?key=x", "1")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTimePassesWithoutAnAttempt() {
        Instant until = Instant.now().plusSeconds(6);
        String id = submit("pause", "{\"time\":\"200ms\",\"until\":\"%s\",\"name\":\"%s\"}".formatted(until, name));
        waits(id, "TIME");

        assertThat(output(id).asText()).isEqualTo("over");
        assertThat(Instant.now()).isAfter(until);
        assertThat(notes()).containsExactly("paused");
        assertThat(task(id).path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void otherBranchesGoOnAndNothingAfterTheJoinDoes() {
        String id = submit("branches");
        soon().until(() -> notes().containsAll(List.of("first", "second", "third")));
        waits(id, "SIGNAL");
        assertThat(notes()).containsExactlyInAnyOrder("first", "second", "third");

        signal(name, "\"yes\"");

        assertThat(output(id).asText()).isEqualTo("yes");
        assertThat(notes()).containsExactlyInAnyOrder("first", "second", "third", "answered", "joined");
        assertThat(notes()).endsWith("joined");
    }

    /** One after the other: the second branch goes on while the first waits, unless the first failure stops all. */
    @ParameterizedTest
    @CsvSource({"stopping, before", "passing, before beside"})
    void branchesInSequenceGoOnUnlessTheFirstStopsThem(String workflow, String meanwhile) {
        String id = submit(workflow);
        waits(id, "SIGNAL");
        assertThat(notes()).containsExactly(meanwhile.split(" "));
        assertThat(joined()).isZero();

        signal(name, "\"yes\"");

        assertThat(output(id).asText()).isEqualTo("yes");
        assertThat(notes()).containsExactlyInAnyOrder("before", "answered", "beside");
        assertThat(joined()).isEqualTo(1);
    }

    private int joined() {
        return jdbc.sql("select count(*) from signal where name = 'joined' and key = ?")
                .param(name)
                .query(Integer.class)
                .single();
    }

    @Test
    void allPartsOfASplitWaitTogether() {
        List<String> keys = List.of("a-" + name, "b-" + name, "c-" + name);
        String id =
                submit("each", "{\"keys\":[\"%s\",\"%s\",\"%s\"]}".formatted(keys.get(0), keys.get(1), keys.get(2)));
        soon().until(() -> task(id).path("calls").size() == 3);
        waits(id, "SIGNAL");

        signal(keys.get(1), "1");
        soon().until(() ->
                SERVER.requests("/note").stream().anyMatch(r -> r.body().equals("heard " + keys.get(1))));
        waits(id, "SIGNAL");
        signal(keys.get(0), "1");
        signal(keys.get(2), "1");

        assertThat(output(id).asText()).isEqualTo("all");
        assertThat(SERVER.requests("/note").stream()
                        .map(FaultyServer.Request::body)
                        .filter(body -> body.contains(name)))
                .hasSize(4)
                .endsWith("heard all of [%s]".formatted(String.join(", ", keys)));
    }

    @Test
    void aCatchAndAFinallyDoNothingWhileItWaits() {
        String id = submit("caught");
        waits(id, "SIGNAL");
        assertThat(notes()).isEmpty();

        signal(name, "1");

        assertThat(output(id).asText()).isEqualTo("done");
        assertThat(notes()).containsExactly("tried", "finally");
        assertThat(jdbc.sql("select count(*) from signal where name = 'caught' and key = ?")
                        .param(name)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void whatACatchMakesOfTheWaitIsNoFailure() {
        String id = submit("swallowed");
        waits(id, "SIGNAL");

        signal(name, "1");

        assertThat(output(id).asText()).isEqualTo("done");
        assertThat(task(id).path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void aFailureBesideAWaitIsAFailure() {
        JsonNode task = ended(submit("half"));

        assertThat(task.path("status").asText()).isEqualTo("DEAD");
        assertThat(task.path("error").path("message").asText()).contains("broken branch");
    }

    @Test
    void aWorkflowSendsASignalOnceInAllItsAttempts() {
        String id = submit("teller");

        assertThat(output(id).asText()).isEqualTo("told");
        assertThat(task(id).path("attempts").asInt()).isEqualTo(3);
        assertThat(notes()).containsExactly("told");
        assertThat(jdbc.sql("select count(*) from signal where key = ?")
                        .param(name)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void aHookSendsASignalOnceForADelivery() {
        String id = reply(name, "1h");
        waits(id, "SIGNAL");
        String body = "{\"ticket\":\"%s\",\"text\":\"hello\"}".formatted(name);

        for (int i = 0; i < 2; i++) {
            ApiClient.Answer answer = api().post("/hooks/replied", body, "Idempotency-Key", name);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }

        assertThat(output(id).path("body").path("text").asText()).isEqualTo("hello");
        assertThat(jdbc.sql("select count(*) from signal where key = ?")
                        .param(name)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void aToolDoesNotWait() {
        JsonNode task = ended(submit("calls-waiting-tool", "{}"));

        assertThat(task.path("error").path("message").asText()).contains("a tool cannot wait");
    }

    /** Which {@code direct:} route a {@code toD} reaches is known only then; nothing was sent, so nothing is in doubt. */
    @Test
    void aToolDoesNotWaitInAComputedRouteEither() {
        JsonNode task = ended(submit("calls-computed-waiting-tool", "{}"));

        assertThat(task.path("status").asText()).isEqualTo("DEAD");
        assertThat(task.path("error").path("message").asText())
                .contains("tool:computed-waiting-tool", "a tool cannot wait", "let the workflow wait");
        assertThat(task.path("calls").get(0).path("state").asText()).isEqualTo("FAILED");
    }

    /** Each part finds its own result again, though an equal call of another part was recorded while this one waited. */
    @Test
    void equalCallsOfPartsThatWaitAreNotSwapped() {
        AtomicInteger n = new AtomicInteger();
        SERVER.respond("/voucher", request -> FaultyServer.json("{\"n\":" + n.incrementAndGet() + "}"));
        List<String> keys = List.of("a-" + name, "b-" + name);
        String id = submit("vouchers", "{\"keys\":[\"%s\",\"%s\"]}".formatted(keys.get(0), keys.get(1)));
        soon().until(() -> task(id).path("calls").size() == 2);
        waits(id, "SIGNAL");
        signal(keys.get(1), "1");
        soon().until(() ->
                SERVER.requests("/note").stream().anyMatch(r -> r.body().contains(keys.get(1))));
        waits(id, "SIGNAL");

        signal(keys.get(0), "1");

        assertThat(ended(id).path("status").asText()).isEqualTo("COMPLETED");
        assertThat(SERVER.requests("/note").stream()
                        .map(FaultyServer.Request::body)
                        .filter(b -> b.contains(name)))
                .containsExactly("pay b-%s with 1".formatted(name), "pay a-%s with 2".formatted(name));
    }

    @Test
    void aCancelledTaskHearsNothing() {
        String id = reply(name, "1h");
        waits(id, "SIGNAL");
        assertThat(api().post("/api/tasks/%s/cancel".formatted(id), "").status())
                .isLessThan(300);

        signal(name, "1");

        soon().until(() -> jdbc.sql("select delivered_at is not null from signal where key = ?")
                .param(name)
                .query(Boolean.class)
                .single());
        assertThat(task(id).path("status").asText()).isEqualTo("CANCELLED");
    }

    /** The child hears what came after its root task, long before there was a child. */
    @Test
    void aChildHearsWhatWasSentSinceItsFamilyBegan() {
        String id = submit("family");
        waits(id, "SIGNAL");
        api().post("/api/signals/earlier?key=" + name, "7");

        signal(name, "1");

        assertThat(output(id).path("outcome").asText()).isEqualTo("received");
        assertThat(output(id).path("body").asInt()).isEqualTo(7);
    }

    /** Both signals came within the time, and only after it Drover can look. */
    @Test
    void ofTwoWaitsForEqualSignalsNoneMissesOneThatCameInTime() {
        String id = submit("twice");
        waits(id, "SIGNAL");

        jdbc.sql(
                        """
                        with sent as (insert into signal (source, name, key, body, delivered_at)
                                      select gen_random_uuid(), 'replied', :key, '1', now() from generate_series(1, 2)),
                             late as (update pending_call set due_at = now() where task_id = :id)
                        update task set run_at = now() where id = :id
                        """)
                .param("key", name)
                .param("id", UUID.fromString(id))
                .update();

        assertThat(output(id).asText()).isEqualTo("received received");
    }

    /** The time ends about when the signal comes: it is one of both, and the signal is never taken twice. */
    @Test
    void aSignalThatRacesTheTimeoutIsOneOutcome() throws Exception {
        List<Callable<String>> races = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String key = name + i;
            long wait = 300 + i * 5;
            races.add(() -> {
                String id = reply(key, "400ms");
                Thread.sleep(wait);
                signal(key, "1");
                return output(id).path("outcome").asText();
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(races.size())) {
            for (Future<String> outcome : threads.invokeAll(races)) {
                assertThat(outcome.get()).isIn("received", "timeout");
            }
        }
        assertThat(jdbc.sql(
                                """
                                select count(*) from pending_call p join call c on c.task_id = p.task_id and c.address = p.address
                                 where p.key like ? and (p.settled_at is null or c.state <> 'SUCCEEDED'
                                       or (p.signal_id is not null) <> (c.result ->> 'outcome' = 'received'))""")
                        .param(name + "%")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
