package io.drover.agent;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.hangUp;
import static io.drover.FaultyServer.json;
import static io.drover.FaultyServer.status;
import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.journal.EffectKeys;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskDecisions.Decision;
import io.drover.journal.TaskDecisions.Resolution;
import io.drover.journal.TaskDecisions.Verdict;
import io.drover.who.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Of all calls with the same effect key, one is made. */
class EffectKeysTest extends AgentTestBase {

    private static final Actor ANN = Actor.person("ann");

    @Autowired
    TaskDecisions decisions;

    @Autowired
    EffectKeys keys;

    private final String order = UUID.randomUUID().toString();

    @BeforeEach
    void answer() {
        for (String tool : List.of("refund", "refund_card", "refund_manual", "remind")) {
            SERVER.always("/" + tool, json("{\"done\":\"%s\"}".formatted(tool)));
        }
    }

    @Test
    void ofTasksThatRaceOneMakesTheCallAndAllHaveItsResult() {
        SERVER.next("/refund", after(700, json("{\"done\":\"slowly\"}")));

        List<UUID> all =
                IntStream.range(0, 6).mapToObj(i -> refund("refund", 10)).toList();

        all.forEach(task -> awaitStatus(task, "COMPLETED"));
        assertThat(all).allSatisfy(task -> {
            assertThat(row(task).get("output")).hasToString("{\"done\":\"slowly\"}");
            assertThat(row(task)).containsEntry("attempt", 1);
        });
        assertThat(sent("refund")).hasSize(1);
        assertThat(jdbc.sql("select count(*) from effect_wait where key = ?")
                        .param("order-" + order)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(meters.counter("agent.effect.key.meetings", "tool", "refund", "how", "repeated")
                        .count())
                .isGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void aCallWithOtherArgumentsIsAQuestion(Resolution resolution) {
        UUID first = refund("refund", 11);
        awaitStatus(first, "COMPLETED");

        UUID second = refund("refund", 12);

        awaitWaiting(second, "IN_DOUBT");
        assertThat(sent("refund")).hasSize(1);
        Map<String, Object> asked = calls(second).getFirst();
        assertThat(asked).containsEntry("state", "IN_DOUBT").containsEntry("tries", 0);
        assertThat(asked.get("error").toString())
                .contains(first.toString(), "\\\"amount\\\":11", "\\\"amount\\\":12", "order-" + order, "\"effect\"");

        String result = resolution == Resolution.HAPPENED ? "\"by hand\"" : null;
        assertThat(decisions.resolve(second, 1, new Decision(resolution, result, null), ANN))
                .isEqualTo(new Verdict.Done());

        awaitStatus(second, resolution == Resolution.FAIL ? "DEAD" : "COMPLETED");
        assertThat(sent("refund")).hasSize(resolution == Resolution.AGAIN ? 2 : 1);
    }

    @Test
    void aCallThatSurelyDidNotHappenGivesItsKeyBack() {
        SERVER.next("/refund", status(400, "", "{}"));
        awaitStatus(refund("refund", 10), "DEAD");
        assertThat(held()).isEmpty();

        awaitStatus(refund("refund", 12), "COMPLETED");

        assertThat(sent("refund")).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void aCallInDoubtKeepsItsKeyThoughItsTaskIsCancelled(Resolution resolution) {
        SERVER.next("/refund", hangUp());
        UUID first = refund("refund", 10);
        awaitWaiting(first, "IN_DOUBT");
        UUID second = refund("refund", 10);
        awaitWaiting(second, "EFFECT");
        assertThat(row(second).get("error").toString()).contains(first.toString());

        decisions.cancel(first, ANN);

        assertThat(held()).containsExactly(first);
        assertThat(decisions.resolve(first, 1, new Decision(resolution, "\"it was\"", null), ANN))
                .isEqualTo(new Verdict.Done());

        switch (resolution) {
            case HAPPENED -> {
                awaitStatus(second, "COMPLETED");
                assertThat(row(second).get("output")).hasToString("\"it was\"");
            }
            case FAIL -> awaitWaiting(second, "IN_DOUBT");
            case AGAIN ->
                await().during(Duration.ofMillis(1_500))
                        .until(() -> "EFFECT".equals(row(second).get("wait_reason")));
        }
        assertThat(sent("refund")).hasSize(1);
        decisions.cancel(second, ANN);
    }

    @Test
    void whatAFallbackDidIsDone() {
        SERVER.next("/refund_card", status(400, "", "{}"));
        UUID first = refund("refund_card", 10);
        awaitStatus(first, "COMPLETED");

        UUID second = refund("refund_card", 10);

        awaitStatus(second, "COMPLETED");
        assertThat(row(second).get("output")).hasToString("{\"done\":\"refund_manual\"}");
        assertThat(sent("refund_card")).hasSize(1);
        assertThat(sent("refund_manual")).hasSize(1);
    }

    @Test
    void aTaskRepeatsWhatAnotherDidWhereTheKeyIsOfTheTask() {
        awaitStatus(refund("remind", 1), "COMPLETED");
        awaitStatus(refund("remind", 1), "COMPLETED");

        assertThat(sent("remind")).as("twice in each task").hasSize(2);
    }

    @Test
    void anEmptyKeyRefuses() {
        UUID task = submit("do", "{\"tool\":\"remind\",\"args\":{\"orderId\":\" \",\"amount\":1}}");

        awaitStatus(task, "DEAD");
        assertThat(row(task).get("error").toString()).contains("effectKey (${variable.orderId}) is empty");
    }

    @Test
    void anOldKeyIsForgottenUnlessItsCallIsInDoubt() {
        awaitStatus(refund("refund", 10), "COMPLETED");
        SERVER.next("/refund_card", hangUp());
        UUID doubtful = refund("refund_card", 10);
        awaitWaiting(doubtful, "IN_DOUBT");
        decisions.cancel(doubtful, ANN);
        assertThat(held()).hasSize(2);
        jdbc.sql("update effect set taken_at = now() - interval '89 days' where key = ?")
                .param("order-" + order)
                .update();

        keys.forget(Duration.ofDays(90), 1000);
        assertThat(held()).hasSize(2);
        keys.forget(Duration.ofDays(88), 1000);

        assertThat(held()).containsExactly(doubtful);
        awaitStatus(refund("refund", 12), "COMPLETED");
        assertThat(sent("refund")).hasSize(2);
    }

    @Test
    void aModelHearsWhatIsDoneAlready() throws Exception {
        List<String> heard = new ArrayList<>();
        mind(request -> {
            List<JsonNode> results = toolResults(request);
            results.forEach(result -> heard.add(result.toString()));
            return results.size() == 2 ? text("done") : call("refund", arguments(results.isEmpty() ? 10 : 12));
        });

        completed("refunder", question);

        assertThat(sent("refund")).hasSize(1);
        assertThat(heard.getLast()).contains("already_done", "refund");
    }

    private UUID refund(String tool, int amount) {
        return submit("do", "{\"tool\":\"%s\",\"args\":%s}".formatted(tool, arguments(amount)));
    }

    private String arguments(int amount) {
        return "{\"orderId\":\"%s\",\"amount\":%d}".formatted(order, amount);
    }

    private List<FaultyServer.Request> sent(String tool) {
        return SERVER.requests("/" + tool).stream()
                .filter(request -> request.body().contains(order))
                .toList();
    }

    private List<UUID> held() {
        return jdbc.sql("select task_id from effect where key = ?")
                .param("order-" + order)
                .query(UUID.class)
                .list();
    }

    private List<Map<String, Object>> calls(UUID task) {
        return jdbc.sql("select * from call where task_id = ? order by n")
                .param(task)
                .query()
                .listOfRows();
    }

    private Map<String, Object> row(UUID task) {
        return jdbc.sql("select * from task where id = ?").param(task).query().singleRow();
    }

    private void awaitStatus(UUID task, String status) {
        await().untilAsserted(() -> assertThat(row(task)).containsEntry("status", status));
    }

    private void awaitWaiting(UUID task, String reason) {
        await().untilAsserted(() -> assertThat(row(task)).containsEntry("wait_reason", reason));
    }
}
