package io.drover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.local.Servers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A Kafka trigger pauses while the backlog is full, and goes on where it stopped. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-api-kafka",
            "drover.role=trigger",
            "drover.queue.max-backlog=5"
        })
class KafkaPauseTest {

    private static final String TOPIC = Servers.newTopic("pause", 2);

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("camel.component.kafka.brokers", Servers::brokers);
        registry.add("test.topic", () -> TOPIC);
    }

    @Autowired
    JdbcClient jdbc;

    @Autowired
    CamelContext camel;

    @Autowired
    MeterRegistry meters;

    @LocalServerPort
    int port;

    @Test
    void pausesOverTheBacklogAndGoesOn() {
        ApiClient api = new ApiClient(port, "ada", "secret");
        await().untilAsserted(() -> assertThat(api.get("/health/ready").body()).contains("\"brokers\":1"));
        send(10);
        awaitTasks(10);
        await().until(() -> api.post("/api/tasks/none-such", "1").status() == 429);
        await().until(() -> camel.getRouteController().getRouteStatus("tickets") == ServiceStatus.Suspended);
        AtomicInteger sent = new AtomicInteger(10);
        AtomicInteger last = new AtomicInteger(-1);
        await().pollInterval(Duration.ofSeconds(2)).until(() -> {
            int now = tasks();
            boolean paused = last.getAndSet(now) == now; // the poll that was under way may bring one batch more
            if (!paused) {
                send(1);
                sent.incrementAndGet();
            }
            return paused;
        });
        int taken = last.get();
        assertThat(taken).isLessThan(sent.get());
        await().untilAsserted(() -> assertThat(meters.get("agent.kafka.lag")
                        .tags("trigger", "tickets", "topic", TOPIC)
                        .gauge()
                        .value())
                .isEqualTo(sent.get() - taken));

        jdbc.sql("delete from task").update();

        await().until(() -> tasks() == sent.get() - taken);
    }

    private void awaitTasks(int least) {
        await().until(() -> tasks() >= least);
    }

    private int tasks() {
        return jdbc.sql("select count(*) from task").query(Integer.class).single();
    }

    private static void send(int records) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(TOPIC, "{\"i\":%d}".formatted(i)));
            }
        }
    }
}
