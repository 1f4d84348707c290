package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import io.drover.journal.ApiKeys;
import io.drover.who.KeyText;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Programs have keys: shown once, stored as a digest, with an end, two of a name. */
@ExtendWith(OutputCaptureExtension.class)
class ApiKeysTest extends ApiTestBase {

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ApiKeys keys;

    private final String name = "app-" + UUID.randomUUID();

    @Test
    void aKeyIsShownOnceAndOnlyItsDigestIsStored(CapturedOutput log) {
        JsonNode made = make("submitter", "1h");
        String key = made.path("key").asText();

        assertThat(key).matches("drv_[A-Za-z0-9_-]{43}");
        assertThat(made.at("/details/name").asText()).isEqualTo(name);
        assertThat(made.at("/details/createdBy").asText()).isEqualTo("kay");
        assertThat(jdbc.sql("select digest from api_key where id = ?")
                        .param(made.at("/details/id").asLong())
                        .query((row, n) -> row.getBytes(1))
                        .single())
                .isEqualTo(KeyText.digest(key));
        assertThat(client(key).post("/api/tasks/anything", "{}").status()).isEqualTo(202);
        assertThat(admin().get("/api/keys").body()).contains(name).doesNotContain(key);
        assertThat(jdbc.sql("select row_to_json(api_key)::text from api_key where name = ?")
                        .param(name)
                        .query(String.class)
                        .single())
                .doesNotContain(key);
        assertThat(log.getAll()).doesNotContain(key);
    }

    @Test
    void aKeyMayDoWhatItsRolesMay() {
        ApiClient submitter = client(make("submitter", "1h").path("key").asText());
        String task = submitter
                .post("/api/tasks/anything", "{}", "Idempotency-Key", name)
                .json()
                .path("id")
                .asText();
        ApiClient rotated = client(make("submitter", "2h").path("key").asText());

        assertThat(submitter
                        .get("/api/tasks/" + task)
                        .json()
                        .path("submittedBy")
                        .asText())
                .isEqualTo("key:" + name);
        assertThat(submitter.get("/api/queue").status()).isEqualTo(403);
        assertThat(submitter.get("/api/keys").status()).isEqualTo(403);
        assertThat(rotated.get("/api/tasks/" + task).status())
                .as("the new key of the same program")
                .isEqualTo(200);
        Answer again = rotated.post("/api/tasks/anything", "{}", "Idempotency-Key", name);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("id").asText()).isEqualTo(task);
    }

    @Test
    void twoKeysOfANameCountTogetherAndNoThird() {
        JsonNode old = make("viewer", "1h");
        JsonNode next = make("viewer", "1h");

        Answer third = admin().post("/api/keys", request("viewer", "1h"));
        assertThat(third.status()).as(third.body()).isEqualTo(409);
        assertThat(third.body()).contains("2 keys of " + name + " count");
        for (JsonNode key : List.of(old, next)) {
            assertThat(client(key.path("key").asText()).get("/api/queue").status())
                    .isEqualTo(200);
        }

        long id = old.at("/details/id").asLong();
        assertThat(admin().delete("/api/keys/" + id).status()).isEqualTo(204);
        assertThat(admin().delete("/api/keys/" + id).status()).isEqualTo(404);
        refusedSoon(old);
        assertThat(client(next.path("key").asText()).get("/api/queue").status()).isEqualTo(200);
        assertThat(admin().post("/api/keys", request("viewer", "1h")).status()).isEqualTo(200);
        List<String> told = jdbc.sql("select who || ' ' || action from audit where detail ->> 'name' = ? order by id")
                .param(name)
                .query(String.class)
                .list();
        assertThat(told).containsExactly("kay create-key", "kay create-key", "kay revoke-key", "kay create-key");
    }

    @Test
    void anExpiredKeyIsRefused() {
        JsonNode key = make("viewer", "1h");
        jdbc.sql("update api_key set expires_at = now() where id = ?")
                .param(key.at("/details/id").asLong())
                .update();

        refusedSoon(key);
        assertThat(make("viewer", "1h").path("key").asText())
                .as("it takes no place")
                .isNotEmpty();
    }

    @Test
    void saysWhenItWasUsed() {
        JsonNode key = make("viewer", "1h");
        assertThat(isUnused(key)).isTrue();
        client(key.path("key").asText()).get("/api/queue");

        await().until(() -> !isUnused(key));
    }

    private boolean isUnused(JsonNode key) {
        return jdbc.sql("select last_used is null from api_key where id = ?")
                .param(key.at("/details/id").asLong())
                .query(Boolean.class)
                .single();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drv_",
                "drv_0000000000000000000000000000000000000000000",
                "drv_000000000000000000000000000000000000000000000000",
                "eyJhbGciOiJub25lIn0.e30.",
                "x y"
            })
    void whatIsNoKeyThatCountsIsRefused(String token) {
        Answer answer = client(token).get("/api/queue");

        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                .anyMatch(challenge -> challenge.startsWith("Bearer"));
    }

    @Test
    void aTokenIsReadFromItsHeaderOnly(CapturedOutput log) throws Exception {
        String key = make("viewer", "1h").path("key").asText();

        for (String path : List.of(
                "/api/queue?access_token=" + key,
                "/api/tasks/anything?x=" + key,
                "/api/tasks/" + key,
                "/" + key,
                "/health/live?" + key)) {
            for (ApiClient who : List.of(nobody(), operator(), client(key))) {
                Answer answer = who.get(path);
                assertThat(answer.status()).as(path).isEqualTo(400);
                assertThat(answer.body()).contains("URLs are logged").doesNotContain(key);
            }
        }
        assertThat(nobody().post("/hooks/anything", "access_token=" + key).status())
                .isEqualTo(401);
        assertThat(log.getAll()).doesNotContain(key);
    }

    /** From an address of its own: the other tests log in from 127.0.0.1. */
    @Test
    void guessesOfKeysAreHeldBackAndAKnownKeyIsNot() throws Exception {
        String key = make("viewer", "1h").path("key").asText();
        String from = "127.0.0.41";
        assertThat(get(from, key)).startsWith("HTTP/1.1 200");
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 35; i++) {
            answers.add(get(from, KeyText.random()));
        }

        assertThat(answers.getFirst()).startsWith("HTTP/1.1 401");
        assertThat(answers.getLast()).startsWith("HTTP/1.1 429").contains("Retry-After: ");
        assertThat(get(from, key)).startsWith("HTTP/1.1 200");
    }

    private String get(String from, String key) throws Exception {
        return BeforeLoginTest.request(port(), from, "GET /api/queue HTTP/1.1\r\nAuthorization: Bearer " + key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "approver           | 1h    | $.roles",
                "admin              | 1h    | $.roles",
                "viewer\",\"admin  | 1h    | $.roles",
                "root               | 1h    | $.roles",
                "viewer             |       | $.for",
                "viewer             | 90    | $.for",
                "viewer             | 367d  | $.for",
                "viewer             | 1s    | $.for",
            })
    void refusesAKeyThatHasTooMuchOrNoEnd(String role, String lasting, String field) {
        Answer answer = admin().post("/api/keys", request(role, lasting == null ? "" : lasting));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/problems/0/field").asText()).isEqualTo(field);
        assertThat(admin().post("/api/keys", "{\"name\":\"A b\",\"roles\":[\"viewer\"],\"for\":\"1h\"}")
                        .body())
                .contains("$.name");
    }

    /** A process without users and issuer starts if a key counts. */
    @Test
    void aKeyIsSomebodyWhoCanLogIn() {
        make("viewer", "1h");

        new SomeCaller(
                new SecurityProperties(List.of()),
                new OidcProperties(null, null, null, "sub", "groups", List.of(), null),
                keys);
    }

    private void refusedSoon(JsonNode key) {
        await().untilAsserted(() -> assertThat(
                        client(key.path("key").asText()).get("/health").status())
                .isEqualTo(401));
    }

    private JsonNode make(String role, String lasting) {
        Answer answer = admin().post("/api/keys", request(role, lasting));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private String request(String role, String lasting) {
        return "{\"name\":\"%s\",\"roles\":[\"%s\"],\"for\":\"%s\"}".formatted(name, role, lasting);
    }

    private ApiClient admin() {
        return new ApiClient(port(), "kay", "secret");
    }

    private ApiClient client(String key) {
        return ApiClient.withToken(port(), key);
    }
}
