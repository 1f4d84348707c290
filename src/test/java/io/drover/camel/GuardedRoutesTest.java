package io.drover.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.guard.ToolRegistry;
import io.drover.journal.QueueState;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The guard is in the model of every tool, whatever way the tool came in, and a tool without one is not offered. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = "drover.routes.poll=100ms")
class GuardedRoutesTest {

    private static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        FILES.answering("from-file", "tool:from_file", "'\"file\"'");
        FILES.workflow("calls-bare", "bare", "w1");
        FILES.workflow("calls-java", "from_java", "w1");
        String url = TestDatabase.create();
        registry.add("spring.datasource.url", () -> url);
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
    }

    @Autowired
    CamelContext camel;

    @Autowired
    ToolRegistry tools;

    @Autowired
    TaskService tasks;

    @Autowired
    QueueState queue;

    @Test
    void theGuardShowsInTheModelInItsOrder() throws Exception {
        String xml =
                PluginHelper.getModelToXMLDumper(camel).dumpModelAsXml(camel, model().getRouteDefinition("from-file"));

        assertThat(xml)
                .containsSubsequence(
                        "<policy",
                        "<idempotentConsumer",
                        "<throttle",
                        "<circuitBreaker",
                        "<setBody",
                        "</circuitBreaker>");
    }

    @Test
    void aToolInJavaIsGuardedTooAndItsStepsRunInsideTheGuard() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:from_java").routeId("from-java").setBody(constant("\"java\""));
            }
        });

        assertThat(PluginHelper.getModelToXMLDumper(camel)
                        .dumpModelAsXml(camel, model().getRouteDefinition("from-java")))
                .containsSubsequence("<policy", "<idempotentConsumer", "<throttle", "<circuitBreaker", "<setBody");
        assertThat(end("calls-java").output()).contains("java");
    }

    @Test
    void aToolWhoseGuardIsTakenAwayRefusesCalls() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:bare").routeId("bare").setBody(constant("\"bare\""));
            }
        });
        RouteDefinition route = model().getRouteDefinition("bare");
        camel.getRouteController().stopRoute("bare");
        PolicyDefinition ring = (PolicyDefinition) route.getOutputs().get(0);
        route.getOutputs().clear();
        route.getOutputs().addAll(ring.getOutputs());

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> camel.getRouteController().startRoute("bare")))
                .hasStackTraceContaining("tool:bare has no guard around its steps and is not offered");

        assertThat(tools.current().get("bare")).isNull();
        assertThat(end("calls-bare").error()).contains("bare");
    }

    private QueueState.Progress end(String workflow) {
        UUID task = tasks.submit(new Submit(workflow, null, "{}", null, Duration.ZERO, "test"))
                .join()
                .id();
        await().until(() -> queue.progress(task).status().isTerminal());
        return queue.progress(task);
    }

    private Model model() {
        return camel.getCamelContextExtension().getContextPlugin(Model.class);
    }
}
