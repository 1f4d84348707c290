package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.drover.Drover;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRegistry;
import io.drover.guard.ToolRequest;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.LateResult;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * What a call costs beside its steps: addressing, schema, policy, replay, throttle, breaker, timeout. The journal says at
 * once that it has written, because the database is measured elsewhere. The bare route has the same step and no guard.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GuardOverhead {

    /** So many calls does an attempt make before the next one begins. */
    private static final int CALLS = 100;

    /** The share of attempts whose traces are sent, to a receiver that forgets them; none for no exporter at all. */
    @Param({"none", "0.1", "1"})
    public String traced;

    private final HttpServer receiver = receiver();
    private ConfigurableApplicationContext application;
    private Traces traces;
    private ToolCalls calls;
    private ToolRegistry.Generation tools;
    private ProducerTemplate template;
    private int n;

    @Setup
    public void start() throws Exception {
        SpringApplication drover = new SpringApplication(Drover.class, WithInstantJournal.class);
        drover.setWebApplicationType(WebApplicationType.NONE);
        application = drover.run(
                traced.equals("none")
                        ? "--otel.sdk.disabled=true"
                        : "--otel.exporter.otlp.endpoint=http://127.0.0.1:"
                                + receiver.getAddress().getPort(),
                "--otel.traces.sampler=parentbased_traceidratio",
                "--otel.traces.sampler.arg=" + (traced.equals("none") ? "0" : traced),
                "--drover.role=worker",
                "--drover.log.format=text",
                "--drover.routes.directory=" + System.getProperty("routes"),
                "--spring.datasource.url=" + System.getProperty("jdbc.url"),
                "--drover.tools.noop.throttle=100000/1s");
        calls = application.getBean(ToolCalls.class);
        traces = application.getBean(Traces.class);
        CamelContext camel = application.getBean(CamelContext.class);
        template = camel.createProducerTemplate();
        tools = application.getBean(ToolRegistry.class).acquire();
        if (tools.get("noop") == null || camel.getEndpoint("direct:noop-bare") == null) {
            throw new IllegalStateException("the routes of this benchmark are not loaded");
        }
    }

    @TearDown
    public void stop() {
        application.close();
        receiver.stop(0);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void bare() throws InterruptedException {
        attempt(() -> {
            for (int i = 0; i < CALLS; i++) {
                template.request(
                        "direct:noop-bare", exchange -> exchange.getMessage().setBody(arguments()));
            }
        });
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void guarded() throws InterruptedException {
        attempt(() -> {
            ClaimedTask task = new ClaimedTask(UUID.randomUUID(), "guard", null, 1, 1, "{}", Instant.now(), null, Instant.now(), null, 2, 0, null, false);
            Traces.Attempt attempt =
                    new Traces.Attempt(task.workflow(), task.id(), 1, 1, task.dueAt(), traces.submit("guard", task.id()));
            try (Traced span = traces.attempt(attempt);
                    var current = span.context().makeCurrent()) {
                TaskContext context = new TaskContext(new Attempt(task, List.of()), tools);
                for (int i = 0; i < CALLS; i++) {
                    if (!(calls.call(context, new ToolRequest("noop", arguments()))
                            instanceof ToolOutcome.Succeeded)) {
                        throw new IllegalStateException("a call failed");
                    }
                }
            }
        });
    }

    /** On a virtual thread, as attempts run. */
    private static void attempt(Runnable calls) throws InterruptedException {
        Thread.ofVirtual().start(calls).join();
    }

    private static HttpServer receiver() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode arguments() {
        return Json.tree(Map.of("n", ++n));
    }

    public static void main(String[] args) throws Exception {
        new Runner(new OptionsBuilder()
                        .include(GuardOverhead.class.getSimpleName())
                        .forks(1)
                        .warmupIterations(5)
                        .warmupTime(TimeValue.seconds(5))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(5))
                        .jvmArgsAppend(
                                "-Djdbc.url=" + System.getProperty("jdbc.url"),
                                "-Droutes=" + System.getProperty("routes"),
                                "-Xmx1g",
                                "-XX:+UseParallelGC")
                        .build())
                .run();
    }

    /** In place of the database. */
    static class InstantJournal implements Journal {

        private static final CompletableFuture<Boolean> WRITTEN = CompletableFuture.completedFuture(true);
        private static final CompletableFuture<Begin> BEGUN = CompletableFuture.completedFuture(new Begin.Begun());

        @Override
        public CompletableFuture<Boolean> record(CallRecord call) {
            return WRITTEN;
        }

        @Override
        public CompletableFuture<Boolean> recordEnd(CallRecord call) {
            return record(call);
        }

        @Override
        public CompletableFuture<Boolean> awaitEnd(java.util.UUID task, io.drover.journal.EffectHolder first) {
            return CompletableFuture.completedFuture(false);
        }

        @Override
        public CompletableFuture<Begin> begin(io.drover.journal.BeginRequest request, List<CallRecord> reads) {
            return BEGUN;
        }

        @Override
        public CompletableFuture<Void> keepLate(LateResult late) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Map<UUID, List<CallRecord>> callsToUse(Collection<UUID> tasks) {
            return Map.of();
        }
    }

    /** No @Configuration: it is named where it is wanted. */
    static class WithInstantJournal {

        @Bean
        static BeanPostProcessor instantJournal() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Journal ? new InstantJournal() : bean;
                }
            };
        }
    }
}
