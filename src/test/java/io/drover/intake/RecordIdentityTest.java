package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A record is what it is: its position, key, headers and bytes, whatever steps and options make of them. */
class RecordIdentityTest extends RecordsTestBase {

    @Autowired
    CamelContext camel;

    /** The group's offset is set back, as after a restore: the record comes again, and its signal is heard once. */
    @Test
    void aRecordThatComesAgainIsTheSameSignal() throws Exception {
        UUID task = UUID.randomUUID();
        jdbc.sql(
                        "insert into task (id, workflow, status, input) values (?, 'hears-two', 'QUEUED', '{\"key\":\"K-1\"}')")
                .param(task)
                .update();
        send(REPLIED, bytes("K-1"), bytes("\"one\""));
        await().until(() -> jdbc.sql("select count(*) from pending_call where task_id = ? and signal_id is not null")
                        .param(task)
                        .query(Integer.class)
                        .single()
                == 1);

        camel.getRouteController().stopRoute("replied");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.brokers()))) {
            await().ignoreExceptions().until(() -> admin.alterConsumerGroupOffsets(
                            "drover-replied", Map.of(new TopicPartition(REPLIED, 0), new OffsetAndMetadata(0)))
                    .all()
                    .thenApply(done -> true)
                    .get());
        }
        camel.getRouteController().startRoute("replied");
        send(REPLIED, bytes("K-1"), bytes("\"two\""));

        await().untilAsserted(() -> assertThat(jdbc.sql("select output::text from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .optional())
                .contains("\"one two\""));
        assertThat(jdbc.sql("select body::text from signal where key = 'K-1' order by id")
                        .query(String.class)
                        .list())
                .containsExactly("\"one\"", "\"two\"");
    }

    @Test
    void keysOfDifferentBytesAreDifferentTasks() {
        List<byte[]> keys = List.of(
                new byte[] {(byte) 0xa1},
                new byte[] {(byte) 0xb2},
                ByteBuffer.allocate(8).putLong(42).array(),
                ByteBuffer.allocate(4).putInt(7).array(),
                bytes("kafka-bytes:oQ"),
                bytes("Zoë \ufffd"),
                bytes("plain"));
        for (byte[] key : keys) {
            send(BINARY, key, bytes("{\"n\":1}"));
        }

        await().untilAsserted(() -> assertThat(keys("binary-keys"))
                .containsExactlyInAnyOrder(
                        "kafka-bytes:oQ",
                        "kafka-bytes:sg",
                        "kafka-bytes:AAAAAAAAACo",
                        "kafka-bytes:AAAABw",
                        "kafka-bytes:a2Fma2EtYnl0ZXM6b1E",
                        "Zoë \ufffd",
                        "plain"));
        assertThat(TopicReader.read(Servers.brokers(), BINARY + ".dlq")).isEmpty();
    }

    @Test
    void stepsDoNotReachTheKeyOrThePosition() {
        send(BARE, bytes("kept"), bytes("{}"));
        send(BARE, null, bytes("{}"));

        await().untilAsserted(() -> assertThat(keys("bare")).containsExactlyInAnyOrder("kept", BARE + "/0/1"));
    }

    @Test
    void twoStepsOfOneRecordAreTwoTasks() {
        send(TWICE, bytes("k"), bytes("{}"));

        await().untilAsserted(() -> assertThat(keys("twice")).containsExactly(TWICE + "/0/0", TWICE + "/0/0#2"));
        assertThat(jdbc.sql("select input->>'step' from task where submitted_by = 'twice' order by key")
                        .query(String.class)
                        .list())
                .containsExactly("1", "2");
        assertThat(TopicReader.read(Servers.brokers(), TWICE + ".dlq")).isEmpty();
    }

    @Test
    void aKeyThatItsDeserializerRefusesIsADeadLetterAndNoTask() {
        byte[] wrong = {1, 2, 3};
        send(TYPED, wrong, bytes("{\"n\":1}"));
        send(TYPED, new byte[] {0, 0, 0, 7}, bytes("{\"n\":2}"));

        await().untilAsserted(() -> assertThat(keys("typed")).containsExactly("7"));
        List<ConsumerRecord<byte[], byte[]>> letters = awaitLetters(TYPED, 1);
        assertThat(letters.get(0).key()).isEqualTo(wrong);
        assertThat(letters.get(0).value()).isEqualTo(bytes("{\"n\":1}"));
    }

    @Test
    void aBlankBetweenTopicsIsNoPartOfTheirNames() {
        send(FIRST, bytes("first"), bytes("{}"));
        send(SECOND, bytes("second"), bytes("{}"));

        await().untilAsserted(() -> assertThat(keys("two-topics")).containsExactly("first", "second"));
    }

    @Test
    void aDeadLetterIsTheRecordByteForByte() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                EXACT, 0, 1_700_000_000_000L, new byte[] {(byte) 0xff, 0, 1}, new byte[] {(byte) 0xfe, 7});
        List<String> names = List.of("a", "a", "kafka.KEY", "CamelHttpUri", "traceparent", "binary");
        for (int i = 0; i < names.size(); i++) {
            record.headers().add(names.get(i), new byte[] {(byte) i, (byte) 0x80});
        }
        record.headers().add("none", null);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(record);
            producer.send(new ProducerRecord<>(EXACT, 0, new byte[] {(byte) 0xff, 0, 2}, null));
        }

        await().untilAsserted(() -> assertThat(letter((byte) 2)).isNotNull());
        ConsumerRecord<byte[], byte[]> letter = letter((byte) 1);
        assertThat(letter.value()).isEqualTo(record.value());
        assertThat(Arrays.copyOf(letter.headers().toArray(), names.size() + 1))
                .isEqualTo(record.headers().toArray());
        assertThat(TopicReader.header(letter, "drover-origin-timestamp")).isEqualTo("1700000000000");
        assertThat(letter((byte) 2).value()).isNull();
    }

    private static ConsumerRecord<byte[], byte[]> letter(byte last) {
        byte[] key = {(byte) 0xff, 0, last};
        return TopicReader.read(Servers.brokers(), EXACT + ".dlq").stream()
                .filter(letter -> Arrays.equals(letter.key(), key))
                .findFirst()
                .orElse(null);
    }
}
