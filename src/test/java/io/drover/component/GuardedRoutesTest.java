package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Fuzz;
import io.drover.TestDatabase;
import io.drover.guard.ToolRegistry;
import io.drover.journal.QueueState;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.route.RouteDirectoryFixture;
import io.drover.route.RouteFiles;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.IdempotentConsumerDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The guard is in the model of every tool, whatever way the tool came in, and a tool without one is not offered. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = "drover.routes.poll=200ms")
class GuardedRoutesTest {

    private static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        FILES.answering("from-file", "tool:from_file", "'\"file\"'");
        FILES.workflow("calls-bare", "bare", "w1");
        FILES.workflow("calls-java", "from_java", "w1");
        String url = TestDatabase.migrated();
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
                        "<idempotentConsumer",
                        "<policy",
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
                .containsSubsequence("<idempotentConsumer", "<policy", "<throttle", "<circuitBreaker", "<setBody");
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
        IdempotentConsumerDefinition ring =
                (IdempotentConsumerDefinition) route.getOutputs().get(0);
        route.getOutputs().clear();
        route.getOutputs().addAll(ring.getOutputs());

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> camel.getRouteController().startRoute("bare")))
                .hasStackTraceContaining("tool:bare has no guard around its steps and is not offered");

        assertThat(tools.current().get("bare")).isNull();
        assertThat(end("calls-bare").error()).contains("bare");
    }

    @Test
    void whatAnAuthorSeesOfAResultIsTheSameInEveryAttempt() throws Exception {
        Map<Integer, List<String>> seen = new ConcurrentHashMap<>();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:random_result?readOnlyHint=true&parameter.seed=integer")
                        .routeId("random-result")
                        .process(exchange -> {
                            exchange.getMessage().setHeader("left", "behind");
                            exchange.setVariable("left", "behind");
                            exchange.setProperty("left", "behind");
                            exchange.getMessage().setBody(RandomResults.of(exchange.getVariable("seed", Long.class)));
                        });
                from("task:random-results?maxAttempts=2&backoff=10ms")
                        .routeId("random-results")
                        .setVariable("first", simple("${body[seed]}"))
                        .loop(300)
                        .process(exchange -> exchange.getMessage()
                                .setBody(Map.of(
                                        "seed",
                                        exchange.getVariable("first", Long.class)
                                                + exchange.getProperty("CamelLoopIndex", Long.class))))
                        .to("tool:random_result")
                        .process(exchange -> seen.computeIfAbsent(
                                        exchange.getVariable("attempt", Integer.class), attempt -> new ArrayList<>())
                                .add(seenBy(exchange)))
                        .end()
                        .process(exchange -> {
                            if (exchange.getVariable("attempt", Integer.class) == 1) {
                                throw new IllegalStateException("the first attempt fails");
                            }
                        })
                        .setBody(constant("done"));
            }
        });
        Fuzz.run("GuardedRoutesTest.results", 0.25, random -> {
            seen.clear();
            int seed = random.nextInt(Integer.MAX_VALUE);
            QueueState.Progress ended = end("random-results", "{\"seed\":%d}".formatted(seed));
            assertThat(ended.status()).as(ended.error()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(seen.get(1)).hasSize(300);
            assertThat(seen.get(2)).isEqualTo(seen.get(1));
        });
    }

    private static String seenBy(Exchange exchange) {
        Map<String, Object> variables = new TreeMap<>(exchange.getVariables());
        variables.remove("attempt");
        Map<String, Object> properties = new TreeMap<>(exchange.getProperties());
        properties.keySet().removeIf(name -> name.startsWith("Drover"));
        return types(exchange.getMessage().getBody()) + "\n"
                + exchange.getMessage().getBody(String.class) + "\n"
                + new TreeMap<>(exchange.getMessage().getHeaders()) + "\n" + variables + "\n" + properties;
    }

    private static String types(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(member -> types(member.getKey()) + "=" + types(member.getValue()))
                        .toList()
                        .toString();
            case List<?> list ->
                list.stream().map(GuardedRoutesTest::types).toList().toString();
            default -> value.getClass().getSimpleName() + ":" + value;
        };
    }

    @Test
    void whatADatabaseReturnsIsJson() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:types?readOnlyHint=true")
                        .routeId("types")
                        .to("sql:classpath:sql/types.sql?dataSource=#dataSource&outputType=SelectOne");
                from("task:typed").routeId("typed").setBody(constant(Map.of())).to("tool:types");
            }
        });

        QueueState.Progress ended = end("typed");

        assertThat(ended.status()).as(ended.error()).isEqualTo(TaskStatus.COMPLETED);
        assertThat(Json.parse(ended.output()))
                .isEqualTo(
                        Json.parse(
                                """
                                {"numbers": [1, 2], "texts": ["a", "b, c"], "grid": [[1, 2], [3, 4]], "doc": {"a": {"b": [1]}},
                                 "plain": [1.50], "net": "10.0.0.1/8", "bytes": "/wA=", "id": "00000000-0000-0000-0000-000000000001",
                                 "at": "2026-10-25T01:30:00.123456+00:00", "never": "infinity", "day": "2026-11-28",
                                 "nan": "NaN", "inf": "Infinity", "span": "[1,5)", "place": "(1.0,2.0)", "bits": "101",
                                 "took": "1 days 2 hours", "nothing": null}
                                """));
    }

    @Test
    void aTaskHearsTheSameOfATaskThatItSubmitsInEveryAttempt() throws Exception {
        List<String> answers = new CopyOnWriteArrayList<>();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("task:child").routeId("child").setBody(constant("grown"));
                from("task:parent?maxAttempts=2&backoff=10ms")
                        .routeId("parent")
                        .to("task:child")
                        .process(exchange ->
                                answers.add(exchange.getMessage().getBody().toString()))
                        .setBody(constant(Map.of("keyed", true)))
                        .to("task:child?key=given")
                        .process(exchange ->
                                answers.add(exchange.getMessage().getBody().toString()))
                        .process(exchange -> {
                            if (exchange.getVariable("attempt", Integer.class) == 1) {
                                throw new IllegalStateException("the first attempt fails");
                            }
                        });
            }
        });

        assertThat(end("parent").status()).isEqualTo(TaskStatus.COMPLETED);

        assertThat(answers).hasSize(4).allMatch(answer -> answer.endsWith("known=false}"));
        assertThat(answers.subList(2, 4)).isEqualTo(answers.subList(0, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wireTap",
                "threads",
                "seda",
                "onCompletion",
                "onException",
                "errorHandler",
                "fallback",
                "transacted",
                "breakOnShutdown",
                "ignoreException",
                "routeConfiguration",
                "interceptSendToEndpoint",
                "controlbus",
                "timeout"
            })
    void aRouteInJavaIsHeldToTheSameRules(String how) throws Exception {
        RouteBuilder builder = new RouteBuilder() {
            @Override
            public void configure() {
                if (how.equals("onException")) {
                    onException(Exception.class).handled(true).to("log:x");
                } else if (how.equals("interceptSendToEndpoint")) {
                    interceptSendToEndpoint("tool:nowhere").to("log:x");
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
                    case "transacted" -> from.transacted().to("log:x");
                    case "breakOnShutdown" -> from.loop(2).breakOnShutdown().to("log:x");
                    case "ignoreException" ->
                        from.circuitBreaker()
                                .resilience4jConfiguration()
                                .ignoreException(IllegalStateException.class)
                                .end()
                                .to("log:x")
                                .end();
                    case "routeConfiguration" ->
                        from.routeConfigurationId("hides").to("log:x");
                    case "controlbus" -> from.to("controlbus:route?routeId=x&action=stop");
                    case "timeout" -> from.multicast().timeout(10).to("log:x").end();
                    default -> from.to("log:x");
                }
            }
        };

        if (how.equals("routeConfiguration")) {
            camel.addRoutesConfigurations(new RouteConfigurationBuilder() {
                @Override
                public void configuration() {
                    routeConfiguration("hides").onException(Exception.class).continued(true);
                }
            });
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> camel.addRoutes(builder)))
                .hasStackTraceContaining("route 'java-%s'".formatted(how))
                .hasStackTraceContaining("write");
        assertThat(camel.getRoute("java-" + how)).isNull();
    }

    @Test
    void aBreakerThatIsOpenDoesNotPassOverItsSteps() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:breaks")
                        .routeId("breaks")
                        .circuitBreaker()
                        .resilience4jConfiguration()
                        .minimumNumberOfCalls(1)
                        .slidingWindowSize(1)
                        .end()
                        .throwException(new IllegalStateException("the steps fail"))
                        .end()
                        .setBody(constant("done"));
            }
        });

        assertThat(producer.send("direct:breaks", exchange -> {}).getException())
                .hasMessage("the steps fail");
        Exchange open = producer.send("direct:breaks", exchange -> {});

        assertThat(open.getException()).hasMessageContaining("is OPEN");
        assertThat(open.getMessage().getBody()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grouping", "later", "pojo", "null"})
    void aBranchThatFailsIsNotHiddenByAStrategy(String how) throws Exception {
        AggregationStrategy strategy =
                switch (how) {
                    case "grouping" -> new GroupedBodyAggregationStrategy();
                    case "later" ->
                        (before, branch) -> {
                            branch.setException(null);
                            return branch;
                        };
                    case "null" -> (before, branch) -> null;
                    default -> AggregationStrategies.bean(Joining.class, "join");
                };
        AtomicInteger branches = new AtomicInteger();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:hides-" + how)
                        .routeId("hides-" + how)
                        .split(body(), strategy)
                        .process(exchange -> {
                            branches.incrementAndGet();
                            if (exchange.getMessage().getBody(Integer.class) == 2) {
                                throw new IllegalStateException("branch 2 fails");
                            }
                        })
                        .end();
                from("direct:heals-" + how)
                        .routeId("heals-" + how)
                        .split(body(), strategy)
                        .doTry()
                        .throwException(new IllegalStateException("caught"))
                        .doCatch(IllegalStateException.class)
                        .setBody(constant("healed"))
                        .end()
                        .end();
            }
        });

        Exchange sent = producer.send(
                "direct:hides-" + how, exchange -> exchange.getMessage().setBody(List.of(1, 2, 3)));
        Exchange healed = producer.send(
                "direct:heals-" + how, exchange -> exchange.getMessage().setBody(List.of(1, 2, 3)));

        assertThat(sent.getException()).hasMessageContaining("branch 2 fails");
        assertThat(branches).hasValue(3);
        assertThat(healed.getException()).isNull();
    }

    /** An author's strategy as a plain class. */
    public static class Joining {

        public String join(String before, String branch) {
            return before + branch;
        }
    }

    @Test
    void anEndpointBehindAnotherNameIsRefusedToo() throws Exception {
        camel.getRegistry().bind("behind", camel.getEndpoint("seda:behind"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:refers").routeId("refers").toD("ref:${body}");
            }
        });

        Exchange sent =
                producer.send("direct:refers", exchange -> exchange.getMessage().setBody("behind"));

        assertThat(sent.getException()).hasStackTraceContaining("keeps messages in the memory of the process");
    }

    @ParameterizedTest
    @CsvSource({
        "requestRequiredAcks=0, before a broker has it",
        "additionalProperties.acks=0, before a broker has it",
        "transacted=true, commits its records when the route has ended",
        "transactionalId=a, commits its records when the route has ended",
        "additionalProperties.transactional.id=a, commits its records when the route has ended"
    })
    void aRecordThatMayBeLostAfterItCountsAsSentIsRefused(String option, String why) throws Exception {
        String name = "unconfirmed-" + option.replaceAll("\\W", "-");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + name).routeId(name).toD("kafka:${body}?brokers=127.0.0.1:1&" + option);
            }
        });

        Exchange sent = producer.send(
                "direct:" + name, exchange -> exchange.getMessage().setBody("some"));

        assertThat(sent.getException()).hasStackTraceContaining(why);
    }

    @Test
    void aTopicIsReadByATriggerAlone() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:polls").routeId("polls").pollEnrich("kafka:some?brokers=127.0.0.1:1", 100);
            }
        });

        Exchange sent =
                producer.send("direct:polls", exchange -> exchange.getMessage().setBody("some"));

        assertThat(sent.getException()).hasStackTraceContaining("write a trigger from: kafka:<topic>");
    }

    @Test
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

    @Test
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

    @Test
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
        return end(workflow, "{}");
    }

    private QueueState.Progress end(String workflow, String input) {
        UUID task = tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test"))
                .join()
                .id();
        await().until(() -> queue.progress(task).status().isTerminal());
        return queue.progress(task);
    }

    private Model model() {
        return camel.getCamelContextExtension().getContextPlugin(Model.class);
    }
}
