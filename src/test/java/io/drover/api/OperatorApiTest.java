package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import io.drover.journal.SetAside;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What an operator asks who has to get a fleet going again. */
@TestPropertySource(properties = "drover.routes.directory=src/test/resources/routes-console")
class OperatorApiTest extends ApiTestBase {

    @Autowired
    SetAside setAside;

    @Test
    void findsATaskByIdKeyAndError() {
        String key = "K-" + UUID.randomUUID();
        String id = dead("findable", "Atlantis", key);

        assertThat(ids(search(id))).containsExactly(id);
        assertThat(ids(search(key))).containsExactly(id);
        assertThat(ids(search(key.substring(5)))).containsExactly(id);
        assertThat(ids(search("TO atlantis"))).contains(id);
        assertThat(ids(operator()
                        .get("/api/tasks?status=DEAD&workflow=order&q=Atlantis")
                        .json()))
                .contains(id);
        assertThat(ids(operator().get("/api/tasks?status=QUEUED&q=" + key).json()))
                .isEmpty();
        assertThat(ids(operator().get("/api/tasks?workflow=pay-back&q=" + id).json()))
                .isEmpty();
        assertThat(ids(search("' or 1=1 --"))).isEmpty();
    }

    @Test
    void goesOnSearchingWhereAPartEnds() {
        for (int i = 0; i < 5; i++) {
            dead("paged-" + i, "Lemuria", null);
        }

        JsonNode first = operator().get("/api/tasks?q=lemuria&limit=3").json();
        JsonNode second = operator()
                .get("/api/tasks?q=lemuria&limit=3&cursor=" + first.get("next").asText())
                .json();

        assertThat(ids(first)).hasSize(3).doesNotContainAnyElementsOf(ids(second));
        assertThat(ids(second)).hasSize(2);
        assertThat(second.has("next")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"q=%00", "q=x%00y"})
    void refusesTextThatCannotBeLookedFor(String query) {
        assertThat(operator().get("/api/tasks?" + query).status()).isEqualTo(400);
        assertThat(operator().get("/api/tasks?q=" + "x".repeat(201)).status()).isEqualTo(400);
    }

    @Test
    void showsWhatARedoForgetsAndRefusesWhatItCannot() {
        String task = "/api/tasks/" + dead("redone", "Thule", null);

        JsonNode preview = operator().get(task + "/retry?from=1").json();
        assertThat(preview.get("forgotten").findValuesAsText("tool")).containsExactly("stock", "carrier");
        assertThat(preview.get("kept").findValuesAsText("tool")).containsExactly("charge");
        assertThat(preview.get("before").asInt()).isZero();
        assertThat(preview.get("asks").toString()).contains("\"charge\"").doesNotContain("stock");

        for (String wrong : List.of("0", "-1", "x", "99999999999")) {
            for (Answer answer : List.of(
                    operator().get(task + "/retry?from=" + wrong),
                    operator().post(task + "/retry?from=" + wrong, ""))) {
                assertThat(answer.status()).as(wrong).isEqualTo(400);
                assertThat(answer.json().at("/problems/0/field").asText()).isEqualTo("from");
            }
        }
        Answer kept = operator().post(task + "/retry?from=2", "");
        assertThat(kept.status()).isEqualTo(409);
        assertThat(kept.json().get("type").asText()).isEqualTo("urn:drover:problem:call-is-kept");
        assertThat(operator().post(task + "/retry?from=9", "").status()).isEqualTo(404);
        assertThat(operator().get(task).json().get("status").asText()).isEqualTo("DEAD");
        assertThat(operator().post(task + "/cancel", "").status()).isEqualTo(200);
        Answer late = operator().post(task + "/retry?from=1", "");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.json().get("detail").asText())
                .isEqualTo("the task is CANCELLED; only a DEAD task can be redone");
    }

    @Test
    void showsAndForgetsRecordsThatAreSetAside() {
        for (int i = 0; i < 5; i++) {
            setAside.add(
                    new SetAside.Position("nowhere", "topic", 0, i),
                    new SetAside.Content(1, null, new byte[] {1, 2, 3, 4}, List.of()),
                    new SetAside.Why("no JSON", "Some", "too large"));
        }
        JsonNode first =
                operator().get("/api/set-aside?trigger=nowhere&limit=3").json().get("records");
        JsonNode second = operator()
                .get("/api/set-aside?trigger=nowhere&limit=3&before="
                        + first.get(2).get("id").asText())
                .json()
                .get("records");
        assertThat(first.findValuesAsText("offset")).containsExactly("4", "3", "2");
        assertThat(second.findValuesAsText("offset")).containsExactly("1", "0");
        assertThat(first.get(0).get("payloadBytes").asInt()).isEqualTo(4);

        String record = "/api/set-aside/" + first.get(0).get("id").asText();
        assertThat(operator().get(record).json().get("payload").asText()).isEqualTo("AQIDBA==");
        assertThat(operator()
                        .get(record + "?offset=1&length=2")
                        .json()
                        .get("payload")
                        .asText())
                .isEqualTo("AgM=");
        for (String wrong : List.of("offset=-1", "length=0", "length=10485761", "length=x")) {
            assertThat(operator().get(record + "?" + wrong).status()).as(wrong).isEqualTo(400);
        }
        for (String action : List.of("/replay", "/dead-letter")) {
            Answer refused = operator().post(record + action, "");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.json().get("detail").asText()).contains("trigger nowhere does not run here");
            assertThat(operator().post("/api/set-aside/0" + action, "").status())
                    .isEqualTo(404);
            assertThat(operator().post("/api/set-aside/x" + action, "").status())
                    .isEqualTo(400);
        }
        assertThat(operator().get(record).status()).isEqualTo(200);
    }

    @Test
    void settlesManyCallsInDoubtOnlyWhenTheirNumberIsKnown() {
        JsonNode none = operator().get("/api/calls/in-doubt").json();
        assertThat(none.get("calls").isArray()).isTrue();
        assertThat(operator().get("/api/calls/in-doubt?tool=charge&limit=1001").status())
                .isEqualTo(400);
        assertThat(operator().get("/api/calls/in-doubt?tool=%00").status()).isEqualTo(400);
        assertThat(operator()
                        .get("/api/calls/in-doubt?since=9999999-01-01T00:00:00Z")
                        .status())
                .isEqualTo(400);

        Answer wrong =
                operator().post("/api/calls/resolve", "{\"tool\":\"nobody\",\"expected\":3,\"resolution\":\"fail\"}");
        assertThat(wrong.status()).isEqualTo(409);
        assertThat(wrong.json().get("detail").asText())
                .isEqualTo("0 calls of tool:nobody match, not 3, so nothing is settled; check the calls and try again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"expected\":1,\"resolution\":\"fail\"}",
                "{\"tool\":\"pay\",\"resolution\":\"fail\"}",
                "{\"tool\":\"pay\",\"expected\":0,\"resolution\":\"fail\"}",
                "{\"tool\":\"pay\",\"expected\":1001,\"resolution\":\"fail\"}",
                "{\"tool\":\"pay\",\"expected\":1}",
                "{\"tool\":\"pay\",\"expected\":1,\"resolution\":\"maybe\"}",
                "{\"tool\":\"pay\",\"expected\":1,\"resolution\":\"fail\",\"result\":1}",
                "{\"tool\":\"pay\",\"expected\":1,\"resolution\":\"happened\",\"result\":\"\\u0000\"}",
                "{\"tool\":\"pay\",\"workflow\":\" \",\"expected\":1,\"resolution\":\"fail\"}",
                "{\"tool\":\"pay\",\"expected\":1,\"resolution\":\"fail\",\"since\":\"+999999999-01-01T00:00:00Z\"}",
                "{\"tool\":\"pay\",\"expected\":1,\"resolution\":\"fail\",\"until\":\"+999999999-01-01T00:00:00Z\"}"
            })
    void refusesADecisionAboutManyCallsThatIsNotClear(String decision) {
        assertThat(operator().post("/api/calls/resolve", decision).status()).isEqualTo(400);
    }

    @Test
    void groupsTheDeadByWhatTheyDiedOf() {
        dead("g1", "Ys", null);
        dead("g2", "Ys", null);

        JsonNode group = group("Ys");

        assertThat(group.get("workflow").asText()).isEqualTo("order");
        assertThat(group.get("count").asInt()).isEqualTo(2);
        assertThat(group.get("type").asText()).isNotBlank();
        assertThat(group.at("/example/message").asText()).contains("no carrier goes to Ys");
        assertThat(group.get("oldest").asText()).isLessThan(group.get("newest").asText());
        assertThat(operator().get("/api/dead?workflow=pay-back").json().get("groups"))
                .isEmpty();
        assertThat(operator().get("/api/dead?workflow=%20").status()).isEqualTo(400);
    }

    /** 404 and 503 have different remedies. */
    @Test
    void keepsTheStatusOfAnAnswerApartFromOtherNumbers() {
        dead("status-1", "Thule 17, HTTP 503 from b2", null);
        dead("status-2", "Thule 18, HTTP 503 from b3", null);
        dead("status-3", "Thule 19, HTTP 404 from b3", null);

        assertThat(group("HTTP 503").get("reason").asText()).contains("Thule #, HTTP 503 from b#");
        assertThat(group("HTTP 503").get("count").asInt()).isEqualTo(2);
        assertThat(group("HTTP 404").get("count").asInt()).isEqualTo(1);
    }

    @Test
    void saysBeforeARetryWhatIsDoneAndWillBeSkipped() {
        String id = dead("preview-1", "Avalon", null);
        dead("preview-2", "Avalon", null);
        String query =
                "?workflow=order&reason=" + encode(group("Avalon").get("reason").asText());

        JsonNode preview = operator().get("/api/dead/retry" + query).json();

        assertThat(preview.get("tasks").asInt()).isEqualTo(2);
        assertThat(preview.get("more").asBoolean()).isFalse();
        assertThat(preview.get("calls")).hasSize(3);
        assertThat(preview.get("calls").toString())
                .contains(
                        "{\"tool\":\"charge\",\"readOnly\":false,\"state\":\"SUCCEEDED\",\"then\":\"SKIPPED\",\"calls\":2,\"tasks\":2}",
                        "{\"tool\":\"carrier\",\"readOnly\":true,\"state\":\"FAILED\",\"then\":\"MADE_AGAIN\",\"calls\":2,\"tasks\":2}");
        assertThat(preview.at("/first/0/id").asText()).isEqualTo(id);
        assertThat(preview.at("/first/0/calls/0/tool").asText()).isEqualTo("stock");
        JsonNode one = operator().get("/api/dead/retry" + query + "&limit=1").json();
        assertThat(one.get("tasks").asInt()).isEqualTo(1);
        assertThat(one.get("more").asBoolean()).isTrue();
        assertThat(operator().get("/api/tasks/" + id).json().get("status").asText())
                .isEqualTo("DEAD");
    }

    @Test
    void retriesManyAtOnceAndSkipsWhatIsDone() {
        List<String> dead = IntStream.range(0, 5)
                .mapToObj(i -> dead("many-" + i, "Cockaigne", null))
                .toList();
        String reason = group("Cockaigne").get("reason").asText();
        String until = operator()
                .get("/api/dead/retry?workflow=order&reason=" + encode(reason))
                .json()
                .get("until")
                .asText();
        String later = dead("many-later", "Cockaigne", null);

        Answer retried = operator()
                .post(
                        "/api/dead/retry",
                        "{\"workflow\":\"order\",\"reason\":\"%s\",\"until\":\"%s\"}".formatted(reason, until));

        assertThat(retried.json().get("retried").asInt()).as(retried.body()).isEqualTo(5);
        for (String id : dead) {
            await().untilAsserted(() -> {
                JsonNode task = operator().get("/api/tasks/" + id).json();
                assertThat(task.get("status").asText()).isEqualTo("DEAD");
                assertThat(task.at("/calls/1/tries").asInt()).isEqualTo(1); // charged once
                assertThat(task.at("/calls/2/tries").asInt()).isEqualTo(2);
            });
        }
        assertThat(operator()
                        .get("/api/tasks/" + later)
                        .json()
                        .at("/calls/2/tries")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void retriesOnlyTheTasksThatAreNamed() {
        String one = dead("named-1", "Thule", null);
        dead("named-2", "Thule", null);

        assertThat(operator()
                        .get("/api/dead/retry?ids=" + one)
                        .json()
                        .get("tasks")
                        .asInt())
                .isEqualTo(1);
        assertThat(operator()
                        .post("/api/dead/retry", "{\"ids\":[\"%s\",\"%s\"]}".formatted(one, UUID.randomUUID()))
                        .json()
                        .get("retried")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"x\"}",
                "{\"workflow\":\" \"}",
                "{\"workflow\":\"order\",\"limit\":0}",
                "{\"workflow\":\"order\",\"limit\":10001}",
                "{\"workflow\":\"order\",\"reason\":\"\\u0000\"}",
                "{\"workflow\":\"order\",\"until\":\"soon\"}",
                "{\"workflow\":\"order\",\"until\":\"+999999999-01-01T00:00:00Z\"}",
                "{\"ids\":[null]}",
                "{\"ids\":[\"x\"]}",
                "[]",
                ""
            })
    void refusesARetryOfWhatIsNotSaidClearly(String body) {
        Answer refused = operator().post("/api/dead/retry", body);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(viewer().post("/api/dead/retry", body).status()).isEqualTo(403);
    }

    @Test
    void countsTheQueueAndShowsWorkersAndTheLastErrorsOfTools() {
        String id = dead("errors", "Camelot", null);

        JsonNode queue = operator().get("/api/queue").json();
        assertThat(StreamSupport.stream(queue.get("depths").spliterator(), false)
                        .filter(depth -> depth.get("workflow").asText().equals("order")
                                && depth.get("status").asText().equals("DEAD"))
                        .toList())
                .singleElement()
                .satisfies(depth -> assertThat(depth.get("count").asInt()).isPositive());

        JsonNode worker = viewer().get("/api/workers").json().at("/workers/0");
        assertThat(worker.get("name").asText()).contains("@");
        assertThat(worker.get("heartbeatAge").asText()).startsWith("PT");
        assertThat(worker.get("running").asInt()).isNotNegative();

        JsonNode errors = reader().get("/api/tools/errors").json().get("errors");
        JsonNode carrier = errors.get(0);
        assertThat(carrier.get("tool").asText()).isEqualTo("carrier");
        assertThat(carrier.get("taskId").asText()).isEqualTo(id);
        assertThat(carrier.at("/error/message").asText()).contains("Camelot");
    }

    private JsonNode group(String city) {
        return StreamSupport.stream(
                        operator().get("/api/dead").json().get("groups").spliterator(), false)
                .filter(group -> group.get("reason").asText().contains(city))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode search(String text) {
        return operator().get("/api/tasks?q=" + encode(text)).json();
    }

    private static List<String> ids(JsonNode page) {
        return page.get("tasks").findValuesAsText("id");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** An order that was charged and cannot be delivered. */
    private String dead(String orderId, String city, String key) {
        Answer answer = operator()
                .post(
                        "/api/tasks/order",
                        "{\"orderId\":\"%s\",\"city\":\"%s\"}".formatted(orderId, city),
                        "Prefer",
                        "wait=20",
                        "Idempotency-Key",
                        key == null ? UUID.randomUUID().toString() : key);
        assertThat(answer.json().get("status").asText()).as(answer.body()).isEqualTo("DEAD");
        return answer.json().get("id").asText();
    }
}
