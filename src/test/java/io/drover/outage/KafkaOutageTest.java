package io.drover.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.local.EmbeddedKafkaServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * Kafka is away at the start, comes, stops and starts under a trigger and a tool: the process is ready all the time, every
 * record becomes one task, and every task ends.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "drover.routes.directory=src/test/resources/routes-outage")
@DirtiesContext
class KafkaOutageTest {

    private static final Path DATA = temporary();
    private static final int PORT = FreePort.next();
    private static final int CONTROLLER_PORT = FreePort.next();
    private static EmbeddedKafkaServer kafka = start();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        kafka.topics(2, "outage-orders", "outage-orders.dlq", "outage-announcements");
        kafka.close();
        TestDatabase.ofTwoRoles(registry);
        registry.add("camel.component.kafka.brokers", kafka::brokers);
    }

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    @LocalServerPort
    int port;

    @Test
    void everyRecordBecomesOneTaskAndEveryTaskEnds() {
        assertThat(awaitReadiness("DEGRADED")).contains("the brokers do not answer");
        assertThat(api().post("/api/tasks/kept", "{\"number\":0}").status()).isEqualTo(202);
        assertThat(meters.get("agent.kafka.away").gauge().value()).isEqualTo(1);
        kafka = start();
        send(0, 100);
        await().until(() -> count("select count(*) from task where workflow = 'order'") > 20);

        awaitReadiness("UP");
        kafka.close();
        awaitReadiness("DEGRADED");
        kafka = start();
        send(100, 200);

        await().untilAsserted(() -> assertThat(
                        count("select count(*) from task where workflow = 'order' and status = 'COMPLETED'"))
                .isEqualTo(200));
        assertThat(count("select count(distinct input->>'number') from task where workflow = 'order'"))
                .isEqualTo(200);
        assertThat(count("select count(*) from task where workflow = 'order'")).isEqualTo(200);
        awaitReadiness("UP");
    }

    /** The process is ready whatever the state of Kafka. */
    private String awaitReadiness(String kafka) {
        return await().until(
                        () -> {
                            ApiClient.Answer answer = api().get("/health/ready");
                            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                            return answer.body();
                        },
                        body -> body.contains("\"kafka\":{\"status\":\"%s\"".formatted(kafka)));
    }

    private ApiClient api() {
        return new ApiClient(port, "ada", "secret");
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
