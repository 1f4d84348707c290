package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.FreePort;
import io.drover.local.EmbeddedKafkaServer;
import io.drover.local.TopicReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dead letter topic whose brokers answer all questions and take nothing, without an error. */
class SilentTopicTest {

    private static final String NAME = "silent.dlq";
    private static final DeadLetterTopic.Patience SHORT = new DeadLetterTopic.Patience(
            Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofSeconds(60));

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private EmbeddedKafkaServer broker;
    private DeafProxy proxy;
    private DeadLetterClient client;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        int port = FreePort.next();
        proxy = new DeafProxy(port);
        broker = EmbeddedKafkaServer.keptIn(
                directory,
                port,
                FreePort.next(),
                Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + proxy.port()));
        broker.topics(1, NAME);
        KafkaTriggerComponent component =
                new KafkaTriggerComponent(List.of(), null, null, null, null, Optional.empty());
        component.setCamelContext(camel);
        component.getConfiguration().setBrokers(broker.brokers());
        camel.addComponent("kafka", component);
        camel.start();
        client = new DeadLetterClient(camel.getEndpoint("kafka:silent", KafkaTriggerEndpoint.class));
    }

    @AfterEach
    void stop() throws Exception {
        client.close(Duration.ofSeconds(5));
        camel.stop();
        broker.close();
        proxy.close();
    }

    @Test
    void refusesAfterAWhileAndDoesNotSendTheLetterLater() throws Exception {
        DeadLetterTopic topic = new DeadLetterTopic(NAME, client, SHORT);
        proxy.deaf(true);
        assertThatThrownBy(() -> topic.send(letter("first"), () -> false))
                .isInstanceOf(DeadLetterTopic.RefusedException.class)
                .hasMessageContaining("topic silent.dlq has accepted nothing for 3 s");
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> topic.send(letter("next"), () -> asked.incrementAndGet() > 0))
                .as("the next one is not waited for")
                .isInstanceOf(DeadLetterTopic.RefusedException.class);
        assertThat(asked).hasValue(0);

        proxy.deaf(false);

        assertThat(new DeadLetterTopic(NAME, client, SHORT).send(letter("last"), () -> false))
                .isTrue();
        assertThat(TopicReader.read(broker.brokers(), NAME))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly("last");
    }

    @Test
    void waitsForWhatPasses() throws Exception {
        DeadLetterTopic topic = new DeadLetterTopic(NAME, client, DeadLetterTopic.Patience.USUAL);
        proxy.deaf(true);
        AtomicInteger asked = new AtomicInteger();

        boolean kept = topic.send(letter("late"), () -> {
            proxy.deaf(asked.incrementAndGet() < 3);
            return false;
        });

        assertThat(kept).isTrue();
        assertThat(TopicReader.read(broker.brokers(), NAME)).hasSize(1);
    }

    private static ProducerRecord<byte[], byte[]> letter(String text) {
        return new ProducerRecord<>(NAME, null, text.getBytes(StandardCharsets.UTF_8));
    }
}
