package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient.Answer;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** What a workflow names as onEnd is called once for each end of a task, and never changes it. */
@TestPropertySource(properties = "drover.routes.directory=src/test/resources/routes-console")
class CallbacksTest extends ApiTestBase {

    private String submit(String end) {
        return operator()
                .post("/api/tasks/called-back", "{\"end\":\"%s\"}".formatted(end))
                .json()
                .path("id")
                .asText();
    }

    private JsonNode task(String id) {
        return operator().get("/api/tasks/" + id).json();
    }

    private String status(String id) {
        return task(id).path("status").asText();
    }

    /** The callbacks of a task, in the order in which they were submitted. */
    private List<JsonNode> callbacks(String task) {
        JsonNode list =
                operator().get("/api/tasks?workflow=on-end&limit=200").json().path("tasks");
        return StreamSupport.stream(list.spliterator(), false)
                .map(found -> task(found.path("id").asText()))
                .filter(found -> found.at("/input/told/task").asText().equals(task))
                .toList()
                .reversed();
    }

    private List<String> heard(String task) {
        return callbacks(task).stream()
                .filter(callback -> callback.path("status").asText().equals("COMPLETED"))
                .map(callback -> callback.at("/calls/0/arguments"))
                .map(arguments -> arguments.path("status").asText()
                        + (arguments.has("waitReason")
                                ? " " + arguments.path("waitReason").asText()
                                : "")
                        + (arguments.has("error")
                                        && arguments.path("status").asText().equals("DEAD")
                                ? ": " + arguments.at("/error/message").asText()
                                : ""))
                .toList();
    }

    private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
        await().untilAsserted(assertion);
    }

    @Test
    void eachEndIsToldOnce() {
        String done = submit("done");
        String dead = submit("dead");

        soon(() -> assertThat(heard(done)).containsExactly("COMPLETED"));
        soon(() -> assertThat(heard(dead))
                .singleElement()
                .asString()
                .startsWith("DEAD: ")
                .contains("Atlantis"));
        JsonNode callback = callbacks(done).getFirst();
        assertThat(callback.path("submittedBy").asText()).isEqualTo("ada");
        assertThat(callbacks(callback.path("id").asText()))
                .as("a callback is not called back")
                .isEmpty();

        assertThat(operator().post("/api/tasks/" + dead + "/retry", "").status())
                .isLessThan(300);
        soon(() -> assertThat(heard(dead)).as("it died again").hasSize(2));
        assertThat(heard(done)).hasSize(1);
    }

    @Test
    void aTaskThatWaitsForAPersonIsTold() {
        String id = submit("doubt");

        soon(() -> assertThat(heard(id)).containsExactly("WAITING IN_DOUBT"));
        String page = callbacks(id).getFirst().at("/calls/0/arguments/page").asText();
        assertThat(page).isEqualTo("/console/tasks/" + id);
        assertThat(operator().get(page).body()).contains("Decide…");
        Answer decided = operator().post("/api/tasks/" + id + "/calls/1/resolve", "{\"resolution\":\"fail\"}");
        assertThat(decided.status()).as(decided.body()).isLessThan(300);
        soon(() -> assertThat(heard(id))
                .hasSize(2)
                .satisfies(heard -> assertThat(heard.getFirst()).isEqualTo("WAITING IN_DOUBT"))
                .satisfies(heard -> assertThat(heard.getLast()).startsWith("DEAD")));
    }

    @Test
    void aFailingCallbackIsTriedAgainAndChangesNothing() {
        String id = submit("wait");
        soon(() -> assertThat(task(id).path("waitReason").asText()).isEqualTo("SIGNAL"));
        assertThat(callbacks(id)).as("it waits for no person").isEmpty();
        assertThat(operator().post("/api/tasks/" + id + "/cancel", "").status()).isLessThan(300);

        soon(() -> {
            assertThat(callbacks(id)).hasSize(1);
            JsonNode callback = callbacks(id).getFirst();
            assertThat(callback.path("attempts").asInt()).isGreaterThan(1);
            assertThat(callback.at("/error/message").asText()).contains("nobody hears");
            assertThat(callback.path("calls"))
                    .as("it stays one call, under one key")
                    .hasSize(1);
        });
        assertThat(status(id)).isEqualTo("CANCELLED");
        operator().post("/api/tasks/" + callbacks(id).getFirst().path("id").asText() + "/cancel", "");
    }

    @Test
    void onlyDroverSubmitsCallbacks() {
        String forged =
                "{\"told\":{\"tool\":\"heard\",\"task\":\"%s\",\"status\":\"COMPLETED\"}}".formatted(UUID.randomUUID());

        ApiClient.Answer refused = operator().post("/api/tasks/on-end", forged);

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.body()).contains("submitted by Drover alone");
        assertThat(operator()
                        .post("/api/tasks/on-end", forged, "Idempotency-Key", "k")
                        .status())
                .isEqualTo(404);
    }
}
