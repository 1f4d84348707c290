package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.FreePort;
import io.drover.audit.AuditProperties;
import io.drover.audit.Checkpoint;
import io.drover.local.EmbeddedKafkaServer;
import io.drover.local.TopicReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of the audit log on a real topic. */
class CheckpointTopicTest {

    private static final AuditProperties PROPERTIES =
            new AuditProperties("example.com/drover?a=b&c", null, "audit.checkpoints", Duration.ofMinutes(1));

    private static final Checkpoint CHECKPOINT = new Checkpoint("example.com/drover?a=b&c", 3, new byte[32]);

    @Test
    void sendsTheNoteUnderItsOrigin(@TempDir Path directory) throws Exception {
        int port = FreePort.next();
        try (EmbeddedKafkaServer broker = EmbeddedKafkaServer.keptIn(directory, port, FreePort.next(), Map.of());
                DefaultCamelContext camel = camel(broker.brokers())) {
            broker.topics(1, "audit.checkpoints");
            new CheckpointTopic(camel.createProducerTemplate(), PROPERTIES).made(CHECKPOINT, "the note\n\n— x y\n");

            ConsumerRecord<byte[], byte[]> record =
                    TopicReader.read(broker.brokers(), "audit.checkpoints").getFirst();
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo("the note\n\n— x y\n");
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("example.com/drover?a=b&c");
        }
    }

    /** The next checkpoint is due in a minute. */
    @Test
    void doesNotWaitLongForBrokersThatAreAway() throws Exception {
        try (DefaultCamelContext camel = camel("127.0.0.1:1")) {
            CheckpointTopic topic = new CheckpointTopic(camel.createProducerTemplate(), PROPERTIES);
            long begun = System.nanoTime();

            assertThatThrownBy(() -> topic.made(CHECKPOINT, "note")).isInstanceOf(RuntimeException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
        }
    }

    private static DefaultCamelContext camel(String brokers) {
        DefaultCamelContext camel = new DefaultCamelContext();
        KafkaTriggerComponent component =
                new KafkaTriggerComponent(List.of(), null, null, null, null, Optional.empty());
        component.setCamelContext(camel);
        component.getConfiguration().setBrokers(brokers);
        camel.addComponent("kafka", component);
        camel.start();
        return camel;
    }
}
