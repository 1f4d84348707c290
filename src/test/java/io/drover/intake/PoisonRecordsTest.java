package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records from Kafka that are wrong in every way that came to mind, among good ones. */
class PoisonRecordsTest extends RecordsTestBase {

    @Test
    void goodOnesBecomeTasksAndBadOnesGoToTheDeadLetterTopicUntouched() {
        long seed = System.nanoTime();
        List<byte[]> bad = poison(new Random(seed));
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < bad.size(); i++) {
                producer.send(new ProducerRecord<>(POISON, null, bytes("bad" + i), bad.get(i)));
                producer.send(
                        new ProducerRecord<>(POISON, null, bytes("good" + i), bytes("{\"number\":%d}".formatted(i))));
            }
            producer.send(new ProducerRecord<>(
                    POISON, null, bytes("good0"), bytes("{\"number\":777}"))); // another input, same key
            ProducerRecord<byte[], byte[]> steering =
                    new ProducerRecord<>(POISON, null, bytes("steering"), bytes("{\"number\":1}"));
            for (String header : List.of("kafka.OFFSET", "kafka.POISON", "kafka.KEY", "KAFKA.topic", "CamelHttpUri")) {
                steering.headers().add(header, bytes("7"));
            }
            producer.send(steering);
        }

        await().untilAsserted(() -> assertThat(
                        jdbc.sql("select count(*) from task where status = 'COMPLETED' and submitted_by = 'poison'")
                                .query(Integer.class)
                                .single())
                .as("seed %d", seed)
                .isEqualTo(bad.size() + 1));
        assertThat(jdbc.sql("select key || ' ' || left(input::text, 80) from task where key like 'bad%'")
                        .query(String.class)
                        .list())
                .isEmpty();
        List<ConsumerRecord<byte[], byte[]>> letters = awaitLetters(POISON, bad.size() + 1);
        assertThat(heard.calls()).contains("DeadLetterListener.deadLettered");
        assertThat(payloads(letters.stream().map(ConsumerRecord::value).toList()))
                .containsAll(payloads(bad));
        assertThat(letters).allSatisfy(letter -> {
            assertThat(TopicReader.header(letter, "drover-reason")).isNotBlank();
            assertThat(TopicReader.header(letter, "drover-origin-topic")).isEqualTo(POISON);
            assertThat(TopicReader.header(letter, "drover-origin-offset")).matches("\\d+");
        });
        assertThat(jdbc.sql("select key from task where key like 'steer%'")
                        .query(String.class)
                        .list())
                .containsExactly("steering");
    }

    @Test
    void aRecordsHeadersDoNotSteerARoute() {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(MIRROR, null, bytes("k"), bytes("mirror me"));
            record.headers().add("kafka.OVERRIDE_POISON", bytes(POISON));
            producer.send(record);
        }

        await().untilAsserted(() ->
                assertThat(TopicReader.read(Servers.brokers(), MIRRORED)).hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void eachElementOfARecordsListIsATask(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, bytes("[{\"number\":1},{\"number\":2},{\"number\":1}]")));
        }

        await().untilAsserted(() -> assertThat(
                        jdbc.sql("select key || ' ' || (input->>'number') from task where key like :topic order by key")
                                .param("topic", topic + "/%")
                                .query(String.class)
                                .list())
                .containsExactly(topic + "/0/0/0 1", topic + "/0/0/1 2", topic + "/0/0/2 1"));
        assertThat(TopicReader.read(Servers.brokers(), topic + ".dlq")).isEmpty();
    }

    static List<String> lists() {
        return List.of(LISTS, SPLIT);
    }

    private static List<byte[]> poison(Random random) {
        List<byte[]> bad = new ArrayList<>();
        for (String text : List.of(
                "",
                " ",
                "{",
                "nul",
                "{\"number\":1}x",
                "{\"number\":1}{\"number\":2}",
                "{'number':1}",
                "{\"number\":}",
                "[1]",
                "null",
                "\"text\"",
                "1",
                "{\"number\":\"1\"}",
                "{\"number\":1.5}",
                "{\"number\":true}",
                "{\"number\":null}",
                "{\"number\":1,\"number\":2}",
                "{\"number\":1,\"x\":1}",
                "{\"number\":1e999999999}",
                "{\"number\":" + "9".repeat(5000) + "}",
                "{\"a\":".repeat(5000) + "1" + "}".repeat(5000),
                "[".repeat(100_000),
                "{\"number\":1,\"\\u0000\":1}",
                "{\"text\":\"\\u0000\"}",
                "{\"text\":\"\\ud800\"}",
                "{\"" + "9".repeat(3000) + "\":1,\"" + "9".repeat(3000) + "\":2}",
                "{\"" + "a@a.".repeat(10_000) + "\":1}",
                "{\"" + "1-".repeat(20_000) + "\":1,\"number\":\"" + "4111 ".repeat(20_000) + "\"}",
                "{\"number\":1e30000000}",
                "{\"number\":18446744073709551617.0}",
                "<xml/>",
                "%00",
                "\0\0\0")) {
            bad.add(bytes(text));
        }
        bad.add(bytes("{\"number\":1,\"text\":\"" + "x".repeat(900_000) + "\"}"));
        bad.add(new byte[] {(byte) 0xff, (byte) 0xfe, '{', '}'});
        bad.add(new byte[] {'"', (byte) 0xc3, '"'});
        while (bad.size() < 300) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            byte[] almost = bytes("{\"number\":%d}".formatted(random.nextInt(1000)));
            almost[random.nextInt(almost.length - 2)] = (byte) (128 + random.nextInt(128));
            bad.add(random.nextBoolean() ? noise : almost);
        }
        return bad;
    }

    private static Set<String> payloads(List<byte[]> records) {
        return records.stream()
                .map(record -> record == null ? "null" : HexFormat.of().formatHex(record))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
