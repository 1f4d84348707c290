package io.drover.intake;

import io.drover.Effort;
import io.drover.OtherListeners;
import io.drover.OtherListeners.Heard;
import io.drover.TestDatabase;
import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One process with the triggers of {@code routes-poison}, for all tests of records. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = "drover.routes.directory=src/test/resources/routes-poison")
@Import({OtherListeners.class, RecordsTestBase.ShortPatience.class})
abstract class RecordsTestBase {

    static final String POISON = Servers.newTopic("poison", 3);
    static final String MIRROR = Servers.newTopic("mirror", 1);
    static final String MIRRORED = Servers.newTopic("mirrored", 1);
    static final String LISTS = Servers.newTopic("lists", 1);
    static final String SPLIT = Servers.newTopic("split", 1);
    static final String BINARY = Servers.newTopic("binary", 1);
    static final String ABORTED = Servers.newTopic("aborted", 1);
    static final String BARE = Servers.newTopic("bare", 1);
    static final String TWICE = Servers.newTopic("twice", 1);
    static final String TYPED = Servers.newTopic("typed", 1);
    static final String FIRST = Servers.newTopic("first", 1);
    static final String SECOND = Servers.newTopic("second", 1);
    static final String EXACT = Servers.newTopic("exact", 1);
    static final String FUZZ = Servers.newTopic("fuzz", 2);
    static final String OVERFLOW = Servers.newTopic("overflow", 1);
    static final String DYING = Servers.newTopic("dying", 1);
    static final String FENCED = Servers.newTopic("fenced", 1);
    static final String REPLIED = Servers.newTopic("replied", 1);
    static final String ADOPTED = Servers.newTopic("adopted", 1);

    /** Its dead letter topic takes no more than a kilobyte. */
    static final String TIGHT = "tight-" + System.nanoTime();

    /** Its dead letter topic cannot have a name: 249 characters are allowed. */
    static final String LONG_NAME = ("long-" + System.nanoTime() + "-" + "x".repeat(249)).substring(0, 247);

    /** Brokers that make no topics by themselves, and forbid what an ACL forbids. */
    static final StrictBrokers STRICT = new StrictBrokers();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("camel.component.kafka.brokers", Servers::brokers);
        registry.add("strict.brokers", STRICT::brokers);
        Map.ofEntries(
                        Map.entry("poison", POISON),
                        Map.entry("mirror", MIRROR),
                        Map.entry("mirrored", MIRRORED),
                        Map.entry("lists", LISTS),
                        Map.entry("split", SPLIT),
                        Map.entry("binary", BINARY),
                        Map.entry("aborted", ABORTED),
                        Map.entry("bare", BARE),
                        Map.entry("twice", TWICE),
                        Map.entry("typed", TYPED),
                        Map.entry("first", FIRST),
                        Map.entry("second", SECOND),
                        Map.entry("overflow", OVERFLOW),
                        Map.entry("dying", DYING),
                        Map.entry("replied", REPLIED),
                        Map.entry("adopted", ADOPTED),
                        Map.entry("fenced", FENCED),
                        Map.entry("exact", EXACT),
                        Map.entry("fuzz", FUZZ),
                        Map.entry("tight", TIGHT),
                        Map.entry("longname", LONG_NAME))
                .forEach((name, topic) -> registry.add(name + ".topic", () -> topic));
        prepare();
    }

    /** What an earlier release has left: two records of three are committed in the group of all triggers. */
    private static void prepare() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.brokers()));
                KafkaProducer<byte[], byte[]> producer = producer()) {
            admin.createTopics(List.of(
                            new NewTopic(TIGHT, 1, (short) 1),
                            new NewTopic(TIGHT + ".dlq", 1, (short) 1).configs(Map.of("max.message.bytes", "1000")),
                            new NewTopic(LONG_NAME, 1, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>(ADOPTED, bytes("adopted" + i), bytes("{}")));
            }
            producer.flush();
            admin.alterConsumerGroupOffsets("drover", Map.of(new TopicPartition(ADOPTED, 0), new OffsetAndMetadata(2)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** How long a dead letter topic is waited for: before a release as long as in production. */
    static final DeadLetterTopic.Patience PATIENT = new DeadLetterTopic.Patience(
            Duration.ofSeconds(Effort.of(6, 30)),
            Duration.ofMinutes(2),
            Duration.ofSeconds(Effort.of(2, 10)),
            Duration.ofSeconds(Effort.of(10, 60)));

    static class ShortPatience {

        @Bean
        DeadLetterTopic.Patience patience() {
            return PATIENT;
        }
    }

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Heard heard;

    List<String> keys(String trigger) {
        return jdbc.sql("select key from task where submitted_by = ? order by key")
                .param(trigger)
                .query(String.class)
                .list();
    }

    /**
     * Waits until the dead letter topic holds that many.
     * One poll may bring a bad record and a good one: then the good one's task is there before the letter.
     */
    static List<ConsumerRecord<byte[], byte[]>> awaitLetters(String topic, int count) {
        return Awaitility.await()
                .until(() -> TopicReader.read(Servers.brokers(), topic + ".dlq"), letters -> letters.size() == count);
    }

    /** @return the offset */
    static long send(String topic, byte[] key, byte[] payload) {
        return send(Servers.brokers(), topic, key, payload);
    }

    static long send(String brokers, String topic, byte[] key, byte[] payload) {
        try (KafkaProducer<byte[], byte[]> producer = producer(brokers)) {
            return producer.send(new ProducerRecord<>(topic, key, payload))
                    .get()
                    .offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    static KafkaProducer<byte[], byte[]> producer() {
        return producer(Servers.brokers());
    }

    static KafkaProducer<byte[], byte[]> producer(String brokers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A step that a record can bring down. */
    public static class Overflow {

        public void check(Exchange exchange) {
            if (exchange.getMessage().getBody(String.class).contains("overflow")) {
                throw new StackOverflowError("as a regular expression does");
            }
        }
    }

    /** A step that a record stops in, until the test lets it fail. */
    public static class Gate {

        static final CountDownLatch REACHED = new CountDownLatch(1);
        static final CountDownLatch OPEN = new CountDownLatch(1);

        public void check(Exchange exchange) throws InterruptedException {
            if (exchange.getMessage().getBody(String.class).contains("gate")) {
                REACHED.countDown();
                OPEN.await();
                throw new IllegalArgumentException("a bad record");
            }
        }
    }

    /** Holds up a consumer for longer than it may, as a database does that is away. */
    public static class Delay {

        static final CountDownLatch REACHED = new CountDownLatch(1);
        static final CountDownLatch OVER = new CountDownLatch(1);

        public void check(Exchange exchange) throws InterruptedException {
            if (exchange.getMessage().getBody(String.class).contains("bad")) {
                REACHED.countDown();
                OVER.await();
                throw new IllegalArgumentException("a bad record");
            }
        }
    }

    /** Ends the consumer's thread within the poll that brings the first record. */
    public static class Dying implements ConsumerInterceptor<byte[], byte[]> {

        static final AtomicInteger DEATHS = new AtomicInteger();

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            if (DEATHS.getAndIncrement() == 0) {
                throw new NoClassDefFoundError("as after an update of a library");
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }
}
