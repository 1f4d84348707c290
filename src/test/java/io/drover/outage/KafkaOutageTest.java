package io.drover.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.local.EmbeddedKafkaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Kafka stops and starts under a trigger and a tool: every record becomes one task, and every task ends. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "drover.routes.directory=src/test/resources/routes-outage")
@DirtiesContext
class KafkaOutageTest {

    private static final Path DATA = temporary();
    private static final int PORT = EmbeddedKafkaServer.freePort();
    private static final int CONTROLLER_PORT = EmbeddedKafkaServer.freePort();
    private static EmbeddedKafkaServer kafka = start();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        kafka.topics(2, "outage-orders", "outage-orders.dlq", "outage-announcements");
        String url = TestDatabase.create();
        registry.add("spring.datasource.url", () -> url);
        registry.add("camel.component.kafka.brokers", kafka::brokers);
    }

    @Autowired
    JdbcClient jdbc;

    @LocalServerPort
    int port;

    @Test
    void everyRecordBecomesOneTaskAndEveryTaskEnds() {
        send(0, 100);
        await().atMost(Duration.ofSeconds(30)).until(() -> count("select count(*) from task") > 20);

        awaitReadiness(200);
        kafka.close();
        String told = awaitReadiness(503);
        assertThat(told).contains("the brokers do not answer");
        kafka = start();
        send(100, 200);

        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(count("select count(*) from task where status = 'COMPLETED'"))
                        .isEqualTo(200));
        assertThat(count("select count(distinct input->>'number') from task")).isEqualTo(200);
        assertThat(count("select count(*) from task")).isEqualTo(200);
        awaitReadiness(200);
    }

    private String awaitReadiness(int status) {
        ApiClient api = new ApiClient(port, "ada", "secret");
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> api.get("/health/ready"), answer -> answer.status() == status)
                .body();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static void send(int from, int to) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.brokers()), new StringSerializer(), new StringSerializer())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>("outage-orders", null, "{\"number\":%d}".formatted(i)));
            }
        }
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }

    private static EmbeddedKafkaServer start() {
        return EmbeddedKafkaServer.keptIn(DATA, PORT, CONTROLLER_PORT);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("drover-outage");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
