package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an operator sees of memory, and makes forgotten. */
class MemoryApiTest extends ApiTestBase {

    @Autowired
    JdbcClient jdbc;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada+news@mail.example",
                "acme/eu/ada@mail.example",
                "../../tasks",
                "%2e%2e%2f;a=b",
                "a&key=b?c#d",
                "Åse Ørsted 🐕",
                "two\nlines"
            })
    void showsAndForgetsTheFactsOfAnyKey(String key) {
        UUID task = UUID.randomUUID();
        store(key, "Has a dog called Rex.", task);
        store("x" + key, "Has a cat called Tom.", task);

        JsonNode facts = reader().get(path(key)).json().path("facts");

        assertThat(facts).hasSize(1);
        assertThat(facts.at("/0/fact").asText()).isEqualTo("Has a dog called Rex.");
        assertThat(facts.at("/0/at").asText()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(facts.at("/0/task").asText()).isEqualTo(task.toString());
        assertThat(delete(viewer(), key).status()).isEqualTo(403);
        assertThat(delete(nobody(), key).status()).isEqualTo(401);
        assertThat(delete(operator(), key).status()).isEqualTo(204);
        assertThat(delete(operator(), key).status()).as("again").isEqualTo(204);
        assertThat(operator().get(path(key)).json().path("facts")).isEmpty();
        assertThat(operator().get(path("x" + key)).json().path("facts")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"'', blank", "' ', blank", "'a\0b', U+0000"})
    void refusesWhatIsNoKey(String key, String problem) {
        Answer refused = delete(operator(), key);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.json().path("detail").asText()).contains("key", problem);
        assertThat(refused.json().at("/problems/0/field").asText()).isEqualTo("key");
    }

    @Test
    void refusesAKeyThatIsTooLongOrMissing() {
        assertThat(operator().get(path("k".repeat(501))).json().path("detail").asText())
                .contains("501", "at most 500");
        assertThat(operator().get("/api/memory").status()).isEqualTo(400);
        assertThat(operator().get("/api/memory").body()).contains("key");
    }

    private static String path(String key) {
        return "/api/memory?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    private static Answer delete(ApiClient client, String key) {
        return client.send(client.request(path(key)).DELETE());
    }

    private void store(String key, String fact, UUID task) {
        jdbc.sql(
                        """
                        insert into memory (id, key, fact, embedding, task_id, created_at, refreshed_at)
                        values (gen_random_uuid(), ?, ?, array_fill(0::real, array[384]), ?, '2026-03-01T12:00Z', '2026-03-01T12:00Z')
                        """)
                .params(key, fact, task)
                .update();
    }
}
