package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.drover.api.ApiClient;
import io.drover.api.ApiTestBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What stands in the log, and what does not. */
class LogsTest extends ApiTestBase {

    private static final List<String> SECRETS = List.of(
            "hunter2-s3cret", "ada@mail.example", "sk-live-abcdefghijklmnop", "4111 1111 1111 1111", "+47 22 33 44 55");

    private static final String INPUT =
            "{\"name\":\"password: hunter2-s3cret\",\"mail\":\"ada@mail.example\",\"key\":\"sk-live-abcdefghijklmnop\",\"card\":\"4111 1111 1111 1111\",\"phone\":\"+47 22 33 44 55\"}";

    private final Lines lines = new Lines();

    /** The log as it leaves the process. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final JsonLogFormat format = new JsonLogFormat();
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(format.format(event));
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        root().addAppender(lines);
    }

    @AfterEach
    void stop() {
        root().detachAppender(lines);
    }

    @Test
    void holdsNoSecretAndNoPayload() {
        for (String workflow : List.of("greet", "doomed", "doubtful", "misused", "anything", "leaky")) {
            operator().post("/api/tasks/" + workflow, INPUT, "Prefer", "wait=10", "Idempotency-Key", "k-" + workflow);
        }
        operator().post("/api/tasks/greet", INPUT.replace("\"name\":", "name hunter2-s3cret:"));
        operator().post("/api/tasks/greet", "{\"name\":" + "sk-live-abcdefghijklmnop" + "}");
        operator().post("/hooks/anything", INPUT);
        new ApiClient(port(), "ada", "hunter2-s3cret").get("/api/tasks");

        for (String workflow : List.of("doomed", "doubtful", "misused", "leaky")) {
            await().untilAsserted(() -> assertThat(lines.lines)
                    .anyMatch(line ->
                            line.contains("\"workflow\":\"" + workflow + "\"") && line.contains("\"error_type\"")));
        }
        assertThat(lines.lines).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }

    @Test
    void keepsTheIdsOfTasksReadable() {
        LoggerFactory.getLogger(LogsTest.class).warn("task 01a20912-0000-7777-9999-123456789012 of w: attempt 1 ended");

        assertThat(lines.lines).anyMatch(line -> line.contains("01a20912-0000-7777-9999-123456789012"));
    }

    @Test
    void anOperatorChangesTheLevelWhileTheProcessRuns() {
        String quiet = "{\"configuredLevel\":\"WARN\"}";
        assertThat(viewer().post("/loggers/io.drover.attempts", quiet).status()).isEqualTo(403);
        assertThat(operator().post("/loggers/io.drover.attempts", quiet).status())
                .isEqualTo(204);
        assertThat(viewer().get("/loggers/io.drover.attempts")
                        .json()
                        .path("effectiveLevel")
                        .asText())
                .isEqualTo("WARN");
        assertThat(operator().post("/loggers/io.drover.attempts", "{}").status())
                .isEqualTo(204);
        List<String> recorded = new ArrayList<>();
        viewer().get("/api/audit?what=log-level")
                .json()
                .path("entries")
                .forEach(entry -> recorded.add("%s %s %s"
                        .formatted(
                                entry.path("actor").asText(),
                                entry.path("detail").path("logger").asText(),
                                entry.path("detail").path("level").asText())));
        assertThat(recorded.stream().filter(line -> line.contains("io.drover.attempts")))
                .containsExactly("ada io.drover.attempts inherited", "ada io.drover.attempts WARN");
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
