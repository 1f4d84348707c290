package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiClient.Answer;
import io.drover.journal.KeyOwner;
import io.drover.journal.Submission;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Whose a key is: nobody gets another's task by its key, and nobody takes a key that another will use. */
class KeyOwnersTest extends ApiTestBase {

    @Autowired
    TaskService tasks;

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(200, 202);
        return answer.json().get("id").asText();
    }

    private ApiClient bob() {
        return new ApiClient(port(), "bob", "secret");
    }

    /** Her keys are ada's. */
    private ApiClient amy() {
        return new ApiClient(port(), "amy", "secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/tasks/anything", "/hooks/keyed"})
    void usersDoNotShareKeysUnlessConfigured(String path) {
        String key = UUID.randomUUID().toString();

        String adas = id(operator().post(path, "{\"a\":1}", "Idempotency-Key", key));

        assertThat(id(bob().post(path, "{\"a\":1}", "Idempotency-Key", key))).isNotEqualTo(adas);
        assertThat(id(bob().post(path, "{\"a\":1}", "Idempotency-Key", key))).isNotEqualTo(adas);
        assertThat(id(amy().post(path, "{\"a\":1}", "Idempotency-Key", key))).isEqualTo(adas);
        assertThat(id(operator().post(path, "{\"a\":1}", "Idempotency-Key", key)))
                .isEqualTo(adas);
        assertThat(amy().post(path, "{\"a\":2}", "Idempotency-Key", key).status())
                .isEqualTo(409);
        assertThat(bob().post(path, "{\"a\":2}", "Idempotency-Key", key).status())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {KeyOwner.TRIGGER, KeyOwner.EVENT, KeyOwner.WORKFLOW, KeyOwner.CALL, KeyOwner.RUN})
    void aCallerCannotTakeAKeyThatIsNotTheirs(String owner) {
        String key = "nightly-digest/" + UUID.randomUUID();
        id(operator().post("/api/tasks/anything", "{\"day\":\"2020-01-01\"}", "Idempotency-Key", key));
        id(operator().post("/hooks/keyed", "{\"day\":\"2020-01-01\"}", "Idempotency-Key", key + "-hook"));

        for (String taken : List.of(key, key + "-hook")) {
            Submission submission = tasks.submit(new Submit(
                            "anything", taken, "{\"day\":\"2026-11-28\"}", null, Duration.ZERO, "nightly", owner))
                    .join();
            assertThat(submission).isInstanceOf(Submission.Accepted.class);
            assertThat(operator().get("/api/tasks?q=" + taken).json().get("tasks"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-GitHub-Delivery",
        "webhook-id",
        "Idempotency-Key",
        "ce-id",
        "svix-id",
        "X-Gitlab-Event-UUID",
    })
    void aDeliveryIsOneTaskWhateverTheStepsRemove(String header) {
        String delivery = UUID.randomUUID().toString();

        String first = id(operator().post("/hooks/delivery", "{\"n\":1}", header, delivery));

        assertThat(id(operator().post("/hooks/delivery", "{\"n\":1}", header, delivery)))
                .isEqualTo(first);
        assertThat(id(operator().post("/hooks/delivery", "{\"n\":1}", header, delivery + "-2")))
                .isNotEqualTo(first);
        assertThat(id(bob().post("/hooks/delivery", "{\"n\":1}", header, delivery)))
                .isNotEqualTo(first);
        assertThat(id(operator().post("/hooks/delivery", "{\"n\":1}", header, "x".repeat(4_000))))
                .isEqualTo(id(operator().post("/hooks/delivery", "{\"n\":1}", header, "x".repeat(4_000))));
    }

    @Test
    void anEventOfStripeIsOneTask() {
        String event = "{\"id\":\"evt_%s\",\"n\":1}".formatted(UUID.randomUUID());

        String first = id(operator().post("/hooks/delivery", event, "Stripe-Signature", "t=1,v1=a"));

        assertThat(id(operator().post("/hooks/delivery", event, "Stripe-Signature", "t=2,v1=b")))
                .isEqualTo(first);
        assertThat(operator().get("/api/tasks/" + first).json().get("input").toString())
                .isEqualTo(event);
    }

    @Test
    void aRequestThatDoesNotSayWhichDeliveryItIsIsATaskOfItsOwn() {
        String first = id(operator().post("/hooks/delivery", "{\"n\":1}"));

        assertThat(id(operator().post("/hooks/delivery", "{\"n\":1}"))).isNotEqualTo(first);
    }
}
