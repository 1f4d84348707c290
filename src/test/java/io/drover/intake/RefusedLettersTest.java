package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.SetAside;
import io.drover.local.TopicReader;
import io.drover.who.Actor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Dead letter topics that take nothing: what does not pass is set aside, and what passes is waited for. */
class RefusedLettersTest extends RecordsTestBase {

    @Autowired
    SetAside setAside;

    @Autowired
    KafkaTriggers triggers;

    @Autowired
    MeterRegistry meters;

    @Test
    void aForbiddenTopicSetsAsideAndTakesLettersAgainWhenItMay() {
        sendStrict("forbidden", "f1", "{");
        sendStrict("forbidden", "f2", "{}");

        await().untilAsserted(() -> assertThat(keys("forbidden")).contains("f2").doesNotContain("f1"));
        await().until(() -> setAside.list("forbidden", 10).size() == 1);
        await().until(() -> heard.calls().contains("DeadLetterListener.setAside"));
        SetAside.Entry entry = setAside.list("forbidden", 10).getFirst();
        assertThat(entry.position()).isEqualTo(new SetAside.Position("forbidden", "forbidden", 0, 0));
        assertThat(entry.why().refusal()).containsIgnoringCase("authorized").contains("forbidden.dlq");
        assertThat(setAside.content(entry.id()).payload()).isEqualTo(bytes("{"));
        assertThat(count("forbidden")).isEqualTo(1);
        assertThat(triggers.replay(entry.position(), setAside.content(entry.id())))
                .contains("not JSON");
        assertThat(triggers.deadLetter(entry.position(), setAside.content(entry.id()), entry.why()))
                .containsIgnoringCase("authorized");

        STRICT.allow("forbidden.dlq");
        sendStrict("forbidden", "f3", "}");
        await().untilAsserted(() -> assertThat(letters("forbidden")).hasSize(1));
        assertThat(letters("forbidden").getFirst().key()).isEqualTo(bytes("f3"));
        assertThat(setAside.list("forbidden", 10)).hasSize(1);
        assertThat(triggers.deadLetter(entry.position(), setAside.content(entry.id()), entry.why()))
                .isNull();
        ConsumerRecord<byte[], byte[]> letter = letters("forbidden").get(1);
        assertThat(letter.key()).isEqualTo(bytes("f1"));
        assertThat(letter.value()).isEqualTo(bytes("{"));
        assertThat(TopicReader.header(letter, "drover-reason")).contains("not JSON");
        assertThat(TopicReader.header(letter, "drover-error-type"))
                .isEqualTo(entry.why().errorType());
    }

    @Test
    void aReplayIsTheSameTaskHoweverOftenItComes() {
        SetAside.Position position = new SetAside.Position("forbidden", "forbidden", 0, 4711);
        byte[] odd = {(byte) 0xff, 0, 1};
        setAside.add(
                position,
                new SetAside.Content(
                        1,
                        odd,
                        bytes("{\"number\":4711}"),
                        List.of(new SetAside.Header("odd", odd), new SetAside.Header("none", null))),
                new SetAside.Why("its workflow was not there", "Some", "too large"));
        SetAside.Entry entry = setAside.list("forbidden", 10).getFirst();
        SetAside.Content content = setAside.content(entry.id());
        assertThat(content.key()).isEqualTo(odd);
        assertThat(content.headers()).hasSize(2);
        assertThat(content.headers().getFirst().value()).isEqualTo(odd);
        assertThat(setAside.content(entry.id(), 1, 3).payload()).isEqualTo(bytes("\"nu"));
        assertThat(setAside.content(entry.id(), 1_000, 3).payload()).isEmpty();

        assertThat(triggers.replay(position, content)).isNull();
        assertThat(triggers.replay(position, content)).isNull();

        assertThat(jdbc.sql("select key from task where submitted_by = 'forbidden' and input ->> 'number' = '4711'")
                        .query(String.class)
                        .list())
                .containsExactly("kafka-bytes:_wAB");
        SetAside.Content keyless = new SetAside.Content(1, null, content.payload(), List.of());
        assertThat(triggers.replay(position, keyless)).isNull();
        assertThat(triggers.replay(position, keyless)).isNull();
        assertThat(keys("forbidden")).contains("forbidden/0/4711").doesNotContain("forbidden/0/4711#2");
        assertThat(triggers.replay(new SetAside.Position("gone", "forbidden", 0, 4711), content))
                .contains("trigger gone does not run here");
        assertThat(setAside.remove(entry.id(), Actor.person("ada"), SetAside.Removal.REPLAYED))
                .isTrue();
        assertThat(setAside.remove(entry.id(), Actor.person("bo"), SetAside.Removal.REPLAYED))
                .isFalse();
        assertThat(jdbc.sql("select who || ' ' || action || ' ' || (detail ->> 'kafka_offset') from audit where"
                                + " action = 'replay-record'")
                        .query(String.class)
                        .list())
                .containsExactly("ada replay-record 4711");
    }

    @Test
    void aMissingTopicSetsAsideAndABrokerThatIsAwayIsWaitedFor() throws InterruptedException {
        sendStrict("missing", "m1", "{");
        sendStrict("missing", "m2", "{}");

        await().untilAsserted(() -> assertThat(keys("missing")).containsExactly("m2"));
        await().until(() -> setAside.list("missing", 10).size() == 1);
        SetAside.Entry entry = setAside.list("missing", 10).getFirst();
        assertThat(entry.why().refusal()).contains("the topic missing.dlq does not exist");
        assertThat(count("missing")).isEqualTo(1);
        STRICT.makeTopic("missing.dlq");

        goAndComeBackWhileALetterIsSent();

        await().pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            sendStrict("missing", "m3", "}"); // those that follow a refusal closely are set aside
            assertThat(letters("missing")).isNotEmpty();
        });
    }

    private void goAndComeBackWhileALetterIsSent() throws InterruptedException {
        sendStrict("absent", "a1", "gate");
        sendStrict("absent", "a2", "{}");
        Gate.REACHED.await();
        STRICT.stop();
        Gate.OPEN.countDown();

        Duration outage = PATIENT.untilMade().plusSeconds(10); // its time does not run while no broker answers
        await().pollDelay(outage).atMost(outage.multipliedBy(2)).until(() -> true);
        assertThat(setAside.list("absent", 10)).isEmpty();
        STRICT.start();
        await().untilAsserted(() -> assertThat(keys("absent")).containsExactly("a2"));
        await().untilAsserted(() -> assertThat(letters("absent")).hasSize(1));
        assertThat(letters("absent").getFirst().key()).isEqualTo(bytes("a1"));
        assertThat(setAside.list("absent", 10)).isEmpty();
    }

    private static void sendStrict(String topic, String key, String payload) {
        send(STRICT.brokers(), topic, bytes(key), bytes(payload));
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(String topic) {
        return TopicReader.read(STRICT.brokers(), topic + ".dlq");
    }

    private double count(String topic) {
        return meters.get("agent.records.set.aside")
                .tag("topic", topic)
                .counter()
                .count();
    }
}
