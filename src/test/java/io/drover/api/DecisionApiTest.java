package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions about calls in doubt, over HTTP: what is checked, replaced, refused and remembered. */
class DecisionApiTest extends ApiTestBase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"result\":null",
                ",\"result\":{}",
                ",\"result\":\"\"",
                ",\"result\":\"Ada\"",
                ",\"result\":[{\"name\":\"Ada\"}]",
                ",\"result\":{\"name\":\"\",\"tags\":[\"a\"]}",
                ",\"result\":{\"name\":null,\"tags\":[\"a\"]}",
                ",\"result\":{\"name\":7,\"tags\":[\"a\"]}",
                ",\"result\":{\"tags\":[\"a\"]}",
                ",\"result\":{\"name\":\"Ada\",\"tags\":[]}",
                ",\"result\":{\"name\":\"Ada\",\"tags\":[1]}"
            })
    void refusesAResultThatTheLaterStepsCannotWorkWith(String result) {
        String task = inDoubt();

        Answer refused = operator().post(task + "/calls/1/resolve", "{\"resolution\":\"happened\"" + result + "}");

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().get("type").asText()).isEqualTo("urn:drover:problem:other-shape");
        assertThat(refused.json().at("/sample/name").asText()).isEqualTo("Ada");
        assertThat(operator().get(task).json().at("/calls/0/state").asText()).isEqualTo("IN_DOUBT");
        assertThat(operator().get(task).json().get("decisions")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"result\":null", ",\"result\":{}", ",\"result\":[]", ",\"result\":\" \""})
    void asksTwiceForAnEmptyResultOfAToolThatNeverReturned(String result) {
        String task = operator().post("/api/tasks/doubtful", "{}").header("Location");
        when("WAITING", task);
        String decision = "{\"resolution\":\"happened\"%s%s}";

        Answer refused = resolve(task, 1, decision.formatted(result, ""), 400);
        assertThat(refused.json().get("detail").asText())
                .startsWith("the result is empty, and no recent result of tool:risky is known");
        assertThat(operator().get(task + "/calls/1/sample").json().has("result"))
                .isFalse();
        resolve(task, 1, decision.formatted(result, ",\"confirmed\":true"), 200);
        when("COMPLETED", task);
    }

    @Test
    void showsWhatTheToolReturnedLast() {
        String task = inDoubt();

        JsonNode sample = operator().get(task + "/calls/1/sample").json();

        assertThat(sample.get("tool").asText()).isEqualTo("whois");
        assertThat(sample.at("/result/tags/0").asText()).isEqualTo("first");
        assertThat(operator().get(task + "/calls/9/sample").status()).isEqualTo(404);
    }

    @Test
    void takesAResultLikeTheSampleAndOneThatIsConfirmed() {
        String like = inDoubt();
        String confirmed = inDoubt();

        resolve(
                like,
                1,
                "{\"resolution\":\"happened\",\"result\":{\"name\":\"Eda\",\"tags\":[\"x\"],\"more\":1}}",
                200);
        resolve(confirmed, 1, "{\"resolution\":\"happened\",\"result\":{\"name\":\"Odo\"},\"confirmed\":true}", 200);

        assertThat(when("COMPLETED", like).get("output").asText()).isEqualTo("Dear Eda!");
        assertThat(when("COMPLETED", confirmed).get("output").asText()).isEqualTo("Dear Odo!");
    }

    @Test
    void checksTheResultOfADecisionAboutManyCalls() {
        String task = inDoubt();
        int count = operator()
                .get("/api/calls/in-doubt?tool=whois&workflow=letter")
                .json()
                .get("count")
                .asInt();
        String decision = "{\"tool\":\"whois\",\"workflow\":\"letter\",\"expected\":%d,\"resolution\":\"happened\"%s}";

        Answer refused = operator().post("/api/calls/resolve", decision.formatted(count, ""));
        Answer confirmed = operator()
                .post(
                        "/api/calls/resolve",
                        decision.formatted(count, ",\"result\":{\"name\":\"Ugo\"},\"confirmed\":true"));

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().at("/sample/name").asText()).isEqualTo("Ada");
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        assertThat(when("COMPLETED", task).get("output").asText()).isEqualTo("Dear Ugo!");
    }

    @Test
    void replacesADecisionUntilAnAttemptUsesIt() {
        String task = twoInDoubt();
        // The other one is in doubt, so the task still waits when the first is decided.
        int first = operator().get(task).json().at("/calls/1/state").asText().equals("IN_DOUBT") ? 1 : 2;
        String call = "/calls/" + (first - 1);

        resolve(task, first, "{\"resolution\":\"fail\"}", 200);
        JsonNode decided = operator().get(task).json();
        assertThat(decided.at(call + "/replaceable").asText())
                .isEqualTo(decided.at("/decisions/0/at").asText());
        resolve(task, first, "{\"resolution\":\"happened\",\"result\":{\"name\":\"Eda\",\"tags\":[\"x\"]}}", 200);
        resolve(task, 3 - first, "{\"resolution\":\"happened\",\"result\":{\"name\":\"Ada\",\"tags\":[\"x\"]}}", 200);
        JsonNode completed = when("COMPLETED", task);

        assertThat(completed.at(call + "/result/name").asText()).isEqualTo("Eda");
        assertThat(completed.at(call).has("replaceable")).isFalse();
        JsonNode decisions = completed.get("decisions");
        assertThat(decisions.findValuesAsText("resolution")).containsExactly("fail", "happened", "happened");
        assertThat(decisions.findValuesAsText("actor")).containsExactly("ada", "ada", "ada");
        assertThat(decisions.at("/1/replaces").asText()).startsWith("fail by ada at 2");
        Answer late = resolve(task, first, "{\"resolution\":\"again\"}", 409);
        assertThat(late.json().get("detail").asText())
                .containsPattern("call " + first + " \\(tool:whois\\) was decided 'happened' by ada at 2\\S+Z, "
                        + "and an attempt has used that since 2\\S+Z; it cannot be replaced any more");
        resolve(task, first, "{\"resolution\":\"happened\",\"result\":{\"name\":\"Eda\",\"tags\":[\"x\"]}}", 200);
        assertThat(operator().get(task).json().get("decisions")).hasSize(3);
    }

    @Test
    void ofConcurrentDecisionsOneWinsAndTheOthersHearWhich() {
        String task = inDoubt();

        List<CompletableFuture<Answer>> sent = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> operator()
                        .post(
                                task + "/calls/1/resolve",
                                "{\"resolution\":\"happened\",\"result\":{\"name\":\"N%d\",\"tags\":[\"x\"]}}"
                                        .formatted(i))))
                .toList();
        List<Answer> answers = sent.stream().map(CompletableFuture::join).toList();

        JsonNode completed = when("COMPLETED", task);
        String winner = completed.at("/calls/0/result/name").asText();
        assertThat(completed.get("output").asText()).isEqualTo("Dear " + winner + "!");
        assertThat(answers).extracting(Answer::status).containsOnly(200, 409).contains(200);
        assertThat(answers.stream().filter(answer -> answer.status() == 200).count())
                .isEqualTo(completed.get("decisions").size());
        assertThat(answers.stream().filter(answer -> answer.status() == 409))
                .allSatisfy(refused -> assertThat(refused.json().get("detail").asText())
                        .contains("call 1 (tool:whois) was decided 'happened' by ada at 2"));
    }

    @Test
    void listsDecisionsByActorActionTaskAndTime() {
        String task = inDoubt();
        String id = task.substring(task.lastIndexOf('/') + 1);
        resolve(task, 1, "{\"resolution\":\"happened\",\"result\":{\"name\":\"Eda\",\"tags\":[\"x\"]}}", 200);
        when("COMPLETED", task);

        JsonNode entry = audit("?task=" + id).at("/entries/0");
        assertThat(entry.get("actor").asText()).isEqualTo("ada");
        assertThat(entry.get("what").asText()).isEqualTo("resolve");
        assertThat(entry.get("task").asText()).isEqualTo(id);
        assertThat(entry.at("/detail/n").asInt()).isEqualTo(1);
        assertThat(entry.at("/detail/resolution").asText()).isEqualTo("happened");
        assertThat(entry.at("/detail/result").asText()).contains("Eda");
        String at = entry.get("at").asText();
        assertThat(audit("?task=" + id + "&actor=ada&what=resolve&since=" + at).get("entries"))
                .hasSize(1);
        assertThat(audit("?task=" + id + "&until=" + at).get("entries")).isEmpty();
        assertThat(audit("?task=" + id + "&actor=vic").get("entries")).isEmpty();
        assertThat(audit("?task=" + id + "&what=cancel").get("entries")).isEmpty();

        JsonNode seen = viewer().get("/api/audit?task=" + id).json().at("/entries/0/detail");
        assertThat(seen.get("resolution").asText()).isEqualTo("happened");
        assertThat(seen.has("result")).isFalse();
    }

    @Test
    void goesOnListingWhereAPartEnds() {
        for (int i = 0; i < 3; i++) {
            String open = operator()
                    .post("/api/tasks/greet?delay=1d", "{\"name\":\"Gu\"}")
                    .header("Location");
            assertThat(operator().post(open + "/cancel", "").status()).isEqualTo(200);
        }

        JsonNode first = audit("?what=cancel&limit=2");
        JsonNode second =
                audit("?what=cancel&limit=2&cursor=" + first.get("next").asText());

        assertThat(first.get("entries")).hasSize(2);
        assertThat(first.at("/entries/0/id").asLong())
                .isGreaterThan(first.at("/entries/1/id").asLong());
        assertThat(second.at("/entries/0/id").asLong())
                .isLessThan(first.at("/entries/1/id").asLong());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=201",
                "limit=x",
                "cursor=x",
                "cursor=AAAA",
                "task=7",
                "since=today",
                "since=9999999-01-01T00:00:00Z",
                "actor=%00",
                "actor=%20",
                "what=x%00"
            })
    void refusesAFilterThatMeansNothing(String filter) {
        assertThat(operator().get("/api/audit?" + filter).status()).isEqualTo(400);
    }

    private JsonNode audit(String filter) {
        Answer answer = operator().get("/api/audit" + filter);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private Answer resolve(String task, int n, String decision, int status) {
        Answer answer = operator().post(task + "/calls/" + n + "/resolve", decision);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    /** A letter whose first call is in doubt, after one whose first call succeeded. */
    private String inDoubt() {
        Answer letter = operator().post("/api/tasks/letter", "{\"who\":\"a\"}", "Prefer", "wait=20");
        assertThat(letter.json().at("/output").asText()).as(letter.body()).isEqualTo("Dear Ada!");
        String task = operator()
                .post("/api/tasks/letter", "{\"who\":\"lost %s\"}".formatted(UUID.randomUUID()))
                .header("Location");
        when("WAITING", task);
        return task;
    }

    private String twoInDoubt() {
        String task = operator()
                .post("/api/tasks/letters", "{\"first\":\"lost 1\",\"second\":\"lost 2\"}")
                .header("Location");
        assertThat(when("WAITING", task).get("calls").findValuesAsText("state"))
                .hasSize(2)
                .contains("IN_DOUBT")
                .isSubsetOf("IN_DOUBT", "STARTED"); // the first that is in doubt ends the attempt
        return task;
    }

    private JsonNode when(String status, String task) {
        await().until(() -> operator().get(task).json().get("status").asText().equals(status));
        return operator().get(task).json();
    }
}
