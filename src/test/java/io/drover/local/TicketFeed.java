package io.drover.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Puts sample tickets into a topic. Each line of {@code local/tickets.jsonl} is one record: its {@code key}, and its
 * payload as JSON ({@code value}), or where it is not JSON as {@code text} or {@code base64}.
 */
public final class TicketFeed {

    /** A record to be. */
    public record Ticket(String key, byte[] payload) {}

    private TicketFeed() {}

    /** The sample tickets. */
    public static List<Ticket> tickets() {
        try (InputStream file = TicketFeed.class.getResourceAsStream("/local/tickets.jsonl")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(TicketFeed::ticket)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ticket ticket(String line) {
        try {
            JsonNode node = Json.parse(line);
            byte[] payload = node.has("value")
                    ? Json.write(node.get("value")).getBytes(StandardCharsets.UTF_8)
                    : node.has("text")
                            ? node.get("text").textValue().getBytes(StandardCharsets.UTF_8)
                            : Base64.getDecoder().decode(node.get("base64").textValue());
            return new Ticket(node.get("key").textValue(), payload);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("local/tickets.jsonl: '%s' is not JSON".formatted(line), e);
        }
    }

    /** Sends them, and returns when Kafka has them all. */
    public static void send(String brokers, String topic, List<Ticket> tickets) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            tickets.forEach(ticket -> producer.send(new ProducerRecord<>(topic, ticket.key(), ticket.payload())));
            producer.flush();
        }
    }
}
