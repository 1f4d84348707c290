package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.OffsetClock;
import io.drover.TestDatabase;
import io.drover.guard.ToolRegistry;
import io.drover.journal.QueueState;
import io.drover.journal.TaskStatus;
import io.drover.local.SampleModel;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.drover.task.WorkflowRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.awaitility.core.ConditionFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process whose route files a test edits: on real files, a real server and a real PostgreSQL. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.poll=200ms",
            "drover.children.max-depth=1",
            "drover.children.max-number=3",
            "camel.main.jmx-enabled=true",
            "camel.main.name=edited"
        })
@Import(RouteFilesTestBase.Wrong.class)
abstract class RouteFilesTestBase {

    static final OffsetClock CLOCK = new OffsetClock();

    /** The clock of this process, which a test may set wrong. */
    @TestConfiguration
    static class Wrong {
        @Bean
        @Primary
        Clock clockOfATest() {
            return CLOCK;
        }
    }

    static final FaultyServer SERVER = new FaultyServer();
    static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();
    static final SampleModel MODEL = new SampleModel(0, request -> AgentEditTest.mind.apply(request));

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        FILES.answering("there-from-the-start", "direct:there-from-the-start", "yes");
        TestDatabase.ofTwoRoles(registry);
        registry.add("server.url", SERVER::url);
        registry.add("drover.models.odd.url", SERVER::url);
        registry.add("drover.models.odd.model", () -> "a)b}&retries=9 {{no.such}} #x ~002B%41");
        for (String model : List.of("default", "other")) {
            registry.add("drover.models.%s.url".formatted(model), MODEL::url);
            registry.add("drover.models.%s.model".formatted(model), () -> "sample-" + model);
            registry.add("drover.models.%s.price.in".formatted(model), () -> "1");
        }
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
    }

    @Autowired
    public RouteFiles routes;

    @Autowired
    public CamelContext camel;

    @Autowired
    ProducerTemplate producer;

    @Autowired
    public TaskService tasks;

    @Autowired
    public QueueState queue;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    public ToolRegistry tools;

    @Autowired
    public WorkflowRegistry workflows;

    static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20));
    }

    UUID submit(String workflow) {
        return submit(workflow, "{}");
    }

    UUID submit(String workflow, String input) {
        return tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    /** A task whose attempts fail waits twice as long for each next one, which a test need not. */
    void hurry(UUID task) {
        jdbc.sql("update task set run_at = now() where id = ? and wait_reason = 'RETRY'")
                .param(task)
                .update();
    }

    boolean hasEnded(UUID task) {
        hurry(task);
        return queue.progress(task).status().isTerminal();
    }

    String output(UUID task) {
        await().until(() -> hasEnded(task));
        QueueState.Progress progress = queue.progress(task);
        assertThat(progress.status()).as(progress.error()).isEqualTo(TaskStatus.COMPLETED);
        return progress.output();
    }

    List<String> routeIds(String id) {
        return camel.getRoutes().stream()
                .map(Route::getRouteId)
                .filter(routeId -> RouteIds.logical(routeId).equals(id))
                .sorted()
                .toList();
    }

    RouteFiles.RouteProblem problem(String id) {
        return routes.problems().stream()
                .filter(problem -> problem.file().equals(id + ".camel.yaml"))
                .findFirst()
                .orElse(null);
    }
}
