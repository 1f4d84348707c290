package io.drover.agent;

import static io.drover.local.SampleModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.OtherListeners;
import io.drover.OtherListeners.Heard;
import io.drover.TestDatabase;
import io.drover.guard.ToolRegistry;
import io.drover.journal.QueueState;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.local.SampleModel;
import io.drover.local.SampleModel.Reply;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Agents on a real HTTP model (that answers as it is told), real tools and a real PostgreSQL. All that extend this share
 * one application.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-agent",
            "drover.models.default.model=sample",
            "drover.models.default.timeout=3s",
            "drover.models.default.retries=1",
            "drover.models.default.max-answer-bytes=200000",
            "drover.models.default.price.in=1",
            "drover.models.default.price.out=2",
            "drover.models.dear.model=sample",
            "drover.models.dear.max-output-tokens=100",
            "drover.models.dear.price.in=10",
            "drover.models.dear.price.out=100",
            "drover.models.broken.model=broken",
            "drover.models.broken.retries=0",
            "drover.models.broken.fallback=default",
            "drover.models.very-dear.model=very-dear",
            "drover.models.very-dear.price.out=100000",
            "drover.models.very-dear.fallback=default",
            "drover.budgets.workflow.capped=0.10",
            "drover.budgets.workflow.asking-dear=1000",
            "drover.budgets.workflow.unsettled=1"
        })
@Import(OtherListeners.class)
abstract class AgentTestBase {

    static final String ODD = "a)b";

    /** All that a model's name may hold. */
    static final String ODDER = "4.1-(a)b_c+d@e:f=g";

    static final FaultyServer SERVER = new FaultyServer();
    static final Map<String, Function<JsonNode, Reply>> MINDS = new ConcurrentHashMap<>();
    static final SampleModel MODEL = new SampleModel(0, request -> MINDS.entrySet().stream()
            .filter(mind -> question(request).contains(mind.getKey()))
            .max(Map.Entry.comparingByKey())
            .map(mind -> mind.getValue().apply(request))
            .orElseGet(() -> text("nobody told me what to say")));
    static final AtomicInteger QUESTIONS = new AtomicInteger();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("server.url", SERVER::url);
        registry.add("drover.models.default.url", MODEL::url);
        for (String model : List.of(ODD, ODDER)) {
            registry.add("drover.models[%s].url".formatted(model), MODEL::url);
            registry.add("drover.models[%s].model".formatted(model), () -> model);
            registry.add("drover.models[%s].retries".formatted(model), () -> "0");
        }
        registry.add("drover.models[%s].fallback".formatted(ODD), () -> ODDER);
        registry.add("drover.tools[model.%s].timeout".formatted(ODDER), () -> "7s");
        for (String model : List.of("dear", "broken", "very-dear")) {
            registry.add("drover.models.%s.url".formatted(model), MODEL::url);
        }
    }

    @Autowired
    TaskService tasks;

    @Autowired
    QueueState queue;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ToolRegistry tools;

    @Autowired
    MeterRegistry meters;

    @Autowired
    Heard heard;

    final String question = "question-%d-".formatted(QUESTIONS.incrementAndGet());

    @BeforeEach
    void forget() {
        MODEL.requests().clear();
    }

    void mind(Function<JsonNode, Reply> mind) {
        MINDS.put(question, mind);
    }

    static String question(JsonNode request) {
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                return message.path("content").asText();
            }
        }
        return "";
    }

    UUID submit(String workflow, String text) {
        return ((io.drover.journal.Submission.Accepted) tasks.submit(new Submit(
                                workflow, null, Json.write(Map.of("text", text)), null, Duration.ZERO, "test"))
                        .join())
                .id();
    }

    JsonNode completed(String workflow, String text) throws Exception {
        UUID task = submit(workflow, text);
        await().until(() -> queue.progress(task).status().isTerminal());
        assertThat(queue.progress(task).status())
                .as(queue.progress(task).error())
                .isEqualTo(TaskStatus.COMPLETED);
        return Json.parse(queue.progress(task).output());
    }

    String dead(String workflow, String text) {
        UUID task = submit(workflow, text);
        await().until(() -> queue.progress(task).status().isTerminal());
        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.DEAD);
        return queue.progress(task).error();
    }

    BigDecimal spent(String workflow) {
        return jdbc.sql("select coalesce(sum((result->>'usd')::numeric), 0) from call join task on task.id = task_id"
                        + " where tool like 'model.%' and state = 'SUCCEEDED' and workflow = ?")
                .param(workflow)
                .query(BigDecimal.class)
                .single();
    }

    static void until(CountDownLatch reached) {
        try {
            reached.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
