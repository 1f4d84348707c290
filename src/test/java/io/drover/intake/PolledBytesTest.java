package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.local.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of some hundred kilobytes that hold hundreds of megabytes, against a broker. */
class PolledBytesTest {

    private static final int RECORDS = 300;
    private static final int LENGTH = 900 << 10;

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void aPollBringsSoManyBytesAndTheNextReadsOn(String compression) throws Exception {
        String topic = topic("inflated-" + compression, 2, Map.of("max.message.bytes", "67108864"));
        send(topic, compression);

        List<String> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.subscribe(List.of(topic));
            await().until(() -> {
                PolledBytes.reset(); // on the thread that polls
                long bytes = 0;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    bytes += record.value().length;
                    read.add(new String(record.key(), StandardCharsets.UTF_8));
                }
                assertThat(bytes).isLessThanOrEqualTo(PolledBytes.MOST);
                return read.size() >= RECORDS;
            });
        }

        assertThat((long) RECORDS * LENGTH).isGreaterThan(2 * PolledBytes.MOST);
        assertThat(read).doesNotHaveDuplicates().hasSize(RECORDS);
    }

    /** A client inflates a record whole before anybody can look at it; what docs/triggers.md says of the topic bounds it. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void aTopicThatKeepsRecordsUncompressedTakesNoneThatInflatesBeyondItsLimit(String compression) throws Exception {
        String topic = topic(
                "bounded-" + compression,
                1,
                Map.of("compression.type", "uncompressed", "max.message.bytes", "1000000"));
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                Servers.brokers(),
                "compression.type",
                compression,
                "max.request.size",
                64 << 20,
                "buffer.memory",
                128L << 20);
        byte[] bomb = new byte[15 << 20]; // less than a megabyte when it is compressed
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            Future<?> sent = producer.send(new ProducerRecord<>(topic, bomb));

            assertThatThrownBy(sent::get).hasCauseInstanceOf(RecordTooLargeException.class);

            producer.send(new ProducerRecord<>(topic, new byte[900_000])).get();
        }
    }

    @org.junit.jupiter.api.Test
    void aRecordThatIsLongerThanAPollComesAlone() {
        PolledBytes values = new PolledBytes();
        PolledBytes.reset();

        assertThat(values.deserialize("topic", new byte[(int) PolledBytes.MOST + 1]))
                .isNotEmpty();
        assertThatThrownBy(() -> values.deserialize("topic", new byte[1]))
                .hasMessageContaining("the record comes with the next");
    }

    private static String topic(String prefix, int partitions, Map<String, String> settings) throws Exception {
        String name = prefix + "-" + System.nanoTime();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.brokers()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
        return name;
    }

    private static void send(String topic, String compression) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                Servers.brokers(),
                "compression.type",
                compression,
                "batch.size",
                64 << 20,
                "max.request.size",
                64 << 20,
                "buffer.memory",
                128L << 20,
                "linger.ms",
                50);
        byte[] value = "a".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII);
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] key = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
                sent.add(producer.send(new ProducerRecord<>(topic, key, value)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                Servers.brokers(),
                "group.id",
                "inflated",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                2000,
                "key.deserializer",
                PolledBytes.class.getName(),
                "value.deserializer",
                PolledBytes.class.getName()));
    }
}
