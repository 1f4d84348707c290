package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A record that cannot become a task, while the name of the trigger's own brokers does not resolve. */
class DeadLettersTest {

    private static final String NAME = "kafka.test";
    private static final String TOPIC = Servers.newTopic("unresolved", 1);

    @TempDir
    Path directory;

    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));

    @Test
    void comesAgainUntilTheDeadLetterTopicHasIt() throws Exception {
        Path routes = Files.createDirectory(directory.resolve("routes"));
        Files.writeString(
                routes.resolve("keep.camel.yaml"),
                """
                - route:
                    id: keep
                    from: { uri: "task:keep", parameters: { inputSchema: '{"type": "object"}' }, steps: [ { log: { message: kept } } ] }
                """);
        Files.writeString(
                routes.resolve("own-brokers.camel.yaml"),
                """
                - route:
                    id: own-brokers
                    from: { uri: "kafka:%s", parameters: { brokers: "%s" }, steps: [ { to: { uri: "task:keep" } } ] }
                """
                        .formatted(TOPIC, Servers.brokers().replace("127.0.0.1", NAME)));

        try (DroverProcess process = start(routes)) {
            send("{}");
            awaitTasks(1);
            hosts("");
            send("no JSON");
            await().until(() -> process.log().split("dlq does not accept a record", -1).length > 3);
            send("{}");
            assertThat(committed()).isLessThanOrEqualTo(1);
            process.signal("TERM");
            process.awaitDeath();
        }
        assertThat(committed()).isLessThanOrEqualTo(1);

        try (DroverProcess process = start(routes)) {
            awaitTasks(2);
            await().untilAsserted(() -> assertThat(TopicReader.read(Servers.brokers(), TOPIC + ".dlq"))
                    .as(process.log())
                    .hasSize(1));
            await().until(() -> committed() == 3);
        }
    }

    private DroverProcess start(Path routes) throws IOException {
        hosts("127.0.0.1 " + NAME);
        String options = "-Djdk.net.hosts.file=%s -Dsun.net.inetaddr.ttl=0".formatted(directory.resolve("hosts"));
        return DroverProcess.start(Map.of("JAVA_TOOL_OPTIONS", options), jdbcUrl, "--drover.routes.directory=" + routes)
                .awaitClaiming();
    }

    private void hosts(String line) throws IOException {
        Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost %s\n%s\n".formatted(machine(), line));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return ""; // then nothing on this machine needs its name
        }
    }

    private void awaitTasks(int n) {
        await().until(() ->
                jdbc.sql("select count(*) from task").query(Integer.class).single() == n);
    }

    /** The offset from which a new process would read. */
    private static long committed() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.brokers()))) {
            var offset = admin.listConsumerGroupOffsets("drover-own-brokers")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(TOPIC, 0));
            return offset == null ? 0 : offset.offset();
        }
    }

    private static void send(String value) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value));
        }
    }
}
