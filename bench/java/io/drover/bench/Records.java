package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends records to the topic that the commands name. */
final class Records implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<String, String> producer;

    Records(JsonNode command) {
        this.topic = command.get("topic").asText();
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", command.get("brokers").asText(),
                        "acks", "all",
                        "batch.size", 65_536,
                        "buffer.memory", 64 << 20),
                new StringSerializer(),
                new StringSerializer());
    }

    void send(String key, String value) {
        producer.send(new ProducerRecord<>(topic, key, value));
    }

    @Override
    public void close() {
        producer.close();
    }
}
