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
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whose a key is: nobody gets another's task by its key, and nobody takes a key that another will use. */
class KeyOwnersTest extends ApiTestBase {

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

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

    /** While Kafka is away an operator submits what cannot wait. */
    @ParameterizedTest
    @CsvSource({"trigger, trigger, K-%s", "event, record, orders/0/%s"})
    void anOperatorSubmitsUnderTheKeyThatATriggerWillUse(String owner, String keyOf, String form) {
        String key = form.formatted(Math.abs(UUID.randomUUID().getMostSignificantBits() >> 2));
        String path = "/api/tasks/anything?keyOf=" + keyOf;

        String byHand = id(operator().post(path, "{\"a\":1}", "Idempotency-Key", key));
        Submission record = tasks.submit(new Submit("anything", key, "{\"a\":1}", null, Duration.ZERO, "orders", owner))
                .join();

        assertThat(record).isInstanceOf(Submission.Known.class);
        assertThat(record.id()).hasToString(byHand);
        ApiClient submitter = new ApiClient(port(), "sam", "secret");
        assertThat(submitter
                        .post(path, "{\"a\":1}", "Idempotency-Key", key + "1")
                        .status())
                .isEqualTo(403);
        assertThat(operator().post(path, "{}").status()).isEqualTo(400);
        assertThat(operator()
                        .post("/api/tasks/anything?keyOf=schedule", "{}", "Idempotency-Key", key)
                        .body())
                .contains("keyOf is unknown; it must be trigger or record");
    }

    /** Who may submit tasks does not thereby call tools by their names. */
    @Test
    void aSubmitterCallsNoToolThroughTheWorkflowsThatAreDrovers() {
        ApiClient submitter = new ApiClient(port(), "sam", "secret");
        String call = "{\"tool\":\"refund\",\"arguments\":{},\"told\":{\"tool\":\"refund\",\"task\":\"%s\"}}"
                .formatted(UUID.randomUUID());

        assertThat(submitter.post("/mcp", call).status()).isEqualTo(403);
        assertThat(submitter.post("/api/tasks/mcp", call).status()).isEqualTo(403);
        assertThat(submitter.post("/api/tasks/on-end", call).status()).isEqualTo(404);
        assertThat(operator().post("/api/tasks/on-end", call).status()).isEqualTo(404);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"n\":5}|{\"n\":5.0}",
                "{\"n\":100}|{\"n\":1e2}",
                "{\"n\":0}|{\"n\":-0.0}",
                "{\"n\":0.1}|{\"n\":1.00e-1}",
                "{\"n\":123456789012345678901234567890}|{\"n\":1.2345678901234567890123456789e29}",
                "[5.0,{\"b\":[1e0],\"a\":2}]|[5,{\"a\":2.00,\"b\":[1]}]",
                "7|7.0",
            })
    void aNumberIsTheSameHoweverItIsSpelled(String one, String other) {
        String key = UUID.randomUUID().toString();

        for (String path : List.of("/api/tasks/anything", "/hooks/keyed")) {
            String first = id(operator().post(path, one, "Idempotency-Key", key + path));
            assertThat(id(operator().post(path, other, "Idempotency-Key", key + path)))
                    .isEqualTo(first);
        }
        assertThat(triggered(key, one, false)).isInstanceOf(Submission.Accepted.class);
        assertThat(triggered(key, other, false)).isInstanceOf(Submission.Known.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"n\":5}|{\"n\":\"5\"}",
                "{\"n\":0}|{\"n\":false}",
                "{\"n\":0}|{\"n\":null}",
                "{\"n\":0.1}|{\"n\":0.10000000000000000000000000001}",
                "[1,2]|[2,1]",
            })
    void anotherValueIsAnotherInput(String one, String other) {
        String key = UUID.randomUUID().toString();

        id(operator().post("/api/tasks/anything", one, "Idempotency-Key", key));

        assertThat(operator()
                        .post("/api/tasks/anything", other, "Idempotency-Key", key)
                        .status())
                .isEqualTo(409);
    }

    /** The task of an event that may have run before its database went back is doubted whichever id it gets. */
    @Test
    void aTaskThatMayHaveRunIsDoubtedWhoeverHasItsKey() {
        String key = UUID.randomUUID().toString();
        String adas = id(operator().post("/api/tasks/anything", "{}", "Idempotency-Key", key));

        Submission triggers = triggered(key, "{}", true);

        assertThat(triggers).isInstanceOf(Submission.Accepted.class);
        assertThat(triggers.id().toString()).isNotEqualTo(adas);
        assertThat(jdbc.sql("select count(*) from recovery_task where task_id = ?")
                        .param(triggers.id())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    private Submission triggered(String key, String input, boolean mayHaveRun) {
        return tasks.submit(new Submit(
                        "anything", key, input, null, Duration.ZERO, "orders", KeyOwner.TRIGGER, mayHaveRun, false))
                .join();
    }
}
