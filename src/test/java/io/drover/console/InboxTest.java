package io.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One list of what waits for a person. */
class InboxTest extends ConsoleTestBase {

    private List<JsonNode> items(String query) {
        Answer answer = reader().get("/api/inbox?limit=1000" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return StreamSupport.stream(answer.json().path("items").spliterator(), false)
                .toList();
    }

    private static List<String> texts(List<JsonNode> items, String field) {
        return items.stream().map(item -> item.path(field).asText()).toList();
    }

    @Test
    void listsDoubtsDeadGroupsAndHolds() {
        String dead = deadOrder("I-1", "Inboxville");
        String doubtful = submit("pay-back", "{\"orderId\":\"I-2\"}");
        String why = "inbox " + UUID.randomUUID();
        String hold = operator()
                .post("/api/holds", "{\"kind\":\"tool\",\"name\":\"nobody\",\"reason\":\"%s\"}".formatted(why))
                .json()
                .path("id")
                .asText();

        List<JsonNode> all = items("");

        assertThat(texts(all, "id")).contains("doubt-" + doubtful + "-1", "hold-" + hold);
        assertThat(texts(all, "since")).isSorted();
        JsonNode group = all.stream()
                .filter(item -> item.path("reason").asText().contains("Inboxville"))
                .findFirst()
                .orElseThrow();
        assertThat(group.path("task").asText()).isEqualTo(dead);
        assertThat(group.path("role").asText()).isEqualTo("operator");
        assertThat(reader().get(group.path("page").asText()).status()).isEqualTo(200);

        all.forEach(item -> {
            Answer one = reader().get("/console/inbox/" + item.path("id").asText());
            assertThat(one.status()).isEqualTo(302);
            String page = item.path("page").asText();
            assertThat(one.header("Location")).endsWith(page);
            assertThat(reader().get(page).status()).isEqualTo(200);
        });
        assertThat(operator().get("/console/tasks/" + doubtful).body()).contains("id=\"decide-1\"");
        assertThat(operator().get("/console/holds").body()).contains("id=\"hold-" + hold + "\"");

        assertThat(texts(items("&kind=hold"), "kind")).containsOnly("hold");
        assertThat(texts(items("&tool=refund"), "tool")).containsOnly("refund");
        assertThat(texts(items("&tool=nobody"), "id")).containsExactly("hold-" + hold);
        assertThat(texts(items("&workflow=pay-back"), "workflow")).containsOnly("pay-back");
        assertThat(items("&age=1d")).isEmpty();
        assertThat(items("&role=submitter")).isEmpty();
        String page = reader().get("/console/inbox?tool=refund").body();
        assertThat(page).contains("id=\"doubt-" + doubtful + "-1\"").doesNotContain("Decide all");

        assertThat(operator().delete("/api/holds/" + hold).status()).isEqualTo(204);
        assertThat(texts(items(""), "id")).doesNotContain("hold-" + hold);
        assertThat(reader().get("/console/inbox/hold-" + hold).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "doubt-1-1", "approval-", "approval-1x", "hold-x", "dead-x", "doubt-"})
    void anItemThatIsNotThereIsSaidToBeGone(String id) {
        Answer answer = reader().get("/console/inbox/" + id);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("waits for a person", "/console/inbox");
    }

    @Test
    void decidesAboutAllCallsOfAToolAtOnce() {
        submit("pay-back", "{\"orderId\":\"I-3\"}");
        String id = submit("pay-back", "{\"orderId\":\"I-4\"}");
        for (String all : List.of("", "&kind=doubt", "&age=0s")) {
            assertThat(operator().get("/console/inbox?tool=refund" + all).body())
                    .contains("Decide all");
        }
        for (String others : List.of("&age=1d", "&kind=hold", "&workflow=order")) {
            assertThat(operator().get("/console/inbox?tool=refund" + others).body())
                    .as("calls that the page does not list")
                    .doesNotContain("Decide all");
        }
        JsonNode doubts =
                operator().get("/api/calls/in-doubt?tool=refund&limit=1000").json();
        String form = "tool=refund&resolution=fail&until=%s&expected="
                .formatted(URLEncoder.encode(doubts.path("until").asText(), StandardCharsets.UTF_8));

        assertThat(post(form + (doubts.path("count").asInt() + 1))).isEqualTo(409);
        assertThat(texts(items("&tool=refund"), "id")).contains("doubt-" + id + "-1");
        assertThat(post(form + doubts.path("count").asInt())).isEqualTo(302);
        assertThat(items("&tool=refund&kind=doubt")).isEmpty();
    }

    private int post(String form) {
        return operator()
                .send(operator()
                        .request("/console/inbox/resolve", "Content-Type", "application/x-www-form-urlencoded")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(form)))
                .status();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kind=x", "limit=0", "limit=1001", "age=x", "age=3600", "age=-1h", "age=99999d", "workflow=a.b"})
    void refusesWhatItCannotSelect(String query) {
        Answer answer = operator().get("/api/inbox?" + query);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(query.substring(0, query.indexOf('=')));
    }
}
