package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.agent.AgentListener;
import io.drover.agent.AgentStoppedException.Reason;
import io.drover.api.ApiClient;
import io.drover.egress.EgressListener;
import io.drover.evaluation.EvaluationListener;
import io.drover.evaluation.EvaluationState;
import io.drover.guard.ToolCallListener;
import io.drover.intake.DeadLetterListener;
import io.drover.jobs.JobListener;
import io.drover.journal.Mode;
import io.drover.journal.TaskStatus;
import io.drover.journal.WorkflowVersion;
import io.drover.local.Servers;
import io.drover.model.ModelListener;
import io.drover.model.Usage;
import io.drover.task.RetentionListener;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** {@code docs/metrics.md} and {@code /metrics} say the same. */
@AutoConfigureObservability(tracing = false)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "drover.routes.directory=src/test/resources/routes-api-kafka")
class MetricsPageTest {

    private static final String TOPIC = Servers.newTopic("metrics", 2);
    private static final Pattern ROW = Pattern.compile("\\| `(agent_\\w+)` \\| (\\w+) \\|([^|]*)\\| [^|]+ \\|");
    private static final Pattern TYPE = Pattern.compile("# TYPE (agent_\\w+) (\\w+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("camel.component.kafka.brokers", Servers::brokers);
        registry.add("test.topic", () -> TOPIC);
    }

    @Autowired
    ToolCallListener tools;

    @Autowired
    ModelListener models;

    @Autowired
    AgentListener agents;

    @Autowired
    DeadLetterListener deadLetters;

    @Autowired
    JobListener jobs;

    @Autowired
    EgressListener egress;

    @Autowired
    RetentionListener retention;

    @Autowired
    EvaluationListener evaluations;

    @Autowired
    TaskMeters tasks;

    @LocalServerPort
    int port;

    @Test
    void thePageAndTheProcessNameTheSameMetrics() throws IOException {
        tasks.of(new WorkflowVersion("w", 1), Mode.LIVE).started().increment();
        tasks.failed(new WorkflowVersion("w", 1), Mode.LIVE, "Error").increment();
        tools.called("w", Mode.LIVE, "t", "succeeded", Duration.ofMillis(1));
        tools.fellBack(Mode.LIVE, "t", "u");
        tools.metEffect("t", "repeated");
        tools.ruled("r", "permit", true);
        egress.judged("t", EgressListener.Verdict.REPORTED);
        tools.flagged("f", "on", "STATIC");
        models.answered("w", Mode.LIVE, "m", new Usage(1, 0, 1), BigDecimal.ONE);
        agents.answered("w", Mode.LIVE, "a", 1, BigDecimal.ONE);
        agents.stopped("w", Mode.LIVE, "a", Reason.BUDGET);
        deadLetters.deadLettered("topic");
        retention.removed("w", TaskStatus.COMPLETED, 1);
        jobs.watched(List.of("w"));
        evaluations.evaluated("w", 1, EvaluationState.PASSED, BigDecimal.ONE);
        ApiClient api = new ApiClient(port, "ada", "secret");
        api.post("/api/tasks/anything", "{}");

        Map<String, String> page = page();

        await().untilAsserted(
                        () -> assertThat(exposed(api.get("/metrics").body())).containsExactlyInAnyOrderEntriesOf(page));
    }

    /** Name to type and labels. */
    private static Map<String, String> page() throws IOException {
        Map<String, String> metrics = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/metrics.md")));
        while (row.find()) {
            Set<String> labels = new TreeSet<>();
            Matcher label = Pattern.compile("`(\\w+)`").matcher(row.group(3));
            while (label.find()) {
                labels.add(label.group(1));
            }
            metrics.put(row.group(1), row.group(2) + " " + labels);
        }
        return metrics;
    }

    private static Map<String, String> exposed(String text) {
        Map<String, String> metrics = new TreeMap<>();
        List<String> lines = new ArrayList<>(text.lines().toList());
        Matcher type = TYPE.matcher(text);
        while (type.find()) {
            String name = type.group(1);
            Set<String> labels = new TreeSet<>();
            lines.stream()
                    .filter(line -> line.matches(name + "(_bucket|_count|_sum)?\\{.*"))
                    .forEach(line -> {
                        Matcher label = LABEL.matcher(line);
                        while (label.find()) {
                            labels.add(label.group(1));
                        }
                    });
            labels.remove("le");
            labels.remove("track"); // of all metrics, as the page says in one sentence
            if (!name.endsWith("_max")) {
                metrics.put(name, type.group(2) + " " + labels);
            }
        }
        return metrics;
    }
}
