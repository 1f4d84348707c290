package io.drover.secret;

import static io.drover.FaultyServer.json;
import static io.drover.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.OtlpReceiver;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Marked secrets go to servers that answer with all that they hear, and are then looked for everywhere else. */
@AutoConfigureObservability(tracing = false)
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-secrets",
            "drover.models.default.model=sample",
            "drover.models.default.api-key={{secret:model-key}}",
            "drover.models.default.headers.X-Org=org {{secret:model-org}}",
            "drover.models.default.retries=0",
            "drover.mcp.far.authorization=Bearer {{secret:mcp-token}}",
            "drover.mcp.far.headers.X-Tenant={{secret:mcp-tenant}}",
            "drover.tools.defaults.backoff=1ms",
            "spring.jmx.enabled=true",
            "logging.level.org.apache.camel.component.http=DEBUG",
            "logging.level.org.apache.hc.client5.http=DEBUG", // its wire log is what leaves
            "otel.bsp.schedule.delay=50"
        })
class SecretRoutesTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static final FaultyServer ELSEWHERE = new FaultyServer();
    private static final FaultyMcpServer MCP = new FaultyMcpServer();
    private static final OtlpReceiver RECEIVER = new OtlpReceiver();
    private static final Path DIRECTORY = directory();
    private static final String MARK = "Mark3d";

    private static final List<String> NAMES = List.of(
            "crm-token",
            "query-key",
            "path-part",
            "basic-password",
            "model-key",
            "model-org",
            "mcp-token",
            "mcp-tenant");

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        NAMES.forEach(name -> write(name, value(name)));
        TestDatabase.ofTwoRoles(registry);
        registry.add("drover.secrets.directory", DIRECTORY::toString);
        registry.add("secrets.url", SERVER::url);
        registry.add("drover.models.default.url", () -> SERVER.url() + "/v1");
        registry.add("drover.mcp.far.url", () -> SERVER.url() + "/mcp");
        registry.add("otel.exporter.otlp.endpoint", RECEIVER::url);
        MCP.on(
                "tools/list",
                list -> FaultyMcpServer.result(
                        list,
                        """
                {"tools":[{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}"""));
        SERVER.respond("/mcp", request -> {
            MCP.on(
                    "tools/call",
                    call -> FaultyMcpServer.result(
                            call,
                            "{\"content\":[{\"type\":\"text\",\"text\":%s}]}"
                                    .formatted(Json.write("heard " + heard(request)))));
            return MCP.apply(request);
        });
    }

    /** MBeans of its own: in the server of the JVM, those of another context that is kept may have the names. */
    @TestConfiguration
    static class OwnMBeans {
        @Bean
        MBeanServer mbeanServer() {
            return MBeanServerFactory.newMBeanServer();
        }
    }

    @LocalServerPort
    int port;

    @Autowired
    MBeanServer mbeans;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    CamelContext camel;

    @BeforeEach
    void answerWithAllThatIsHeard() {
        NAMES.forEach(name -> write(name, value(name)));
        for (String path : List.of("/header", "/basic", "/effect", "/query/" + value("path-part"))) {
            SERVER.respond(path, request -> json(Json.write(Map.of("heard", heard(request), "ok", true))));
        }
        SERVER.respond(
                "/v1/chat/completions",
                request -> json("{\"choices\":[{\"message\":{\"content\":%s},\"finish_reason\":\"stop\"}]}"
                        .formatted(Json.write("heard " + heard(request)))));
    }

    @Test
    void nobodyButTheServerHearsASecret(CapturedOutput log) throws Exception {
        List<UUID> tasks = new ArrayList<>();
        for (String tool : List.of("in-header", "in-query", "in-basic", "in-dynamic", "far_look")) {
            tasks.add(completed(call(tool, "{}")));
        }
        tasks.add(completed(call("in-effect", "{\"amount\":7}")));
        tasks.add(completed(submit("ask", "{}")));
        SERVER.respond("/header", request -> status(403, "Content-Type: text/plain", "refused: " + heard(request)));
        tasks.add(dead(call("in-header", "{}")));
        SERVER.respond(
                "/header",
                request ->
                        status(500, "Content-Type: application/json", Json.write(Map.of("message", heard(request)))));
        tasks.add(dead(call("in-header", "{\"note\":\"again\"}")));

        operator()
                .post(
                        "/api/holds",
                        "{\"kind\":\"tool\",\"name\":\"in-challenge-never-called\",\"reason\":\"a line of the audit\",\"for\":\"1m\"}");
        String sent = SERVER.requests().toString();
        for (String name : NAMES) {
            assertThat(sent.contains(value(name)) || sent.contains(basic(value(name))))
                    .as("%s has arrived", name)
                    .isTrue();
        }
        assertThat(sent).doesNotContain(SecretReference.PREFIX);
        String wire = "Bearer [hidden:crm-token]";
        await().until(() -> log.getAll().contains(wire));
        assertThat(task(tasks.getFirst())).as("the echo").contains("[hidden:crm-token]");

        Map<String, String> texts = new LinkedHashMap<>(Map.of("log", log.getAll()));
        texts.put("database", database());
        texts.put("traces", traces());
        texts.put("MBeans", mbeans(mbeans));
        texts.put("Camel's MBeans", mbeans(ManagementFactory.getPlatformMBeanServer()));
        for (String path : pages(tasks)) {
            ApiClient.Answer answer = operator().get(path);
            assertThat(answer.status()).as(path).isIn(200, 503); // the latter of what is not ready, with its reason
            texts.put(path, answer.body());
        }
        texts.put(
                "route dumps",
                camel.getRoutes().stream()
                                .map(route -> route.getEndpoint().getEndpointUri())
                                .toList()
                                .toString()
                        + camel.getEndpoints());
        texts.forEach((where, text) -> {
            assertThat(text.length()).as("what is looked through in %s", where).isGreaterThan(15);
            for (String form : forms()) {
                int at = text.indexOf(form);
                assertThat(at)
                        .as(
                                "in %s: %s",
                                where,
                                at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100)))
                        .isNegative();
            }
        });
        assertThat(texts.get("database")).contains("in-header", "[hidden:crm-token]");
        assertThat(texts.get("MBeans")).contains("io.drover:type=Holds", "in-header");
        assertThat(texts.get("Camel's MBeans")).contains("{{secret:crm-token}}", "/header");
    }

    @Test
    void aRotatedFileCountsFromTheNextCallOn() {
        completed(call("in-header", "{}"));
        write("crm-token", "r0tated-" + MARK);

        completed(call("in-header", "{}"));

        assertThat(SERVER.requests("/header").getLast().toString()).contains("Bearer r0tated-" + MARK);
        assertThat(jdbc.sql("select count(distinct definition) from call where tool = 'in-header'")
                        .query(Integer.class)
                        .single())
                .as("digests of the definition")
                .isEqualTo(1);
    }

    @Test
    void aRefusedRequestIsSentOnceMoreIfItsSecretHasChanged() {
        String fresh = "fresher-" + MARK;
        SERVER.respond("/effect", request -> {
            if (heard(request).contains(fresh)) {
                return json("{\"done\":true}");
            }
            write("crm-token", fresh);
            return status(401, "Content-Type: text/plain", "no");
        });
        int before = SERVER.requests("/effect").size();

        completed(call("in-effect", "{\"amount\":8}"));

        List<FaultyServer.Request> requests = SERVER.requests("/effect").subList(before, before + 2);
        assertThat(requests).extracting(FaultyServer.Request::body).containsOnly("{\"amount\":8}");
        assertThat(requests.stream().map(SecretRoutesTest::key).distinct())
                .hasSize(1)
                .doesNotContain("");
        assertThat(SERVER.requests("/effect")).hasSize(before + 2);
    }

    @Test
    void aRefusedRequestIsNotRepeatedWithTheSameSecret() {
        SERVER.respond("/effect", request -> status(401, "Content-Type: text/plain", "no"));
        int before = SERVER.requests("/effect").size();

        UUID task = dead(call("in-effect", "{\"amount\":9}"));

        assertThat(SERVER.requests("/effect")).hasSize(before + 1);
        assertThat(task(task)).contains("HTTP 401");
        assertThat(state(task)).isEqualTo("FAILED");
    }

    @Test
    void aPasswordAnswersAChallenge() {
        SERVER.respond(
                "/challenge",
                request -> heard(request).contains(basic(value("basic-password")))
                        ? json("{\"in\":true}")
                        : status(401, "WWW-Authenticate: Basic realm=\"x\"", ""));

        assertThat(task(completed(call("in-challenge", "{}")))).contains("\"in\":true");
    }

    @Test
    void aMissingSecretIsAPlainFailureOfItsToolAlone() {
        UUID task = dead(call("absent", "{}"));

        assertThat(task(task))
                .contains("the secret 'absent-token' does not exist; write the file")
                .contains("or set the variable DROVER_SECRET_ABSENT_TOKEN");
        assertThat(state(task)).isEqualTo("FAILED");
        assertThat(SERVER.requests("/absent")).isEmpty();
        completed(call("in-header", "{}"));
        assertThat(operator().get("/health/ready").body())
                .contains("absent.camel.yaml:14 (warning)", "the secret 'absent-token' does not exist");

        write("absent-token", "there-now-" + MARK);
        operator().post("/api/tasks/" + task + "/retry", "");
        completed(task);
        assertThat(SERVER.requests("/absent").getLast().toString()).contains("there-now-" + MARK);
    }

    @Test
    void dataNamesNoSecret() {
        UUID written = completed(call("in-header", "{\"note\":\"{{secret:query-key}} ${secret:query-key}\"}"));
        assertThat(SERVER.requests("/header").getLast().toString())
                .contains("{{secret:query-key}}")
                .doesNotContain(value("query-key"));
        assertThat(task(written)).doesNotContain("[hidden:query-key]");

        assertThatThrownBy(() -> camel.resolvePropertyPlaceholders(SERVER.url() + "/{{secret:query-key}}"))
                .as("in a URI that a step computes")
                .hasStackTraceContaining("came with a message");

        UUID stolen = dead(call("in-header", "{\"note\":\"%s\"}".formatted(SecretReference.of("query-key"))));
        assertThat(task(stolen)).contains("arguments are data");
        assertThat(SERVER.requests("/header").getLast().toString()).doesNotContain(value("query-key"));
    }

    @Test
    void aRedirectLeadsNoSecretElsewhere() {
        SERVER.respond("/redirect", request -> status(302, "Location: " + ELSEWHERE.url() + "/there", ""));

        UUID task = dead(call("in-redirect", "{}"));

        assertThat(task(task)).contains("a redirect leads to another host, which must not hear the secret");
        assertThat(ELSEWHERE.requests()).isEmpty();

        SERVER.respond("/redirect", request -> status(302, "Location: /header", ""));
        assertThat(task(completed(call("in-redirect", "{}")))).contains("[hidden:crm-token]");
    }

    @Test
    void outsideToolsNoSecretLeaves() {
        int before = SERVER.requests().size();

        assertThatThrownBy(() -> camel.createProducerTemplate()
                        .requestBodyAndHeader(
                                SERVER.url() + "/header", null, "X-Api-Key", SecretReference.of("crm-token")))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(SecretRefusedException.class);

        assertThat(SERVER.requests()).hasSize(before);
    }

    private List<String> pages(List<UUID> tasks) {
        List<String> pages = new ArrayList<>(List.of(
                "/api/tasks?limit=100",
                "/api/tools",
                "/api/tools/errors",
                "/api/workflows",
                "/api/dead",
                "/api/audit",
                "/api/inbox",
                "/api/calls/in-doubt",
                "/api/workers",
                "/api/openapi",
                "/health/ready",
                "/metrics",
                "/console/tasks",
                "/console/inbox",
                "/console/tools",
                "/console/workflows",
                "/console/dead",
                "/console/audit"));
        tasks.forEach(task -> pages.addAll(List.of("/api/tasks/" + task, "/console/tasks/" + task)));
        return pages;
    }

    /** Every column of every table, whatever its type. */
    private String database() {
        StringBuilder all = new StringBuilder();
        jdbc.sql(
                        "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'")
                .query(String.class)
                .list()
                .forEach(table -> jdbc.sql("select row_to_json(t)::text from %s t".formatted(table))
                        .query(String.class)
                        .list()
                        .forEach(row -> all.append(table).append(row).append('\n')));
        return all.toString();
    }

    private static String traces() {
        await().until(() ->
                RECEIVER.spans().stream().anyMatch(span -> span.toString().contains("in-header")));
        return RECEIVER.spans().toString();
    }

    /** All attributes, and all dumps of routes, also such as no user may have. */
    private static String mbeans(MBeanServer server) throws JMException {
        StringBuilder all = new StringBuilder();
        for (ObjectName name : server.queryNames(null, null)) {
            all.append(name).append('\n');
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                try {
                    all.append(attribute.getName())
                            .append('=')
                            .append(server.getAttribute(name, attribute.getName()))
                            .append('\n');
                } catch (JMException | RuntimeException e) {
                    all.append(e).append('\n'); // some cannot be read
                }
            }
            if (name.getDomain().equals("org.apache.camel") && "routes".equals(name.getKeyProperty("type"))) {
                all.append(server.invoke(name, "dumpRouteAsXml", new Object[0], new String[0]));
                all.append(server.invoke(name, "dumpRouteAsXml", new Object[] {true}, new String[] {"boolean"}));
            }
        }
        return all.toString();
    }

    private static List<String> forms() {
        List<String> forms = new ArrayList<>(List.of(MARK));
        for (String name : NAMES) {
            forms.add(value(name));
            forms.add(Base64.getEncoder().encodeToString(value(name).getBytes(StandardCharsets.UTF_8)));
        }
        forms.add(basic(value("basic-password")));
        return forms;
    }

    private static String basic(String password) {
        return Base64.getEncoder().encodeToString(("drover:" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String value(String name) {
        return "%s-of-%s".formatted(MARK, name.replace("-", ""));
    }

    private static String heard(FaultyServer.Request request) {
        return request.method() + " " + request.target() + " " + request.headers();
    }

    private static String key(FaultyServer.Request request) {
        return request.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Idempotency-Key"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    private UUID call(String tool, String arguments) {
        return submit("call", "{\"tool\":\"%s\",\"args\":%s}".formatted(tool, arguments));
    }

    private UUID submit(String workflow, String input) {
        ApiClient.Answer answer = operator().post("/api/tasks/" + workflow, input);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return UUID.fromString(answer.json().path("id").asText());
    }

    private UUID completed(UUID task) {
        await().untilAsserted(() -> assertThat(task(task)).contains("\"COMPLETED\""));
        return task;
    }

    private UUID dead(UUID task) {
        await().untilAsserted(() -> assertThat(task(task)).contains("\"DEAD\""));
        return task;
    }

    private String task(UUID task) {
        return operator().get("/api/tasks/" + task).body();
    }

    private String state(UUID task) {
        return jdbc.sql("select state from call where task_id = ? order by n desc limit 1")
                .param(task)
                .query(String.class)
                .single();
    }

    private ApiClient operator() {
        return new ApiClient(port, "ada", "secret");
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("secrets");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String name, String value) {
        try {
            Files.writeString(DIRECTORY.resolve(name), value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
