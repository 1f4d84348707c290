package io.drover.intake;

import io.drover.audit.AuditProperties;
import io.drover.audit.Checkpoint;
import io.drover.audit.CheckpointListener;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaConstants;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Sends checkpoints of the audit log to a Kafka topic, where the log's database does not reach. One that cannot be sent is a line
 * of the process's log; the next one stands for it, too.
 */
@Component
@ConditionalOnProperty("drover.audit.topic")
class CheckpointTopic implements CheckpointListener {

    /** The checkpoints wait for this, and so does the next one: it is due in a minute. */
    private static final String PATIENCE =
            "?clientId=drover-audit&maxBlockMs=5000&requestTimeoutMs=10000&additionalProperties.delivery.timeout.ms=20000";

    private final ProducerTemplate producer;
    private final String uri;
    private final String origin;

    CheckpointTopic(ProducerTemplate producer, AuditProperties properties) {
        this.producer = producer;
        this.uri = "kafka:" + properties.topic() + PATIENCE;
        this.origin = properties.origin();
    }

    @Override
    public void made(Checkpoint checkpoint, String note) {
        producer.sendBodyAndHeader(uri, note, KafkaConstants.KEY, origin);
    }
}
