package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import io.drover.who.Verb;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * A user or a key may be limited to some workflows: lia, an operator, and len, a submitter, and lea, an approver.
 * What they may not see is not there for them, whichever way they ask.
 */
class WorkflowAccessTest extends ApiTestBase {

    private static final String GREETING = "{\"name\":\"Ada\"}";

    @Test
    void onlyTasksOfItsWorkflowsAreSubmitted() {
        for (String limited : List.of("lia", "len")) {
            assertThat(user(limited).post("/api/tasks/greet", GREETING).status())
                    .as(limited)
                    .isEqualTo(202);
            for (String path : List.of("/api/tasks/anything", "/api/tasks/mcp", "/api/tasks/greetings")) {
                Answer refused = user(limited).post(path, GREETING);
                assertThat(refused.status()).as(limited + path).isEqualTo(403);
                assertThat(refused.body()).contains("limited to the workflows");
            }
            assertThat(user(limited).post("/hooks/anything", "{}").status()).isEqualTo(403);
            assertThat(user(limited).post("/api/signals/x", "{}").status()).isEqualTo(403);
        }
        assertThat(user("lia").post("/mcp", "{}").status()).isEqualTo(403);
    }

    @Test
    void aTaskOfAnotherWorkflowIsNotThere() {
        String other = submit("anything", "{}");
        String missing = new UUID(7, 7).toString();
        ApiClient lia = user("lia");
        List<String> paths = List.of("", "/children", "/events", "/retry?from=1", "/calls/1/sample");

        for (String path : paths) {
            Answer hidden = lia.get("/api/tasks/" + other + path);
            assertThat(hidden.status()).as(path).isEqualTo(404);
            assertThat(hidden.body().replace(other, ""))
                    .as(path)
                    .isEqualTo(lia.get("/api/tasks/" + missing + path).body().replace(missing, ""));
        }
        for (String path : List.of("/cancel", "/retry", "/execute", "/calls/1/resolve")) {
            assertThat(lia.post("/api/tasks/" + other + path, "{}").status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("", "/children", "/calls/1-2", "/redo?from=1")) {
            assertThat(lia.get("/console/tasks/" + other + path).status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String path : List.of("/cancel", "/retry", "/redo", "/calls/1/resolve")) {
            assertThat(form(lia, "/console/tasks/" + other + path, "from=1&resolution=fail"))
                    .as(path)
                    .isEqualTo(404);
        }
        String own = submit("greet", GREETING);
        assertThat(lia.get("/api/tasks/" + own).status()).isEqualTo(200);
        assertThat(lia.get("/console/tasks/" + own).status()).isEqualTo(200);
    }

    /** The page is cut after the others are left out: it is full, and the next one begins where it ends. */
    @Test
    void listsHoldItsWorkflowsOnly() {
        List<String> own = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            own.add(0, submit("greet", GREETING));
            others.add(submit("anything", "{\"of\":\"others\"}"));
            others.add(submit("anything", "{\"of\":\"others\"}"));
        }
        ApiClient lia = user("lia");

        JsonNode first = lia.get("/api/tasks?workflow=greet&limit=2").json();
        assertThat(ids(first)).containsExactlyElementsOf(own.subList(0, 2));
        JsonNode next = lia.get("/api/tasks?workflow=greet&limit=2&cursor="
                        + first.path("next").asText())
                .json();
        assertThat(ids(next)).containsExactlyElementsOf(own.subList(2, 4));
        assertThat(ids(lia.get("/api/tasks?limit=200").json())).containsAll(own).doesNotContainAnyElementsOf(others);
        for (String query : List.of("workflow=anything", "q=" + others.getFirst(), "q=others", "status=COMPLETED")) {
            assertThat(ids(lia.get("/api/tasks?limit=200&" + query).json()))
                    .as(query)
                    .doesNotContainAnyElementsOf(others);
        }
        String page = lia.get("/console/tasks").body();
        assertThat(page).contains(own.getFirst()).doesNotContain(others.getLast(), "anything");
    }

    @Test
    void theInboxHoldsItsWorkflowsOnly() {
        String doubtful = submit("doubtful", "{}");
        String doomed = submit("doomed", "{}");
        String raised = submit("raised", "{\"amount\":7}");
        await().untilAsserted(() -> {
            String all = operator().get("/api/inbox?limit=1000").body();
            assertThat(all).contains(doubtful, "\"doomed\"", raised);
        });
        ApiClient lia = user("lia");
        ApiClient lea = user("lea");

        JsonNode inbox = lia.get("/api/inbox?limit=1000").json();
        assertThat(new TreeSet<>(inbox.path("items").findValuesAsText("workflow")))
                .contains("doubtful", "doomed")
                .allMatch(workflow -> workflow.startsWith("do") || workflow.equals("greet"));
        assertThat(inbox.at("/counts/approval").asInt()).isZero();
        for (String path : List.of(
                "/console/inbox",
                "/api/approvals?limit=1000",
                "/console/approvals",
                "/api/approvals?workflow=raised",
                "/api/calls/in-doubt?limit=1000",
                "/api/dead",
                "/console/dead")) {
            assertThat(lia.get(path).body()).as(path).doesNotContain(raised);
            assertThat(lea.get(path).body()).as(path).doesNotContain(raised, doubtful, doomed);
            assertThat(viewer().get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(lia.get("/api/calls/in-doubt?limit=1000").body()).contains(doubtful);
        assertThat(user("lia")
                        .post("/api/dead/retry", "{\"ids\":[\"%s\"]}".formatted(doomed))
                        .json()
                        .path("retried")
                        .asInt())
                .isEqualTo(1);
        for (String ids : List.of("[\"%s\"]".formatted(UUID.randomUUID()), "[\"%s\"]".formatted(raised))) {
            assertThat(lia.post("/api/dead/retry", "{\"ids\":%s}".formatted(ids))
                            .json()
                            .path("retried")
                            .asInt())
                    .isZero();
        }
    }

    /** A result is compared with those of other tasks, which are shown where it differs. */
    @Test
    void aResultIsComparedWithItsWorkflowsOnly() {
        for (String workflow : List.of("", ",\"workflow\":\"anything\"")) {
            Answer answer = user("lia")
                    .post(
                            "/api/calls/resolve",
                            "{\"tool\":\"echo\",\"expected\":1,\"resolution\":\"happened\",\"result\":{}%s}"
                                    .formatted(workflow));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("not the caller's").doesNotContain("sample");
        }
        assertThat(user("lia")
                        .post(
                                "/api/calls/resolve",
                                "{\"tool\":\"echo\",\"expected\":1,\"resolution\":\"fail\",\"workflow\":\"anything\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void anApprovalOfAnotherWorkflowIsNotThere() {
        String task = submit("raised", "{\"amount\":8}");
        await().until(() -> approval(task) != 0);
        long id = approval(task);
        ApiClient lea = user("lea");
        String yes = "{\"vote\":\"approve\"}";

        assertThat(lea.get("/api/approvals/" + id).status()).isEqualTo(404);
        assertThat(lea.get("/console/approvals/" + id).status()).isEqualTo(404);
        assertThat(lea.post("/api/approvals/%d/vote".formatted(id), yes).status())
                .isEqualTo(404);
        Answer many = lea.post("/api/approvals/vote", "{\"ids\":[%d],\"vote\":\"approve\"}".formatted(id));
        assertThat(many.json().path("counted")).isEmpty();
        assertThat(many.json().at("/refused/0/why").asText()).isEqualTo("there is no approval " + id);
        assertThat(form(lea, "/console/approvals/vote", "id=%d&vote=approve".formatted(id)))
                .isEqualTo(404);
        assertThat(user("ann").post("/api/approvals/%d/vote".formatted(id), yes).status())
                .isEqualTo(200);
    }

    private long approval(String task) {
        return StreamSupport.stream(
                        viewer().get("/api/approvals?tool=raise&limit=1000")
                                .json()
                                .path("approvals")
                                .spliterator(),
                        false)
                .filter(approval -> approval.path("task").asText().equals(task))
                .mapToLong(approval -> approval.path("id").asLong())
                .findFirst()
                .orElse(0);
    }

    @Test
    void aKeyIsLimitedToo() {
        String name = "limited-" + UUID.randomUUID();
        Answer made = user("kay")
                .post(
                        "/api/keys",
                        "{\"name\":\"%s\",\"roles\":[\"operator\"],\"workflows\":[\"gr*t\"],\"for\":\"1h\"}"
                                .formatted(name));
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        assertThat(made.json().at("/details/workflows").asText()).isEqualTo("gr*t");
        ApiClient key = ApiClient.withToken(port(), made.json().path("key").asText());

        assertThat(key.post("/api/tasks/greet", GREETING).status()).isEqualTo(202);
        assertThat(key.post("/api/tasks/anything", GREETING).status()).isEqualTo(403);
        assertThat(key.get("/metrics").status()).isEqualTo(403);
        assertThat(can(user("kay"), "submit", "anything", "key:" + name)
                        .path("reason")
                        .asText())
                .contains("limited to the workflows gr*t");
        assertThat(user("kay")
                        .post(
                                "/api/keys",
                                "{\"name\":\"x\",\"roles\":[\"operator\"],\"workflows\":[\"a.b\"],\"for\":\"1h\"}")
                        .body())
                .contains("$.workflows");
    }

    /** What {@code can} says is what happens. */
    @Test
    void canSaysWhatHappens() {
        Map<Verb, String> requests = new TreeMap<>(Map.of(
                Verb.SUBMIT, "POST /api/tasks/greet",
                Verb.SEE, "GET /api/tasks/{id}",
                Verb.CANCEL, "POST /api/tasks/{id}/cancel",
                Verb.RETRY, "POST /api/tasks/{id}/retry",
                Verb.RESOLVE, "POST /api/tasks/{id}/calls/1/resolve",
                Verb.APPROVE, "POST /api/approvals/999999999/vote",
                Verb.EXECUTE, "POST /api/tasks/{id}/execute"));
        assertThat(requests).as("all but READ, of which PayloadsTest tells").hasSize(Verb.values().length - 1);
        for (String name : List.of("ada", "vic", "rex", "ann", "sam", "meg", "prom", "kay", "lia", "lea", "len")) {
            requests.forEach((verb, request) -> {
                JsonNode said = can(operator(), verb.text(), "greet", name);
                String path =
                        request.split(" ")[1].replace("{id}", UUID.randomUUID().toString());
                Answer done = request.startsWith("GET")
                        ? user(name).get(path)
                        : user(name).post(path, verb == Verb.SUBMIT ? GREETING : "{\"vote\":\"approve\"}");
                assertThat(said.path("allowed").asBoolean())
                        .as("%s %s: %s, but %d", name, verb, said.path("reason").asText(), done.status())
                        .isEqualTo(done.status() != 403);
            });
        }
        assertThat(can(operator(), "cancel", "anything", "lia").path("reason").asText())
                .isEqualTo("lia is limited to the workflows do*, greet, and anything is none of them");
        assertThat(can(operator(), "cancel", "greet", "vic").path("reason").asText())
                .isEqualTo("vic has the roles viewer, and cancel needs operator");
    }

    @Test
    void whoIsLimitedAsksAboutItselfOnly() {
        assertThat(can(user("len"), "submit", "greet", null).path("allowed").asBoolean())
                .isTrue();
        assertThat(user("len").get("/api/can?verb=submit&workflow=greet&as=ada").status())
                .isEqualTo(403);
        assertThat(user("lia").get("/api/can?verb=submit&workflow=greet&as=ada").status())
                .isEqualTo(403);
        assertThat(operator()
                        .get("/api/can?verb=submit&workflow=greet&as=nobody")
                        .status())
                .isEqualTo(404);
        assertThat(operator().get("/api/can?verb=eat&workflow=greet").status()).isEqualTo(400);
    }

    private static JsonNode can(ApiClient asks, String verb, String workflow, String as) {
        Answer answer =
                asks.get("/api/can?verb=%s&workflow=%s%s".formatted(verb, workflow, as == null ? "" : "&as=" + as));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private String submit(String workflow, String input) {
        return operator()
                .post("/api/tasks/" + workflow, input)
                .json()
                .path("id")
                .asText();
    }

    private static int form(ApiClient user, String path, String form) {
        return user.send(user.request(path, "Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)))
                .status();
    }

    private static List<String> ids(JsonNode page) {
        return page.path("tasks").findValuesAsText("id");
    }

    private ApiClient user(String name) {
        return new ApiClient(port(), name, "secret");
    }
}
