package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.ChildCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Workflows that await other tasks. */
class AwaitTest extends WaitsTestBase {

    /** In the long run it is 10,000. */
    private static final int MANY = Integer.getInteger("drover.children", 2_000);

    @Autowired
    ChildCalls childCalls;

    @AfterEach
    void takeAll() {
        REFUSED.clear();
    }

    private String leafThatWaits(String workflow) {
        return submit(workflow, "{\"name\":\"%s\",\"wait\":\"%s\"}".formatted(name, name));
    }

    private void release() {
        assertThat(api().post("/api/signals/leaf?key=" + name, "1").status()).isEqualTo(202);
    }

    private String childOf(String parent) {
        soon().until(() -> !children(parent).isEmpty());
        return children(parent).getFirst();
    }

    private List<String> children(String parent) {
        return jdbc.sql(
                        "select id from task where parent = ? or id in (select child from pending_call where task_id = ?) order by id")
                .param(UUID.fromString(parent))
                .param(UUID.fromString(parent))
                .query(String.class)
                .list();
    }

    private long token(String id) {
        return jdbc.sql("select token from task where id = ?")
                .param(UUID.fromString(id))
                .query(Long.class)
                .single();
    }

    private JsonNode status(String id, String status) {
        soon().untilAsserted(() -> assertThat(task(id).path("status").asText()).isEqualTo(status));
        return task(id);
    }

    private void retry(String id) {
        assertThat(api().post("/api/tasks/%s/retry".formatted(id), "").status()).isLessThan(300);
    }

    private void cancel(String id) {
        assertThat(api().post("/api/tasks/%s/cancel".formatted(id), "").status())
                .isLessThan(300);
    }

    @Test
    void theOutputOfTheChildIsTheResult() {
        String id = leafThatWaits("awaits");
        waits(id, "CHILD");
        assertThat(task(id).path("error").path("message").asText()).isEqualTo("waits for task:leaf");
        assertThat(task(id).path("calls").get(0).path("state").asText()).isEqualTo("PENDING");
        String child = childOf(id);
        waits(child, "SIGNAL");

        release();

        assertThat(output(id).asText()).isEqualTo("of " + name);
        assertThat(notes()).containsExactly("leaf", "awaited");
        assertThat(task(id).path("attempts").asInt())
                .as("a wait costs no attempt")
                .isEqualTo(1);
        assertThat(token(id)).as("it was woken once").isEqualTo(2);
        JsonNode below = task(child);
        assertThat(below.path("submittedBy").asText()).isEqualTo("ada");
        assertThat(below.path("parent").asText()).isEqualTo(id);
        assertThat(below.path("root").asText()).isEqualTo(id);
        JsonNode listed =
                api().get("/api/tasks/%s/children?limit=1".formatted(id)).json();
        assertThat(listed.path("tasks").get(0).path("id").asText()).isEqualTo(child);
        assertThat(listed.path("tasks").get(0).path("children").asInt(-1)).isZero();
        assertThat(listed.path("counts").toString()).isEqualTo("{\"COMPLETED\":1}");
        assertThat(below.path("ancestors")).hasSize(1);
        assertThat(below.path("ancestors").get(0).path("workflow").asText()).isEqualTo("awaits");
        assertThat(api().get("/api/tasks/%s/children?cursor=%s"
                                .formatted(id, listed.path("next").asText()))
                        .json()
                        .path("tasks"))
                .isEmpty();
        assertThat(api().get("/console/tasks/" + id).body()).contains("/console/tasks/" + child);
        assertThat(api().get("/console/tasks/" + child).body()).contains("Awaited by", "/console/tasks/" + id);
    }

    @Test
    void aDeadChildIsAFailureThatNamesItAndIsReplayed() {
        REFUSED.add("leaf " + name);
        String id = submit("awaits-caught");
        waits(id, "SIGNAL");
        String child = childOf(id);

        REFUSED.clear();
        signal(name, "1");

        assertThat(output(id).asText())
                .startsWith("task:leaf (task %s) is dead: ".formatted(child))
                .contains("tool:note", "422");
        assertThat(children(id)).containsExactly(child);
        assertThat(notes()).as("the child was not tried again").containsExactly("leaf");
    }

    @Test
    void aRedriveOfTheParentIsOneOfTheDeadChild() {
        REFUSED.add("leaf " + name);
        String id = submit("awaits");
        JsonNode dead = status(id, "DEAD");
        String child = childOf(id);
        assertThat(dead.path("error").path("type").asText()).isEqualTo("ChildDead");
        assertThat(dead.path("error").path("message").asText()).contains("task:leaf (task %s)".formatted(child));
        assertThat(dead.path("attempts").asInt())
                .as("another attempt fails alike")
                .isEqualTo(1);

        REFUSED.clear();
        retry(id);

        assertThat(output(id).asText()).isEqualTo("of " + name);
        assertThat(task(child).path("status").asText()).isEqualTo("COMPLETED");
        assertThat(children(id)).containsExactly(child);
        assertThat(notes()).containsExactly("leaf", "leaf", "awaited");
    }

    @Test
    void aChildThatAPersonTriedAgainIsNotTriedTwice() {
        REFUSED.add("leaf " + name);
        String id = submit("awaits");
        status(id, "DEAD");
        REFUSED.clear();
        retry(childOf(id));
        status(childOf(id), "COMPLETED");
        assertThat(task(id).path("status").asText()).isEqualTo("DEAD");

        retry(id);

        assertThat(output(id).asText()).isEqualTo("of " + name);
        assertThat(notes()).containsExactly("leaf", "leaf", "awaited");
    }

    @Test
    void severalDeadParentsAreRedrivenTogether() {
        REFUSED.add(name);
        String id = submit("awaits");
        status(id, "DEAD");
        REFUSED.clear();

        assertThat(api().post("/api/dead/retry", "{\"ids\":[\"%s\"]}".formatted(id))
                        .status())
                .isLessThan(300);

        assertThat(output(id).asText()).isEqualTo("of " + name);
    }

    @Test
    void aCancelledChildIsAFailure() {
        String id = leafThatWaits("awaits");
        waits(id, "CHILD");
        String child = childOf(id);

        cancel(child);

        JsonNode dead = status(id, "DEAD");
        assertThat(dead.path("error").path("type").asText()).isEqualTo("ChildCancelled");
        assertThat(dead.path("error").path("message").asText())
                .isEqualTo("task:leaf (task %s) was cancelled".formatted(child));
    }

    /** As an earlier release ends it. */
    @Test
    void aChildThatEndedUnheardIsFoundAndWakesItsParent() {
        String id = leafThatWaits("awaits");
        waits(id, "CHILD");
        String child = childOf(id);
        waits(child, "SIGNAL");
        jdbc.sql(
                        """
                        update task set status = 'COMPLETED', wait_reason = null, output = '"unheard"', finished_at = now()
                         where id = ?""")
                .param(UUID.fromString(child))
                .update();

        assertThat(childCalls.settleEnded()).isOne();
        assertThat(childCalls.settleEnded()).isZero();

        assertThat(output(id).asText()).isEqualTo("unheard");
    }

    @Test
    void aCancellationGoesDownUnlessTheChildIsAnOrphanOrShared() {
        String shared = submit(
                "leaf",
                "{\"name\":\"%s\",\"wait\":\"%s\",\"shared\":\"%s\"}".formatted(name, name, name),
                "Idempotency-Key",
                name);
        String id = submit(
                "awaits-kinds", "{\"name\":\"%s\",\"wait\":\"%s\",\"shared\":\"%s\"}".formatted(name, name, name));
        soon().until(() -> children(id).size() == 3);
        waits(id, "CHILD");
        children(id).forEach(child -> waits(child, "SIGNAL"));

        cancel(id);

        List<String> cancelled = jdbc.sql(
                        """
                        select t.status || ' ' || (t.parent_n is not null) from task t
                         where t.parent = ? or t.id in (select child from pending_call where task_id = ?) order by 1""")
                .param(UUID.fromString(id))
                .param(UUID.fromString(id))
                .query(String.class)
                .list();
        assertThat(cancelled).containsExactly("CANCELLED true", "WAITING false", "WAITING false");
        assertThat(task(id).path("status").asText()).isEqualTo("CANCELLED");
        assertThat(shared).isNotEmpty();
        release();
        children(id).stream()
                .filter(child -> !task(child).path("status").asText().equals("CANCELLED"))
                .forEach(child -> assertThat(output(child).asText()).isEqualTo("of " + name));
    }

    @Test
    void severalParentsAwaitOneSharedTask() {
        String input = "{\"name\":\"%s\",\"wait\":\"%s\",\"shared\":\"%s\"}".formatted(name, name, name);
        String one = submit("awaits-shared", input);
        waits(one, "CHILD");
        String other = submit("awaits-shared", input);
        waits(other, "CHILD");
        assertThat(children(one)).isEqualTo(children(other));

        release();

        assertThat(output(one).asText()).isEqualTo("of " + name);
        assertThat(output(other).asText()).isEqualTo("of " + name);
        assertThat(notes()).containsExactly("leaf");
        assertThat(output(submit("awaits-shared", input)).asText())
                .as("one that has ended")
                .isEqualTo("of " + name);
        JsonNode refused = status(submit("awaits-shared", input.replace("wait", "other")), "DEAD");
        assertThat(refused.path("error").path("message").asText())
                .contains("is taken by task " + children(one).getFirst());
    }

    @Test
    void eachRoundOfALoopHasAChild() {
        String id = submit("awaits-loop");

        assertThat(output(id).asText()).isEqualTo("of %1$s,of %1$s,of %1$s,".formatted(name));
        assertThat(children(id)).hasSize(3);
        assertThat(notes()).containsExactly("leaf", "leaf", "leaf");
    }

    @Test
    void aListIsAwaitedInItsOrder() {
        String items = IntStream.range(0, 5)
                .mapToObj(i -> "{\"name\":\"%s-%d\"}".formatted(name, i))
                .collect(Collectors.joining(","));
        String id = submit("awaits-list", "{\"items\":[%s]}".formatted(items));

        List<String> expected = new ArrayList<>();
        IntStream.range(0, 5).forEach(i -> expected.add("of %s-%d".formatted(name, i)));
        List<String> outputs = new ArrayList<>();
        output(id).forEach(one -> outputs.add(one.asText()));
        assertThat(outputs).isEqualTo(expected);
        assertThat(output(submit("awaits-list", "{\"items\":[]}")).toString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"awaits-split", "awaits-split-parallel"})
    void aSplitWakesItsTaskOnce(String workflow) {
        String items =
                IntStream.range(0, MANY).mapToObj("{\"n\":%d}"::formatted).collect(Collectors.joining(","));
        String id = submit(workflow, "{\"items\":[%s]}".formatted(items));

        org.awaitility.Awaitility.await().until(() -> jdbc.sql("select status from task where id = ?")
                .param(UUID.fromString(id))
                .query(String.class)
                .single()
                .equals("COMPLETED"));

        assertThat(token(id)).as("claimed at first, and when all had ended").isEqualTo(2);
        assertThat(jdbc.sql("select count(*) from task where parent = ? and status = 'COMPLETED'")
                        .param(UUID.fromString(id))
                        .query(Integer.class)
                        .single())
                .isEqualTo(MANY);
    }

    @Test
    void aWorkflowDoesNotAwaitItselfNorTooDeep() {
        JsonNode loop = status(submit("deep", "{\"next\":\"deep-two\",\"name\":\"%s\"}".formatted(name)), "DEAD");
        assertThat(loop.path("error").path("message").asText()).contains("deep -> deep-two -> deep");
    }

    /** Of what the models of children cost, the parent's total holds all, also of grandchildren. */
    @Test
    void costAddsUp() {
        String id = leafThatWaits("awaits");
        waits(id, "CHILD");
        String child = childOf(id);
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, tries, token, definition, arguments, result, started_at, finished_at)
                        select id, gen_random_uuid(), 7, 'model.any', 'SUCCEEDED', 1, token, 0, '{}',
                               '{"usd":0.25,"usage":{"in":10,"out":5}}', now(), now() from task where id = ?""")
                .param(UUID.fromString(child))
                .update();

        release();

        output(id);
        assertThat(task(id).path("costUsd").decimalValue()).isEqualByComparingTo("0.25");
        assertThat(jdbc.sql("select tokens from call where address = ?")
                        .param(UUID.fromString(child))
                        .query(Long.class)
                        .single())
                .isEqualTo(15);
    }

    @Test
    void aToolDoesNotAwait() {
        JsonNode task = status(submit("calls-awaiting-tool", "{}"), "DEAD");

        assertThat(task.path("error").path("message").asText()).contains("a tool cannot wait");
    }

    /** A child ends about when the attempt of its parent does: the parent is woken, and by one of the two. */
    @Test
    void anEndThatRacesTheAttemptOfTheParentWakesItOnce() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ids.add(submit("awaits-item", "{\"n\":%d}".formatted(i)));
        }
        for (String id : ids) {
            output(id);
            assertThat(token(id)).isEqualTo(2);
        }
    }
}
