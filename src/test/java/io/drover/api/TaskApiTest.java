package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an application and an operator do with tasks. */
class TaskApiTest extends ApiTestBase {

    @Test
    void acceptsATaskAndSaysWhereToLook() {
        Answer accepted = operator().post("/api/tasks/greet", "{\"name\":\"Ada\"}");

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Location"))
                .isEqualTo("/api/tasks/" + accepted.json().get("id").asText());
        JsonNode task = whenIn("COMPLETED", accepted.header("Location"));
        assertThat(task.get("output").asText()).isEqualTo("Ada!");
        assertThat(task.get("input").toString()).isEqualTo("{\"name\":\"Ada\"}");
        assertThat(task.get("submittedBy").asText()).isEqualTo("ada");
        assertThat(task.get("definition").asText()).matches("[0-9a-f]{16}");
        JsonNode call = task.at("/calls/0");
        assertThat(call.get("n").asInt()).isEqualTo(1);
        assertThat(call.get("tool").asText()).isEqualTo("echo");
        assertThat(call.get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(call.get("arguments").toString()).isEqualTo("{\"text\":\"Ada\"}");
        assertThat(call.get("result").asText()).isEqualTo("Ada!");
    }

    @Test
    void answersWithTheOutcomeWhenTheClientWaits() {
        Answer outcome = operator().post("/api/tasks/greet", "{\"name\":\"Bo\"}", "Prefer", "respond-async, wait=20");

        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.header("Preference-Applied")).isEqualTo("wait=20");
        assertThat(outcome.json().get("status").asText()).isEqualTo("COMPLETED");
        assertThat(outcome.json().get("output").asText()).isEqualTo("Bo!");
    }

    @Test
    void answersWithTheErrorOfADeadTask() {
        Answer outcome = operator().post("/api/tasks/doomed", "{}", "Prefer", "wait=20");

        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.json().get("status").asText()).isEqualTo("DEAD");
        assertThat(outcome.json().at("/error/message").asText()).contains("nothing helps");
    }

    @Test
    void answers202WhenTheOutcomeDoesNotComeInTime() {
        Answer late = operator().post("/api/tasks/greet?delay=1h", "{\"name\":\"Cy\"}", "Prefer", "wait=1");

        assertThat(late.status()).isEqualTo(202);
        assertThat(late.json().get("status").asText()).isEqualTo("WAITING");
        JsonNode task = operator().get(late.header("Location")).json();
        assertThat(task.get("waitReason").asText()).isEqualTo("DELAY");
        assertThat(task.has("dueAt")).isTrue();
    }

    @Test
    void runsATaskDryAndListsItByItsMode() {
        String key = UUID.randomUUID().toString();
        Answer dry = operator()
                .post(
                        "/api/tasks/greet?mode=dry-run",
                        "{\"name\":\"Dry\"}",
                        "Idempotency-Key",
                        key,
                        "Prefer",
                        "wait=20");
        Answer live = operator().post("/api/tasks/greet", "{\"name\":\"Dry\"}", "Idempotency-Key", key);
        Answer odd = operator().post("/api/tasks/greet?mode=dry", "{\"name\":\"Dry\"}");

        assertThat(dry.status()).isEqualTo(200);
        assertThat(live.status()).isEqualTo(202);
        assertThat(odd.status()).isEqualTo(400);
        assertThat(odd.json().at("/problems/0/field").asText()).isEqualTo("mode");
        JsonNode task = operator().get(dry.header("Location")).json();
        assertThat(task.get("mode").asText()).isEqualTo("dry-run");
        assertThat(task.get("output").toString()).contains("Dry");
        assertThat(operator().get(live.header("Location")).json().get("mode").asText())
                .isEqualTo("live");
        JsonNode page = operator().get("/api/tasks?mode=dry-run&workflow=greet").json();
        assertThat(page.get("tasks").findValuesAsText("mode")).isNotEmpty().containsOnly("dry-run");
        assertThat(page.get("tasks").findValuesAsText("id"))
                .contains(task.get("id").asText());
        assertThat(operator().get("/api/tasks?q=" + key).json().get("tasks").findValuesAsText("mode"))
                .containsExactlyInAnyOrder("dry-run", "live");
        assertThat(operator().get("/api/tasks?mode=wet").status()).isEqualTo(400);
    }

    @Test
    void listsTasksByTheVersionOfTheirWorkflow() {
        operator().post("/api/tasks/greet", "{\"name\":\"First\"}");

        assertThat(operator()
                        .get("/api/tasks?workflow=greet&version=1")
                        .json()
                        .get("tasks")
                        .findValuesAsText("version"))
                .isNotEmpty()
                .containsOnly("1");
        assertThat(operator().get("/api/tasks?workflow=greet&version=2").json().get("tasks"))
                .isEmpty();
        Answer odd = operator().get("/api/tasks?version=0");
        assertThat(odd.status()).isEqualTo(400);
        assertThat(odd.json().at("/problems/0/field").asText()).isEqualTo("version");
    }

    @Test
    void executesThePlanOfADryRunOnce() {
        Answer dry = operator().post("/api/tasks/greet?mode=dry-run", "{\"name\":\"Plan\"}", "Prefer", "wait=20");
        String plan = dry.header("Location");

        JsonNode shown = operator().get(plan + "/execute").json();
        assertThat(shown.get("plan")).isEqualTo(dry.json().get("id"));
        assertThat(shown.get("calls").isArray()).isTrue();
        assertThat(shown.has("executedBy")).isFalse();
        Answer first = operator().post(plan + "/execute", "");
        Answer again = operator().post(plan + "/execute", "");

        assertThat(first.status()).as(first.body()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        JsonNode live = operator().get(first.header("Location")).json();
        assertThat(live.get("mode").asText()).isEqualTo("live");
        assertThat(live.get("plan").asText()).isEqualTo(dry.json().get("id").asText());
        assertThat(operator().get(plan).json().get("executedBy")).isEqualTo(live.get("id"));
        assertThat(operator().post(first.header("Location") + "/execute", "").status())
                .isEqualTo(409);
        assertThat(operator()
                        .post("/api/tasks/" + UUID.randomUUID() + "/execute", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void makesOneTaskOfOneKey() {
        String key = UUID.randomUUID().toString();
        Answer first = operator().post("/api/tasks/greet", "{\"name\":\"Di\"}", "Idempotency-Key", key);
        Answer same = operator().post("/api/tasks/greet", "{ \"name\" : \"Di\" }", "Idempotency-Key", key);
        Answer other = operator().post("/api/tasks/greet", "{\"name\":\"Ed\"}", "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.header("Location")).isEqualTo(first.header("Location"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().at("/problems/0/field").asText()).isEqualTo("Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"nam\":\"x\"}|$|not found",
                "{\"name\":5}|$.name|string expected",
                "{\"name\":\"x\",\"times\":1.5}|$.times|integer expected",
                "[]|$|object expected",
            })
    void namesTheFieldThatBreaksTheSchema(String body, String field, String problem) {
        Answer refused = operator().post("/api/tasks/greet", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/problems/0/field").asText()).isEqualTo(field);
        assertThat(refused.json().at("/problems/0/problem").asText()).contains(problem);
    }

    @Test
    void namesTheWorkflowsWhenThereIsNoSuchOne() {
        Answer unknown = operator().post("/api/tasks/greeet", "{}");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().get("workflows").toString())
                .isEqualTo(
                        "[\"anything\",\"doomed\",\"doubtful\",\"greet\",\"handed-over\",\"leaky\",\"letter\",\"letters\",\"mcp\",\"misused\",\"on-end\",\"raised\"]");
    }

    @Test
    void listsAllTasksPageByPage() {
        Set<String> mine = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            mine.add(operator()
                    .post("/api/tasks/greet?delay=2h", "{\"name\":\"page\"}")
                    .json()
                    .get("id")
                    .asText());
        }

        Set<String> seen = new HashSet<>();
        String next = "";
        do {
            JsonNode page = operator()
                    .get("/api/tasks?status=WAITING&workflow=greet&limit=3" + next)
                    .json();
            page.get("tasks").forEach(task -> assertThat(seen.add(task.get("id").asText()))
                    .isTrue());
            next = page.has("next") ? "&cursor=" + page.get("next").asText() : "";
        } while (!next.isEmpty());

        assertThat(seen).containsAll(mine);
        assertThat(operator().get("/api/tasks?workflow=none-such").json().get("tasks"))
                .isEmpty();
    }

    @Test
    void cancelsWhatIsNotCompleted() {
        String waiting = operator()
                .post("/api/tasks/greet?delay=1d", "{\"name\":\"Fi\"}")
                .header("Location");
        String done = operator()
                .post("/api/tasks/greet", "{\"name\":\"Fi\"}", "Prefer", "wait=20")
                .header("Location");

        assertThat(operator().post(waiting + "/cancel", "").json().get("status").asText())
                .isEqualTo("CANCELLED");
        assertThat(operator().post(waiting + "/cancel", "").status()).isEqualTo(200);
        Answer refused = operator().post(done + "/cancel", "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().get("detail").asText()).contains("COMPLETED");
    }

    @Test
    void retriesADeadTask() {
        String dead =
                operator().post("/api/tasks/doomed", "{}", "Prefer", "wait=20").header("Location");

        assertThat(operator().post(dead + "/retry", "").status()).isEqualTo(200);

        await().until(() -> operator().get(dead).json().get("status").asText().equals("DEAD"));
        String open = operator()
                .post("/api/tasks/greet?delay=1d", "{\"name\":\"Gu\"}")
                .header("Location");
        assertThat(operator().post(open + "/retry", "").status()).isEqualTo(409);
    }

    @Test
    void letsAPersonSayWhatHappenedToACallInDoubt() {
        String task = operator().post("/api/tasks/doubtful", "{}").header("Location");
        JsonNode waiting = whenIn("WAITING", task);
        assertThat(waiting.get("waitReason").asText()).isEqualTo("IN_DOUBT");
        assertThat(waiting.has("dueAt")).isFalse();
        assertThat(waiting.at("/calls/0/state").asText()).isEqualTo("IN_DOUBT");

        Answer resolved =
                operator().post(task + "/calls/1/resolve", "{\"resolution\":\"happened\",\"result\":{\"id\":12.55}}");

        assertThat(resolved.status()).isEqualTo(200);
        JsonNode completed = whenIn("COMPLETED", task);
        assertThat(operator().get(task).body()).contains("\"result\":{\"id\":12.55}");
        assertThat(completed.at("/calls/0/tries").asInt()).isEqualTo(1);
        assertThat(operator()
                        .post(task + "/calls/1/resolve", "{\"resolution\":\"again\"}")
                        .status())
                .isEqualTo(409);
        assertThat(operator()
                        .post(task + "/calls/9/resolve", "{\"resolution\":\"again\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void makesACallAgainOrFailsItWhenAPersonSaysSo() {
        String task = operator().post("/api/tasks/doubtful", "{}").header("Location");
        whenIn("WAITING", task);

        operator().post(task + "/calls/1/resolve", "{\"resolution\":\"again\"}");
        await().until(() -> operator().get(task).json().at("/calls/0/tries").asInt() == 2);
        whenIn("WAITING", task);
        operator().post(task + "/calls/1/resolve", "{\"resolution\":\"fail\"}");

        assertThat(whenIn("DEAD", task).at("/calls/0/state").asText()).isEqualTo("REJECTED");
    }

    @Test
    void showsToolsAndWorkflowsAsTheyAreLoaded() {
        JsonNode tool = operator().get("/api/tools").json().at("/tools/0");
        assertThat(tool.get("name").asText()).isEqualTo("echo");
        assertThat(tool.get("file").asText()).isEqualTo("echo.camel.yaml");
        assertThat(tool.at("/schema/required/0").asText()).isEqualTo("text");
        assertThat(tool.at("/policy/readOnly").asBoolean()).isTrue();
        assertThat(tool.at("/throttle/rate").asText()).isEqualTo("100000/1s");
        assertThat(tool.at("/breaker/state").asText()).isEqualTo("CLOSED");

        JsonNode workflows = operator().get("/api/workflows").json();
        assertThat(workflows.at("/workflows/3/name").asText()).isEqualTo("greet");
        assertThat(workflows.at("/workflows/3/inputSchema/required/0").asText()).isEqualTo("name");
        assertThat(workflows.get("problems")).isEmpty();
    }

    @Test
    void describesItselfWellEnoughToGenerateAClient() {
        JsonNode api = operator().get("/api/openapi").json();

        api.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    assertThat(operation.get("operationId").asText()).matches("[a-z][A-Za-z]+");
                    assertThat(operation
                                    .at("/responses/200/content/application~1json/schema")
                                    .has("$ref"))
                            .isEqualTo(!operation.at("/responses").has("204"));
                    assertThat(operation
                                    .at("/responses/default/content/application~1problem+json")
                                    .isMissingNode())
                            .isFalse();
                }));
        assertThat(api.get("paths").properties()).hasSize(45);
        api.get("paths").properties().stream()
                .filter(path -> !path.getKey().equals("/api/audit")) // there it is a filter
                .forEach(path -> assertThat(path.getValue().findValuesAsText("name"))
                        .as("who sends a request is no parameter of it: %s", path.getKey())
                        .doesNotContain("actor", "caller"));
        assertThat(api.at("/components/schemas").has("Actor")).isFalse();
        api.findValuesAsText("$ref")
                .forEach(ref -> assertThat(api.at(ref.substring(1)).isMissingNode())
                        .as(ref)
                        .isFalse());
    }

    @Test
    void answersAnAuthorsHookAsTheApiWould() {
        Answer accepted = operator().post("/hooks/anything", "{\"a\":1}", "X-Odd", "1");
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.json().get("known").asBoolean()).isFalse();
        assertThat(accepted.header("authorization")).isEmpty();
        assertThat(accepted.header("x-odd")).isEmpty();

        Answer refused = operator().post("/hooks/anything", "{\"a\":");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(nobody().post("/hooks/anything", "{}").status()).isEqualTo(401);
    }

    private JsonNode whenIn(String status, String location) {
        await().until(() ->
                operator().get(location).json().get("status").asText().equals(status));
        return operator().get(location).json();
    }
}
