package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.api.ApiTestBase;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Metrics and health of the running process. */
class TelemetryTest extends ApiTestBase {

    @Test
    void countsTasksAndCallsUnderTheFixedNames() {
        operator().post("/api/tasks/greet", "{\"name\":\"Ada\"}", "Prefer", "wait=20");
        operator().post("/api/tasks/doomed", "{}", "Prefer", "wait=20");
        operator().post("/api/tasks/greet?delay=1h", "{\"name\":\"Ada\"}");

        await().untilAsserted(() -> assertThat(operator().get("/metrics").body())
                .containsPattern(
                        "agent_tasks_started_total\\{mode=\"live\",track=\"stable\",version=\"1\",workflow=\"greet\"} [1-9]")
                .containsPattern(
                        "agent_tasks_completed_total\\{mode=\"live\",track=\"stable\",version=\"1\",workflow=\"greet\"} [1-9]")
                .containsPattern(
                        "agent_tasks_failed_total\\{error_type=\"IllegalArgument\",mode=\"live\",track=\"stable\",version=\"1\",workflow=\"doomed\"}"
                                + " [1-9]")
                .containsPattern(
                        "agent_task_duration_seconds_bucket\\{mode=\"live\",track=\"stable\",version=\"1\",workflow=\"greet\",le=\"\\+Inf\"} [1-9]")
                .containsPattern(
                        "agent_tool_calls_total\\{mode=\"live\",outcome=\"succeeded\",tool=\"echo\",track=\"stable\"} [1-9]")
                .containsPattern("agent_tool_call_latency_ms_bucket\\{tool=\"echo\",track=\"stable\",le=\"50.0\"} ")
                .containsPattern("agent_retries_total\\{mode=\"live\",tool=\"echo\",track=\"stable\"} 0.0")
                .containsPattern("agent_queue_depth\\{status=\"QUEUED\",track=\"stable\",workflow=\"greet\"} 0.0")
                .containsPattern("agent_queue_depth\\{status=\"WAITING\",track=\"stable\",workflow=\"greet\"} [1-9]")
                .containsPattern("agent_queue_oldest_age_seconds\\{track=\"stable\",workflow=\"greet\"} 0.0")
                .containsPattern("agent_tasks_in_flight\\{track=\"stable\"} 0.0"));
    }

    @Test
    void countersOfWhatIsLoadedBeginAtZero() {
        await().untilAsserted(
                        () -> assertThat(operator().get("/metrics").body())
                                .containsPattern(
                                        "agent_tasks_completed_total\\{mode=\"live\",track=\"stable\",version=\"1\",workflow=\"anything\"} \\d")
                                .containsPattern(
                                        "agent_tasks_failed_total\\{error_type=\"WorkerLost\",mode=\"live\",track=\"stable\",version=\"1\",workflow=\"anything\"}"
                                                + " 0.0")
                                .containsPattern(
                                        "agent_task_duration_seconds_count\\{mode=\"live\",track=\"stable\",version=\"1\",workflow=\"anything\"} \\d")
                                .containsPattern(
                                        "agent_tool_calls_total\\{mode=\"live\",outcome=\"cached\",tool=\"risky\",track=\"stable\"} 0.0"));
    }

    @Test
    void namesTaskStepAndToolInTheLineOfAFailedAttempt() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger attempts = (Logger) LoggerFactory.getLogger("io.drover.attempts");
        lines.start();
        attempts.addAppender(lines);
        try {
            String id = operator()
                    .post("/api/tasks/misused", "{}", "Prefer", "wait=20")
                    .json()
                    .get("id")
                    .asText();

            JsonNode line = await().until(
                            () -> lines.list.stream()
                                    .map(event -> json(new JsonLogFormat().format(event)))
                                    .filter(json ->
                                            json.path("task_id").asText().equals(id))
                                    .findFirst(),
                            Optional::isPresent)
                    .get();
            assertThat(line.path("workflow").asText()).isEqualTo("misused");
            assertThat(line.path("step_name").asText()).isEqualTo("say-nothing");
            assertThat(line.path("tool_name").asText()).isEqualTo("echo");
            assertThat(line.path("error_type").asText()).isNotEmpty();
            assertThat(line.path("error_message").asText()).contains("text");
        } finally {
            attempts.detachAppender(lines);
        }
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(line, e);
        }
    }

    @Test
    void showsHealthToTheProbesAndDetailsToUsers() {
        assertThat(nobody().get("/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
        await().until(() -> nobody().get("/health/ready").status() == 200);
        assertThat(nobody().get("/health/ready").body())
                .isEqualTo(
                        "{\"status\":\"UP\",\"components\":{\"dataSources\":{\"status\":\"UP\"},\"database\":{\"status\":\"UP\"},\"encryption\":{\"status\":\"UP\"},\"kafka\":{\"status\":\"UP\"},\"mcp\":{\"status\":\"UP\"},\"routes\":{\"status\":\"UP\"}}}");
        assertThat(viewer().get("/health/ready").body())
                .contains("no trigger reads from Kafka")
                .contains("\"default\":\"not used yet\"");
    }
}
