package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds over HTTP: set, listed, released, refused, and seen where people look. */
class HoldApiTest extends ApiTestBase {

    @AfterEach
    void release() {
        for (JsonNode hold : operator().get("/api/holds").json().path("holds")) {
            operator().delete("/api/holds/" + hold.path("id").asLong());
        }
    }

    @Test
    void setsListsAndReleases() {
        ApiClient.Answer set = operator()
                .post(
                        "/api/holds",
                        "{\"kind\":\"workflow\",\"name\":\"greet\",\"reason\":\"wrong names\",\"for\":\"2h\"}");
        assertThat(set.status()).isEqualTo(201);
        long id = set.json().path("id").asLong();
        assertThat(set.json().path("who").asText()).isEqualTo("ada");
        assertThat(set.json().path("known").asBoolean()).isTrue();
        assertThat(set.json().path("until").asText()).isNotEmpty();

        String task = operator()
                .post("/api/tasks/greet", "{\"name\":\"Ada\"}")
                .json()
                .path("id")
                .asText();
        JsonNode listed = viewer().get("/api/holds").json().path("holds");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("reason").asText()).isEqualTo("wrong names");
        await().during(Duration.ofMillis(600)).until(() -> status(task).equals("QUEUED"));
        assertThat(operator().get("/console/workflows").body()).contains("/console/holds\"><b>held");
        assertThat(operator().get("/console/holds").body()).contains("workflow:greet", "wrong names", "ada");

        assertThat(operator().delete("/api/holds/" + id).status()).isEqualTo(204);
        await().until(() -> status(task).equals("COMPLETED"));
        assertThat(operator().delete("/api/holds/" + id).json().path("type").asText())
                .endsWith("unknown-hold");
        assertThat(operator()
                        .get("/api/audit?what=release")
                        .json()
                        .at("/entries/0/detail/id")
                        .asLong())
                .isEqualTo(id);
    }

    @Test
    void aSecondClickIsNoSecondHold() {
        String hold = "{\"kind\":\"all\",\"reason\":\"incident\"}";
        ApiClient.Answer first = operator().post("/api/holds", hold);
        ApiClient.Answer second = operator().post("/api/holds", hold);

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
    }

    @Test
    void tellsThatNothingHasTheName() {
        ApiClient.Answer set =
                operator().post("/api/holds", "{\"kind\":\"tool\",\"name\":\"refnud\",\"reason\":\"x\"}");

        assertThat(set.status()).isEqualTo(201);
        assertThat(set.json().path("known").isBoolean()).isTrue();
        assertThat(set.json().path("known").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"name":"x","reason":"y"}                            | kind
                    {"kind":"tools","name":"x","reason":"y"}             | kind
                    {"kind":"tool","reason":"y"}                         | name
                    {"kind":"all","name":"x","reason":"y"}               | name
                    {"kind":"tool","name":" ","reason":"y"}              | name
                    {"kind":"tool","name":"a\\u0001b","reason":"y"}      | name
                    {"kind":"tool","name":"x"}                           | reason
                    {"kind":"tool","name":"x","reason":"a\\nb"}          | reason
                    {"kind":"tool","name":"x","reason":"y","for":"soon"} | for
                    {"kind":"tool","name":"x","reason":"y","for":"-1s"}  | for
                    {"kind":"tool","name":"x","reason":"y","for":"0s"}   | for
                    {"kind":"tool","name":"x","reason":"y","for":"3600"} | for
                    {"kind":"tool","name":"x","reason":"y","for":"999d"} | for
                    """)
    void refusesWhatIsNoHold(String body, String field) {
        ApiClient.Answer refused = operator().post("/api/holds", body);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("\"" + field + "\"");
        assertThat(operator().get("/api/holds").json().path("holds")).isEmpty();
    }

    @Test
    void aViewerMayNotHold() {
        assertThat(viewer().post("/api/holds", "{\"kind\":\"all\",\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);
    }

    private String status(String task) {
        return operator().get("/api/tasks/" + task).json().path("status").asText();
    }
}
