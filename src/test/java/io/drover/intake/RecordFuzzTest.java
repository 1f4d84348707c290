package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Fuzz;
import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Random records: each is one task or one dead letter, which is the record byte for byte. */
class RecordFuzzTest extends RecordsTestBase {

    private static final int ROUND = 500;

    private record Sent(int partition, long offset, String content) {}

    private final Set<Sent> all = new HashSet<>();
    private final Set<String> positions = new HashSet<>();

    @Test
    void eachRecordIsOneTaskOrOneDeadLetter() {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            Fuzz.run("records", 1, random -> {
                send(producer, random);

                await().until(() -> tasks() + letters().size() >= all.size());
                assertThat(tasks() + letters().size()).isEqualTo(all.size());
                positions.clear();
                assertThat(letters().stream().filter(letter -> !isOneOfOurs(letter)))
                        .isEmpty();
            });
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, Random random) throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<Future<RecordMetadata>> places = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            records.add(random(random, all.size() + i));
            places.add(producer.send(records.getLast()));
        }
        for (int i = 0; i < ROUND; i++) {
            ProducerRecord<byte[], byte[]> record = records.get(i);
            RecordMetadata place = places.get(i).get();
            String content =
                    content(record.key(), record.value(), record.headers().toArray());
            all.add(new Sent(place.partition(), place.offset(), content));
        }
    }

    private boolean isOneOfOurs(ConsumerRecord<byte[], byte[]> letter) {
        int partition = Integer.parseInt(TopicReader.header(letter, "drover-origin-partition"));
        long offset = Long.parseLong(TopicReader.header(letter, "drover-origin-offset"));
        Header[] headers = letter.headers().toArray();
        Header[] own = Arrays.copyOf(headers, headers.length - 6);
        return all.contains(new Sent(partition, offset, content(letter.key(), letter.value(), own)))
                && positions.add(partition + "/" + offset);
    }

    private int tasks() {
        return jdbc.sql("select count(*) from task where submitted_by = 'fuzz'")
                .query(Integer.class)
                .single();
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters() {
        return TopicReader.read(Servers.brokers(), FUZZ + ".dlq");
    }

    /** Keys differ from each other: equal ones would be one task. */
    private static ProducerRecord<byte[], byte[]> random(Random random, int n) {
        byte[] key = bytes(n + "-");
        if (random.nextBoolean()) {
            byte[] noise = noise(random, 20);
            byte[] whole = Arrays.copyOf(key, key.length + noise.length);
            System.arraycopy(noise, 0, whole, key.length, noise.length);
            key = whole;
        }
        byte[] payload =
                switch (random.nextInt(5)) {
                    case 0 -> noise(random, 300);
                    case 1 -> bytes("{\"n\":%d,\"text\":\"%s\"}".formatted(n, "9".repeat(random.nextInt(8000))));
                    case 2 -> bytes("{\"%1$s\":1,\"%1$s\":2}".formatted("9".repeat(1 + random.nextInt(6000))));
                    case 3 -> null;
                    default -> bytes("[".repeat(random.nextInt(3000)) + random.nextLong());
                };
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(FUZZ, random.nextInt(2), random.nextInt(20) == 0 ? null : key, payload);
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = List.of("a", "kafka.KEY", "kafka.OFFSET", "CamelSplitIndex", "traceparent", "", "é")
                    .get(random.nextInt(7));
            record.headers().add(name, random.nextInt(4) == 0 ? null : noise(random, 50));
        }
        return record;
    }

    private static byte[] noise(Random random, int most) {
        byte[] noise = new byte[random.nextInt(most)];
        random.nextBytes(noise);
        return noise;
    }

    private static String content(byte[] key, byte[] value, Header[] headers) {
        StringBuilder content = new StringBuilder(hex(key) + "|" + hex(value));
        for (Header header : headers) {
            content.append('|').append(header.key()).append('=').append(hex(header.value()));
        }
        return content.toString();
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
    }
}
