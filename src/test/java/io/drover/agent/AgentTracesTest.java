package io.drover.agent;

import static io.drover.OtlpReceiver.attribute;
import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.drover.FaultyServer;
import io.drover.OtlpReceiver;
import io.drover.TestDatabase;
import io.drover.json.Json;
import io.drover.local.SampleModel;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What a receiver of traces sees of an agent. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-agent",
            "drover.models.default.model=sample-1",
            "drover.models.default.price.in=1",
            "drover.models.dear.model=sample",
            "drover.models.dear.url=http://localhost",
            "drover.models.broken.model=broken",
            "drover.models.broken.url=http://localhost",
            "drover.models.very-dear.model=sample",
            "drover.models.very-dear.url=http://localhost",
            "otel.bsp.schedule.delay=50"
        })
class AgentTracesTest {

    private static final String SECRETS =
            "I am ada@mail.example, call +47 22 33 44 55; card 4111 1111 1111 1111, password: hunter2";

    private static final FaultyServer SERVER = new FaultyServer();
    private static final OtlpReceiver RECEIVER = new OtlpReceiver();
    private static final SampleModel MODEL = new SampleModel(
            0,
            request -> !toolResults(request).isEmpty()
                    ? text("The capital is Oslo, ask bob@mail.example")
                    : call("look", "{\"what\":\"capital for ada@mail.example\"}"));

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("server.url", SERVER::url);
        registry.add("drover.models.default.url", MODEL::url);
        registry.add("otel.exporter.otlp.endpoint", RECEIVER::url);
    }

    @Autowired
    TaskService tasks;

    @BeforeEach
    void forget() {
        SERVER.reset();
        SERVER.always("/look", FaultyServer.json("{\"found\":\"Oslo\",\"mail\":\"carl@mail.example\"}"));
    }

    @Test
    void isOneTraceFromTheAttemptToTheToolsRequest() {
        Map<String, Span> spans = spans(submit("ask"), 8);

        Span workflow = spans.get("invoke_workflow ask");
        Span agent = spans.get("invoke_agent asker");
        Span chat = spans.get("chat sample-1");
        Span tool = spans.get("execute_tool look");
        Span submit = spans.get("submit ask");
        assertThat(submit.getParentSpanId().isEmpty()).isTrue();
        assertThat(workflow.getParentSpanId()).isEqualTo(submit.getSpanId());
        assertThat(spans.get("queue ask").getParentSpanId()).isEqualTo(submit.getSpanId());
        assertThat(agent.getParentSpanId()).isEqualTo(workflow.getSpanId());
        assertThat(chat.getParentSpanId()).isEqualTo(agent.getSpanId());
        assertThat(tool.getParentSpanId()).isEqualTo(agent.getSpanId());
        assertThat(chat.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(attribute(chat, "gen_ai.operation.name")).isEqualTo("chat");
        assertThat(attribute(chat, "gen_ai.provider.name")).isEqualTo("openai");
        assertThat(attribute(chat, "gen_ai.request.model")).isEqualTo("sample-1");
        assertThat(attribute(chat, "server.address")).isEqualTo("127.0.0.1");
        assertThat(Integer.parseInt(attribute(chat, "gen_ai.usage.input_tokens")))
                .isPositive();
        assertThat(attribute(agent, "drover.agent.iterations")).isEqualTo("2");
        assertThat(Double.parseDouble(attribute(agent, "drover.cost_usd"))).isPositive();
        assertThat(attribute(tool, "gen_ai.tool.call.id")).isNotEmpty();
        assertThat(attribute(tool, "drover.call.outcome")).isEqualTo("succeeded");
        Span sent = spans.values().stream()
                .filter(span -> span.getParentSpanId().equals(tool.getSpanId()))
                .findFirst()
                .orElseThrow();
        assertThat(SERVER.requests("/look").getLast().headers().get("traceparent"))
                .contains(
                        hex(tool.getTraceId().toByteArray()),
                        hex(sent.getSpanId().toByteArray()));
    }

    @Test
    void showsNoContentUnlessAnAgentAsksForIt() {
        Map<String, Span> spans = spans(submit("ask"), 8);

        assertThat(spans.values().toString()).doesNotContain("Oslo", "ada@", "hunter2", "capital", "Look things up");
    }

    @Test
    void redactsWhatLooksLikeASecretOrNamesAPerson() {
        Map<String, Span> spans = spans(submit("ask-redacted"), 8);

        assertThat(spans.values().toString())
                .contains("Oslo", "capital for [redacted]", "Look things up")
                .doesNotContain("@mail.example", "22 33 44", "4111 1111", "hunter2");
    }

    @Test
    void showsEverythingWhereAnAgentWantsThat() throws Exception {
        Map<String, Span> spans = spans(submit("ask-full"), 8);

        JsonNode messages = Json.parse(attribute(spans.get("chat sample-1"), "gen_ai.input.messages"));
        assertThat(messages.get(0).path("role").asText()).isEqualTo("user");
        assertThat(messages.get(0).path("parts").get(0).path("content").asText())
                .contains("hunter2", "4111 1111 1111 1111");
        Span tool = spans.get("execute_tool look");
        assertThat(attribute(tool, "gen_ai.tool.call.arguments")).contains("ada@mail.example");
        assertThat(attribute(tool, "gen_ai.tool.call.result")).contains("carl@mail.example");
    }

    @Test
    void showsWhatFailsAndAsksAndPaysOnlyOnce() {
        SERVER.next("/look", FaultyServer.status(500, "", ""));

        UUID task = submit("ask");

        spans(task, 13);
        List<Span> all = RECEIVER.spans().stream()
                .filter(span -> of(task).contains(span.getTraceId()))
                .toList();
        assertThat(all.stream().filter(span -> span.getName().startsWith("chat")))
                .hasSize(2);
        assertThat(all.stream().filter(span -> span.getName().startsWith("invoke_workflow")))
                .extracting(span -> attribute(span, "drover.task.attempt"))
                .containsExactlyInAnyOrder("1", "2");
        List<Span> attempts = all.stream()
                .filter(span -> span.getName().startsWith("invoke_workflow"))
                .sorted(Comparator.comparingLong(Span::getStartTimeUnixNano))
                .toList();
        assertThat(attempts.get(1).getLinks(0).getSpanId())
                .isEqualTo(attempts.get(0).getSpanId());
        Span failed = all.stream()
                .filter(span -> span.getName().equals("execute_tool look")
                        && span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR)
                .findFirst()
                .orElseThrow();
        assertThat(attribute(failed, "drover.call.outcome")).isEqualTo("failed");
        assertThat(failed.getStatus().getMessage()).contains("500");
    }

    private UUID submit(String workflow) {
        return tasks.submit(new Submit(workflow, null, Json.write(SECRETS), null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    /** The spans of a task by name; of equal names the first. */
    private Map<String, Span> spans(UUID task, int atLeast) {
        return await().until(
                        () -> {
                            Map<String, Span> spans = new LinkedHashMap<>();
                            long count = RECEIVER.spans().stream()
                                    .filter(span -> of(task).contains(span.getTraceId()))
                                    .sorted(Comparator.comparingLong(Span::getStartTimeUnixNano))
                                    .peek(span -> spans.putIfAbsent(span.getName(), span))
                                    .count();
                            return count >= atLeast ? spans : Map.<String, Span>of();
                        },
                        spans -> !spans.isEmpty());
    }

    private static List<ByteString> of(UUID task) {
        return RECEIVER.spans().stream()
                .filter(span -> attribute(span, "drover.task.id").equals(task.toString()))
                .map(Span::getTraceId)
                .toList();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
