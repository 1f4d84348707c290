package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of approvals and the votes, over HTTP and on the pages. */
class ApprovalApiTest extends ApiTestBase {

    private ApiClient user(String name) {
        return new ApiClient(port(), name, "secret");
    }

    private String submit(String user, int amount) {
        return user(user)
                .post("/api/tasks/raised", "{\"amount\":%d}".formatted(amount))
                .json()
                .path("id")
                .asText();
    }

    private JsonNode asked(String task) {
        await().until(() -> !find(task).isMissingNode());
        return find(task);
    }

    private JsonNode find(String task) {
        for (JsonNode approval :
                reader().get("/api/approvals?tool=raise&limit=1000").json().path("approvals")) {
            if (approval.path("task").asText().equals(task)) {
                return approval;
            }
        }
        return reader().get("/api/approvals?tool=none").json().path("none");
    }

    private ApiClient.Answer vote(String user, JsonNode approval, String body) {
        return user(user).post("/api/approvals/%s/vote".formatted(approval.path("id")), body);
    }

    private void ends(String task, String status) {
        await().untilAsserted(() -> assertThat(
                        reader().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo(status));
    }

    @Test
    void aVoteIsThatOfWhoLoggedIn() {
        String task = submit("bob", 250);
        JsonNode approval = asked(task);
        assertThat(approval.path("summary").asText()).isEqualTo("Raise 250");
        assertThat(approval.path("arguments").toString()).isEqualTo("{\"amount\":250}");
        assertThat(approval.path("submittedBy").asText()).isEqualTo("bob");
        JsonNode waiting = reader().get("/api/tasks/" + task).json();
        assertThat(waiting.path("waitReason").asText()).isEqualTo("APPROVAL");
        assertThat(reader().get("/api/inbox?kind=approval&tool=raise").json().findValuesAsText("page"))
                .contains("/console/approvals/" + approval.path("id").asText());

        assertThat(vote("ann", approval, "{\"vote\":\"approve\",\"who\":\"art\"}")
                        .status())
                .as("for another")
                .isEqualTo(400);
        String yes = "{\"vote\":\"approve\",\"reason\":\"checked\"}";
        assertThat(vote("ada", approval, yes).status()).as("an operator").isEqualTo(403);
        ApiClient.Answer first = vote("ann", approval, yes);
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(first.json().path("votes").findValuesAsText("who")).containsExactly("ann");
        ends(task, "COMPLETED");
        assertThat(vote("ann", approval, "{\"vote\":\"approve\"}").status()).isEqualTo(200);
        ApiClient.Answer late = vote("art", approval, "{\"vote\":\"reject\"}");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.json().path("detail").asText()).contains("SPENT");
        assertThat(reader().get("/api/audit?task=" + task).body()).contains("\"approve\"", "checked");
    }

    /** Who waits for the outcome of a task that waits for a person learns that. */
    @Test
    void thatATaskWaitsForAPersonIsAnAnswer() {
        ApiClient.Answer answer = user("bob").post("/api/tasks/raised", "{\"amount\":3131}", "Prefer", "wait=5");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.json().path("status").asText()).isEqualTo("WAITING");
        assertThat(answer.json().at("/error/message").asText()).contains("waits for approval");
    }

    @Test
    void manyVotesAreCountedEachByItself() {
        JsonNode one = asked(submit("bob", 1));
        JsonNode own = asked(submit("meg", 2));

        ApiClient.Answer answer = user("meg")
                .post(
                        "/api/approvals/vote",
                        "{\"ids\":[%s,%s,999999],\"vote\":\"reject\",\"reason\":\"no\"}"
                                .formatted(one.path("id"), own.path("id")));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("counted").findValuesAsText("id"))
                .containsExactly(one.path("id").asText());
        assertThat(answer.json().path("refused").findValuesAsText("why"))
                .hasSize(2)
                .anySatisfy(why -> assertThat(why).contains("meg submitted the task"));
        ends(one.path("task").asText(), "DEAD");
    }

    @Test
    void whoSentTheHookCannotApproveWhatATaskOfItsTaskAsksFor() {
        assertThat(user("meg").post("/hooks/raise", "{\"amount\":4711}").status())
                .isEqualTo(200);
        await().until(() -> of(4711) != null);
        JsonNode approval = of(4711);

        assertThat(approval.path("submittedBy").asText()).isEqualTo("meg");
        ApiClient.Answer answer = vote("meg", approval, "{\"vote\":\"approve\"}");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("meg submitted the task");
        assertThat(vote("ann", approval, "{\"vote\":\"approve\"}").status()).isEqualTo(200);
    }

    private JsonNode of(int amount) {
        for (JsonNode approval :
                reader().get("/api/approvals?tool=raise&limit=1000").json().path("approvals")) {
            if (approval.at("/arguments/amount").asInt() == amount) {
                return approval;
            }
        }
        return null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"vote\":\"maybe\"}", "{\"vote\":\"approve\",\"reason\":\"\\u0000\"}", "[]"})
    void refusesAVoteThatIsNone(String body) {
        assertThat(user("ann").post("/api/approvals/1/vote", body).status()).isEqualTo(400);
    }

    @Test
    void namesWhatIsNotThere() {
        assertThat(user("ann")
                        .post("/api/approvals/999999/vote", "{\"vote\":\"approve\"}")
                        .status())
                .isEqualTo(404);
        assertThat(reader().get("/api/approvals/999999").status()).isEqualTo(404);
        assertThat(reader().get("/api/approvals?limit=0").status()).isEqualTo(400);
        assertThat(user("ann")
                        .post("/api/approvals/vote", "{\"ids\":[],\"vote\":\"approve\"}")
                        .status())
                .isEqualTo(400);
    }

    /** Else a call that a colleague approved just before would look rejected. */
    @Test
    void thePageNamesTheVotesThatDoNotCount() {
        String task = submit("bob", 11);
        JsonNode approved = asked(task);
        JsonNode open = asked(submit("bob", 12));
        assertThat(vote("art", approved, "{\"vote\":\"approve\"}").status()).isEqualTo(200);
        ends(task, "COMPLETED");

        ApiClient.Answer voted = user("ann")
                .send(user("ann")
                        .request("/console/approvals/vote", "Content-Type", "application/x-www-form-urlencoded")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                                "id=%s&id=%s&vote=reject".formatted(approved.path("id"), open.path("id")))));

        assertThat(voted.status()).isIn(302, 303);
        assertThat(user("ann")
                        .get(voted.header("Location").replaceFirst("^http://[^/]+", ""))
                        .body())
                .containsPattern(
                        "(?s)1 vote counts.*The votes on .*href=\"/console/approvals/%s\".*do not: others decided before"
                                .formatted(approved.path("id")));
        ends(open.path("task").asText(), "DEAD");
    }

    /** @param others fields as JSON writes them, separated by semicolons */
    private static String grant(String others) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of(
                "tool", "\"raise\"",
                "calls", "2",
                "for", "\"1h\"",
                "reason", "\"known 👍\"",
                "when", "\"${variable.amount} == 70707\""));
        for (String other : others.isEmpty() ? new String[0] : others.split(";")) {
            fields.put(other.substring(0, other.indexOf(':')), other.substring(other.indexOf(':') + 1));
        }
        return fields.entrySet().stream()
                .map(field -> "\"%s\":%s".formatted(field.getKey(), field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    void aStandingGrantIsGivenListedDrawnAndRevoked() {
        assertThat(operator().post("/api/standing-grants", grant("")).status()).isEqualTo(403);
        ApiClient.Answer given = user("ann").post("/api/standing-grants", grant("sumOf:\"amount\";sum:1000000"));
        assertThat(given.status()).as(given.body()).isEqualTo(200);
        String id = given.json().path("id").asText();

        String task = submit("bob", 70707);

        ends(task, "COMPLETED");
        JsonNode shown = reader().get("/api/tasks/" + task).json();
        assertThat(shown.at("/approvals/0/standingGrant").asText()).isEqualTo(id);
        assertThat(operator().get("/console/tasks/" + task).body()).contains("was approved by standing grant " + id);
        JsonNode listed = reader().get("/api/standing-grants?tool=raise").json().at("/grants/0");
        assertThat(listed.path("drawn").asInt()).isEqualTo(1);
        assertThat(listed.path("drawnSum").asInt()).isEqualTo(70707);
        assertThat(listed.path("who").asText()).isEqualTo("ann");
        assertThat(user("ann").get("/console/standing-grants").body())
                .contains("1 of 2", "70707 of 1000000 amount", "Revoke", "Approve in advance");
        assertThat(reader().get("/console/standing-grants").body())
                .contains("1 of 2")
                .doesNotContain("<button");

        assertThat(operator().delete("/api/standing-grants/" + id).status()).isEqualTo(204);
        assertThat(user("ann").delete("/api/standing-grants/" + id).status()).isEqualTo(404);
        assertThat(reader().get("/api/standing-grants?tool=raise").json().path("grants"))
                .isEmpty();
        vote("ann", asked(submit("bob", 70707)), "{\"vote\":\"reject\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tool:\"none\" | $.tool",
                "tool:\"whois\" | $.tool",
                "when:\"${bean:type:java.lang.Runtime?method=exit}\" | $.when",
                "when:\"${variable.amount} > ${sysenv.HOME}\" | $.when",
                "when:\"${variable.other} > 1\" | $.when",
                "when:\"\" | $.when",
                "when:\"${variable.amount} == 'a' or true\" | $.when",
                "calls:0 | $.calls",
                "calls:null | $.calls",
                "sum:5 | $.sumOf",
                "sumOf:\"amount\" | $.sum",
                "sumOf:\"amount\";sum:0 | $.sum",
                "sumOf:\"amount\";sum:1e-300 | $.sum",
                "sumOf:\"other\";sum:5 | $.sumOf",
                "for:null | $.for",
                "for:\"91d\" | $.for",
                "for:\"soon\" | $.for",
                "for:\"28800000\" | $.for",
                "reason:\" \" | $.reason"
            })
    void refusesAStandingGrantThatMakesNoSense(String more, String field) {
        ApiClient.Answer answer = user("ann").post("/api/standing-grants", grant(more));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"" + field + "\"");
    }

    @Test
    void thePagesShowOneAndAllAndTakeTheVote() {
        String task = submit("bob", 3000);
        JsonNode approval = asked(task);
        String page = "/console/approvals/" + approval.path("id");

        assertThat(user("ann").get("/console/approvals").body()).contains("tool:raise", "Raise 3000", "Approve these");
        assertThat(user("ann").get("/console/approvals").body())
                .as("what is open is not replaced by more of them under the pointer")
                .containsPattern(
                        "<details id=\"vote-\\d+\"><summary class=\"button\">Decide these \\d+…</summary>\\s*<form");
        assertThat(user("ann").get(page).body()).contains("Raise 3000", "{&quot;amount&quot;:3000}", "bob", "Reject");
        assertThat(operator().get(page).body())
                .contains("Raise 3000", "Only a user with the role approver may decide.")
                .doesNotContain("<button");
        assertThat(operator().get("/console/approvals").body())
                .contains("Only a user with the role approver may decide.");
        assertThat(user("ann").get(page).body()).doesNotContain("Only a user with the role approver");
        assertThat(operator().get("/console/tasks/" + task).body())
                .contains(
                        "an approval of tool raise",
                        "<a href=\"%s\">approval %s</a>".formatted(page, approval.path("id")),
                        "It is not made before approval %s is decided.".formatted(approval.path("id")))
                .doesNotContain("Its result comes from outside");

        ApiClient.Answer voted = user("ann")
                .send(user("ann")
                        .request("/console/approvals/vote", "Content-Type", "application/x-www-form-urlencoded")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                                "id=%s&vote=reject&reason=too+much".formatted(approval.path("id")))));
        assertThat(voted.status()).isIn(302, 303);
        assertThat(user("ann").get(page).body()).contains("rejected", "too much", "ann (approver)");
        assertThat(viewer().get(page).body()).contains("vic (viewer)");
        assertThat(operator().get(page).body()).contains(">ada<");
        ends(task, "DEAD");
        assertThat(reader().get("/console/tasks/" + task).body())
                .contains(
                        "Call 1 (raise) asked for approval " + approval.path("id") + ": Raise 3000",
                        "Approval " + approval.path("id") + ": rejected by ann: too much");
        assertThat(reader().get("/metrics").body()).contains("agent_approvals_pending");
    }
}
