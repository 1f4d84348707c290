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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @Autowired
    RouteFiles files;

    @Autowired
    ProducerTemplate producer;

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

    @ParameterizedTest // issue 16
    @ValueSource(
            strings = {
                "wireTap",
                "threads",
                "seda",
                "onCompletion",
                "onException",
                "errorHandler",
                "fallback",
                "timeout"
            })
    void aRouteInJavaIsHeldToTheSameRules(String how) {
        RouteBuilder builder = new RouteBuilder() {
            @Override
            public void configure() {
                if (how.equals("onException")) {
                    onException(Exception.class).handled(true).to("log:x");
                }
                RouteDefinition from = from("direct:" + how).routeId("java-" + how);
                switch (how) {
                    case "wireTap" -> from.wireTap("log:x");
                    case "threads" -> from.threads(2).to("log:x");
                    case "seda" ->
                        from.choice().when(constant(true)).to("seda:x").end();
                    case "onCompletion" -> from.onCompletion().to("log:x").end().to("log:y");
                    case "errorHandler" ->
                        from.errorHandler(defaultErrorHandler().maximumRedeliveries(3))
                                .to("log:x");
                    case "fallback" ->
                        from.circuitBreaker()
                                .to("log:x")
                                .onFallback()
                                .wireTap("log:y")
                                .end();
                    case "timeout" -> from.multicast().timeout(10).to("log:x").end();
                    default -> from.to("log:x");
                }
            }
        };

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> camel.addRoutes(builder)))
                .hasStackTraceContaining("route 'java-%s'".formatted(how))
                .hasStackTraceContaining("write");
        assertThat(camel.getRoute("java-" + how)).isNull();
    }

    @Test // issue 16
    void anEndpointThatOnlyRunningTellsIsRefusedToo() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:tells").routeId("tells").toD("seda:${body}");
            }
        });

        Exchange sent =
                producer.send("direct:tells", exchange -> exchange.getMessage().setBody("queue"));

        assertThat(sent.getException()).hasStackTraceContaining("keeps messages in the memory of the process");
    }

    @Test // issue 16
    void anAttemptEndsWhenTheLastCallInItsNameHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicReference<Exchange> copy = new AtomicReference<>();
        AtomicBoolean ended = new AtomicBoolean();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:slow_java").routeId("slow-java").process(exchange -> {
                    begun.countDown();
                    mayEnd.await();
                    ended.set(true);
                });
                from("direct:detached").routeId("detached").to("tool:slow_java");
                from("task:detaches").routeId("detaches").process(exchange -> {
                    copy.set(exchange.copy());
                    Exchange one = exchange.copy();
                    Thread.ofVirtual().start(() -> producer.send("direct:detached", one));
                    begun.await();
                });
            }
        });

        UUID task = submit("detaches");
        begun.await();
        await().during(Duration.ofMillis(500))
                .until(() -> !queue.progress(task).status().isTerminal());
        mayEnd.countDown();
        await().until(() -> queue.progress(task).status().isTerminal());

        assertThat(ended).isTrue();
        assertThat(queue.progress(task).status().name()).isEqualTo("COMPLETED");
        assertThat(producer.send("direct:detached", copy.get()).getException())
                .as("a call after the end")
                .hasMessageContaining("the attempt has ended");
    }

    @Test // issue 16
    void aFileThatIsNotWaitedForIsNotLoaded() {
        FILES.write(
                "taps",
                "- route: {id: taps, from: {uri: 'task:taps', steps: [{wireTap: {uri: 'direct:side'}}, {log: {message: done}}]}}");

        await().untilAsserted(() -> assertThat(files.problems())
                .extracting(RouteFiles.RouteProblem::message)
                .anySatisfy(message -> assertThat(message).contains("wireTap sends on another thread")));
        assertThat(camel.getRoute("taps")).isNull();
        FILES.delete("taps");
    }

    private UUID submit(String workflow) {
        return tasks.submit(new Submit(workflow, null, "{}", null, Duration.ZERO, "test"))
                .join()
                .id();
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
