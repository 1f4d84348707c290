package io.drover.telemetry;

import static io.drover.OtlpReceiver.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.OtlpReceiver;
import io.drover.TestDatabase;
import io.drover.journal.Mode;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The rule that decided about a call stands in its span and in the log, and the mode of a dry run in its attempt's span. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"otel.bsp.schedule.delay=50"})
class RuledTracesTest {

    private static final OtlpReceiver RECEIVER = new OtlpReceiver();

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) throws IOException {
        TestDatabase.ofTwoRoles(registry);
        Path routes = Files.createTempDirectory("ruled");
        Files.writeString(
                routes.resolve("look.camel.yaml"),
                "- route: { id: look, from: { uri: 'tool:look', parameters: { description: Looks, readOnlyHint: true },"
                        + " steps: [ { setBody: { constant: { expression: seen } } } ] } }");
        Files.writeString(
                routes.resolve("looks.camel.yaml"),
                "- route: { id: looks, from: { uri: 'task:looks', steps: [ { to: { uri: 'tool:look' } } ] } }");
        Files.writeString(
                routes.resolve("rules.yaml"),
                "rules: [ { id: looks-only, why: It only looks., tools: [look], then: permit } ]");
        registry.add("drover.routes.directory", routes::toString);
        registry.add("otel.exporter.otlp.endpoint", RECEIVER::url);
    }

    @Autowired
    TaskService tasks;

    @Test
    void spansAndLogNameTheRuleAndTheMode(CapturedOutput output) {
        UUID live = submit(Mode.LIVE);
        UUID dry = submit(Mode.DRY_RUN);

        await().untilAsserted(() -> {
            assertThat(RECEIVER.spans())
                    .filteredOn(span -> span.getName().equals("execute_tool look"))
                    .hasSize(2)
                    .allSatisfy(
                            span -> assertThat(attribute(span, "drover.rule")).matches("looks-only@[0-9a-f]{16}"));
            assertThat(attribute(attempt(dry), "drover.task.mode")).isEqualTo("dry-run");
            assertThat(attribute(attempt(live), "drover.task.mode")).isNotEqualTo("dry-run");
        });
        assertThat(output.toString())
                .contains("tool:look: rule looks-only permits it: It only looks. (permit by looks-only@");
    }

    private Span attempt(UUID task) {
        return RECEIVER.spans().stream()
                .filter(span -> span.getName().equals("invoke_workflow looks")
                        && task.toString().equals(attribute(span, "drover.task.id")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span of the attempt of " + task));
    }

    private UUID submit(Mode mode) {
        return tasks.submit(new Submit("looks", null, "{}", null, Duration.ZERO, "test").in(mode))
                .join()
                .id();
    }
}
