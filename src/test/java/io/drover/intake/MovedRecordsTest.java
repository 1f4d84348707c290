package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.SetAside;
import io.drover.local.Servers;
import io.drover.who.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A partition that goes to another consumer, and a topic whose offsets begin again. */
class MovedRecordsTest extends RecordsTestBase {

    @Autowired
    SetAside setAside;

    @Autowired
    KafkaTriggers triggers;

    @Autowired
    SkippedRecords skipped;

    @Autowired
    CamelContext camel;

    @Test
    void whoLostThePartitionSendsNoDeadLetter() throws Exception {
        send(FENCED, bytes("b"), bytes("bad"));
        Delay.REACHED.await();
        try (KafkaConsumer<byte[], byte[]> other = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        Servers.brokers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "drover-fenced",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            other.subscribe(List.of(FENCED));
            await().until(() -> !other.poll(Duration.ofMillis(200)).isEmpty());
            int generation = other.groupMetadata().generationId();

            Delay.OVER.countDown();

            await().until(
                            () -> { // the trigger goes on, and takes part again
                                other.poll(Duration.ofMillis(200));
                                return other.groupMetadata().generationId() > generation;
                            });
        }
        send(FENCED, bytes("good-fenced"), bytes("{}"));

        await().untilAsserted(() -> assertThat(keys("fenced")).containsExactly("good-fenced"));
        awaitLetters(FENCED, 1);
    }

    @Test
    void recordsOfATopicThatWasMadeAgainAreNewOnes() throws Exception {
        sendStrict("{}");
        await().untilAsserted(() -> assertThat(keys("remade")).containsExactly("remade/0/0"));
        sendStrict("{"); // its dead letter topic is forbidden
        await().until(() -> setAside.list("remade", 10).size() == 1);
        assertThat(setAside.list("remade", 10).getFirst().position())
                .isEqualTo(new SetAside.Position("remade", "remade", 0, 1));
        SetAside.Position skip = new SetAside.Position("remade", "remade", 0, 2);
        setAside.skip(skip, Actor.person("ada"), "of the old topic");
        await().until(() -> skipped.of(at(skip)) != null);

        camel.getRouteController().stopRoute("remade");
        STRICT.remake("remade");
        sendStrict("{}");
        sendStrict("}");
        sendStrict("{}");
        camel.getRouteController().startRoute("remade");

        await().untilAsserted(() -> assertThat(keys("remade"))
                .hasSize(3)
                .contains("remade/0/0")
                .anyMatch(key -> key.matches("remade@.{22}/0/0"))
                .anyMatch(key -> key.matches("remade@.{22}/0/2")));
        await().until(() -> setAside.list("remade", 10).size() == 2);
        SetAside.Entry entry = setAside.list("remade", 10).getFirst();
        assertThat(entry.position().topic()).startsWith("remade@");
        assertThat(setAside.content(entry.id()).payload()).isEqualTo(bytes("}"));
        assertThat(triggers.deadLetter(entry.position(), setAside.content(entry.id()), entry.why()))
                .contains("remade.dlq");
        SetAside.Content mended = new SetAside.Content(1, null, bytes("{}"), List.of());
        assertThat(triggers.replay(entry.position(), mended)).isNull();
        assertThat(triggers.replay(entry.position(), mended)).isNull();
        assertThat(keys("remade"))
                .hasSize(4)
                .anyMatch(key -> key.equals(entry.position().topic() + "/0/1"));
    }

    private SourceRecord at(SetAside.Position position) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getExchangeExtension().setFromRouteId(position.trigger());
        SourceRecord.show(position, new SetAside.Content(1, null, null, List.of()), exchange);
        return new SourceRecord(exchange);
    }

    private static void sendStrict(String payload) {
        send(STRICT.brokers(), "remade", null, bytes(payload));
    }
}
