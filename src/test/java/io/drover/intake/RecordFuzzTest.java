package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Random records: each is one task or one dead letter, which is the record byte for byte. {@code -Dfuzz.seconds=N} */
class RecordFuzzTest extends RecordsTestBase {

    private static final int ROUND = 500;

    private record Sent(int partition, long offset, String content) {}

    @Test
    void eachRecordIsOneTaskOrOneDeadLetter() throws Exception {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println("fuzz.seed=" + seed);
        Random random = new Random(seed);
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("fuzz.seconds", 10)).toNanos();
        List<Sent> all = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            do {
                for (int i = 0; i < ROUND; i++) {
                    ProducerRecord<byte[], byte[]> record = random(random, all.size());
                    var metadata = producer.send(record).get();
                    all.add(new Sent(
                            metadata.partition(),
                            metadata.offset(),
                            content(
                                    record.key(),
                                    record.value(),
                                    record.headers().toArray())));
                }
            } while (System.nanoTime() < end);
        }

        await().atMost(Duration.ofSeconds(120))
                .untilAsserted(() -> assertThat(tasks() + letters().size())
                        .as("fuzz.seed=%d", seed)
                        .isGreaterThanOrEqualTo(all.size()));
        assertThat(tasks() + letters().size()).as("fuzz.seed=%d", seed).isEqualTo(all.size());
        List<String> wrong = new ArrayList<>();
        TreeSet<String> positions = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : letters()) {
            int partition = Integer.parseInt(TopicReader.header(letter, "drover-origin-partition"));
            long offset = Long.parseLong(TopicReader.header(letter, "drover-origin-offset"));
            Header[] headers = letter.headers().toArray();
            Header[] own = Arrays.copyOf(headers, headers.length - 6);
            Sent is = new Sent(partition, offset, content(letter.key(), letter.value(), own));
            if (!all.contains(is) || !positions.add(partition + "/" + offset)) {
                wrong.add(is.toString());
            }
        }
        assertThat(wrong).as("fuzz.seed=%d", seed).isEmpty();
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
