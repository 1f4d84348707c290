package io.drover.telemetry;

import static io.drover.OtlpReceiver.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.OtlpReceiver;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.local.Servers;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A trace begins where the work does: with a request or a record, and whoever sent it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-api-kafka",
            "otel.bsp.schedule.delay=50",
            "drover.console.trace-url=https://traces.example.com/trace/{traceId}"
        })
class TracesTest {

    private static final String TOPIC = Servers.newTopic("traces", 1);
    private static final OtlpReceiver RECEIVER = new OtlpReceiver();
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("camel.component.kafka.brokers", Servers::brokers);
        registry.add("test.topic", () -> TOPIC);
        registry.add("otel.exporter.otlp.endpoint", RECEIVER::url);
    }

    @LocalServerPort
    int port;

    @Test
    void goesOnFromARequestToTheAttempt() {
        ApiClient api = new ApiClient(port, "ada", "secret");

        ApiClient.Answer answer = api.post(
                "/api/tasks/anything",
                "{}",
                "traceparent",
                "00-%s-%s-01".formatted(TRACE, SENDER),
                "Prefer",
                "wait=20");
        UUID task = UUID.fromString(answer.json().get("id").asText());

        Span request = span("POST /api/tasks/{workflow}", TRACE);
        Span submit = span("submit anything", TRACE);
        Span attempt = span("invoke_workflow anything", TRACE);
        assertThat(hex(request.getParentSpanId().toByteArray())).isEqualTo(SENDER);
        assertThat(attribute(request, "http.response.status_code")).isEqualTo("200");
        assertThat(submit.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(attempt.getParentSpanId()).isEqualTo(submit.getSpanId());
        assertThat(attribute(attempt, "drover.task.id")).isEqualTo(task.toString());
        assertThat(api.get("/api/tasks/" + task).json().path("traceId").asText())
                .isEqualTo(TRACE);
        assertThat(api.get("/console/tasks/" + task).body())
                .contains("href=\"https://traces.example.com/trace/%s\"".formatted(TRACE));
    }

    @Test
    void goesOnFromARecordToTheAttempt() {
        String trace = TRACE.replace('0', '1');
        ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, "traced", "{\"traced\":true}");
        record.headers()
                .add("traceparent", "00-%s-%s-01".formatted(trace, SENDER).getBytes(StandardCharsets.UTF_8));
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(record);
        }

        Span attempt = span("invoke_workflow anything", trace);

        List<String> names = RECEIVER.spans().stream()
                .filter(span -> hex(span.getTraceId().toByteArray()).equals(trace))
                .map(Span::getName)
                .toList();
        assertThat(names).contains("submit anything", "queue anything");
        assertThat(attribute(attempt, "drover.task.attempt")).isEqualTo("1");
    }

    @Test
    void sendsNothingOfProbesAndScrapes() {
        ApiClient api = new ApiClient(port, "ada", "secret");
        api.get("/health/live");
        api.get("/metrics");
        api.get("/api/tools");

        await().until(() ->
                RECEIVER.spans().stream().anyMatch(span -> span.getName().equals("GET /api/tools")));
        assertThat(RECEIVER.spans())
                .noneMatch(span ->
                        span.getName().contains("health") || span.getName().equals("GET"));
    }

    private static Span span(String name, String trace) {
        return await().until(
                        () -> RECEIVER.spans().stream()
                                .filter(span -> span.getName().equals(name)
                                        && hex(span.getTraceId().toByteArray()).equals(trace))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
