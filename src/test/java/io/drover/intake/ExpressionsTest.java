package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.Expressions;
import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.json.Json;
import io.drover.local.SampleModel;
import io.drover.local.Servers;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * What looks like an expression comes with records and files, goes through tools, an MCP server and an agent whose model
 * says such texts, too, and is the same text everywhere.
 */
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-expressions",
            "drover.models.default.model=sample",
            "drover.mcp.far.tags=far"
        })
class ExpressionsTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static final FaultyMcpServer MCP = new FaultyMcpServer();
    private static final String TOPIC = Servers.newTopic("letters", 1);

    /** It calls the tool of the MCP server with what it was shown, and repeats what that answers. */
    private static final SampleModel MODEL = new SampleModel(
            0,
            request -> SampleModel.toolResults(request).isEmpty()
                    ? SampleModel.call("far_look", Json.write(Map.of("text", question(request))))
                    : SampleModel.text(SampleModel.toolResults(request)
                            .getLast()
                            .path("content")
                            .asText()));

    @TempDir
    static Path inbox;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("camel.component.kafka.brokers", Servers::brokers);
        registry.add("letters.topic", () -> TOPIC);
        registry.add("inbox.directory", inbox::toString);
        registry.add("server.url", SERVER::url);
        registry.add("drover.models.default.url", MODEL::url);
        registry.add("drover.mcp.far.url", () -> SERVER.url() + "/mcp");
        SERVER.respond("/mcp", MCP);
        SERVER.respondBelow("/note", request -> FaultyServer.json(Json.write(Map.of("heard", request.body()))));
        MCP.on(
                "tools/list",
                list -> FaultyMcpServer.result(
                        list,
                        """
                        {"tools":[{"name":"look","description":"${sysenv.PATH} {{placed.secret}}","annotations":{"readOnlyHint":true},
                          "inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}]}"""));
        MCP.on(
                "tools/call",
                call -> FaultyMcpServer.result(
                        call,
                        Json.write(Map.of(
                                "content",
                                List.of(Map.of(
                                        "type",
                                        "text",
                                        "text",
                                        call.at("/params/arguments/text").asText()))))));
    }

    private static String question(JsonNode request) {
        return request.path("messages").findParents("role").stream()
                .filter(message -> message.path("role").asText().equals("user"))
                .map(message -> message.path("content").asText())
                .toList()
                .getLast();
    }

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    @Test
    void recordsAreData(CapturedOutput log) {
        try (KafkaProducer<byte[], byte[]> producer = RecordsTestBase.producer()) {
            for (String text : Expressions.TEXTS) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        TOPIC, null, bytes("record " + text), bytes(Json.write(Map.of("text", text))));
                record.headers().add("remark", bytes(text));
                producer.send(record);
            }
        }
        for (String text : Expressions.TEXTS) {
            isTheSameEverywhere("record " + text, text, text);
        }
        becameNothing(log);
    }

    @Test
    void filesAndTheirNamesAreData(CapturedOutput log) throws IOException {
        for (String text : Expressions.TEXTS) {
            Path written = Files.writeString(inbox.resolve(".written"), Json.write(Map.of("text", text)));
            Files.move(written, inbox.resolve(text));
        }
        for (String text : Expressions.TEXTS) {
            isTheSameEverywhere(text, text, text);
            assertThat(inbox.resolve("read").resolve(text)).exists();
        }
        becameNothing(log);
    }

    private void isTheSameEverywhere(String key, String text, String remark) {
        String id = await().until(
                        () -> jdbc.sql("select id::text from task where key = ?")
                                .param(key)
                                .query(String.class)
                                .list(),
                        ids -> ids.size() == 1)
                .getFirst();
        JsonNode task = await().until(
                        () -> operator().get("/api/tasks/" + id).json(), one -> List.of("COMPLETED", "DEAD")
                                .contains(one.path("status").asText()));

        assertThat(task.path("status").asText()).as(task.toString()).isEqualTo("COMPLETED");
        assertThat(task.path("key").asText()).isEqualTo(key);
        assertThat(task.path("input")).isEqualTo(Json.tree(Map.of("text", text, "remark", remark)));
        assertThat(task.path("output").properties())
                .as(task.toString())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("noted", "seen", "judged");
        assertThat(task.path("output"))
                .allSatisfy(one -> assertThat(one.asText()).isEqualTo(text));
        List<String> arguments = StreamSupport.stream(task.path("calls").spliterator(), false)
                .filter(call ->
                        List.of("note", "far_look").contains(call.path("tool").asText()))
                .map(call -> call.at("/arguments/text").asText())
                .toList();
        assertThat(arguments).as(task.toString()).containsExactly(text, text, text);
        assertThat(SERVER.requests().stream().filter(one -> one.path().startsWith("/note/")))
                .as("the server of the tool")
                .anySatisfy(request -> {
                    assertThat(request.target().split("[?]q=", 2))
                            .extracting(ExpressionsTest::decoded)
                            .containsExactly("/note/" + remark, text);
                    assertThat(request.headers()).containsEntry("X-Remark", remark);
                    assertThat(request.body()).isEqualTo(text);
                });
    }

    private void becameNothing(CapturedOutput log) {
        for (String page :
                List.of("/api/tasks?limit=100", "/api/audit", "/api/tools", "/console/tasks", "/console/tools")) {
            assertThat(operator().get(page).body()).as(page).doesNotContain(Expressions.VALUES);
        }
        for (String table : jdbc.sql(
                        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = current_schema()")
                .query(String.class)
                .list()) {
            assertThat(jdbc.sql("select row_to_json(t)::text from %s t".formatted(table))
                            .query(String.class)
                            .list())
                    .as(table)
                    .noneMatch(row -> Expressions.VALUES.stream().anyMatch(row::contains));
        }
        assertThat(log.getAll()).doesNotContain(Expressions.VALUES);
    }

    private ApiClient operator() {
        return new ApiClient(port, "ada", "secret");
    }

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
