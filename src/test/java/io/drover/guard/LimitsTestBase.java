package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.FaultyServer.Answer;
import io.drover.TestDatabase;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process whose routes read what other sides send: an HTTP server, an MCP server, and databases. */
@Import(LimitsTestBase.Beans.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-limits",
            "drover.answers.max-bytes=200000",
            "drover.worker.concurrency=10",
            "drover.datasources.default.maximum-pool-size=6",
            "drover.datasources.default.connection-timeout=500ms",
            "drover.datasources.orders.url=jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1",
            "drover.datasources.orders.maximum-pool-size=2",
            "drover.datasources.reader.read-only=true",
            "drover.models.default.model=sample",
            "drover.models.default.timeout=2s",
            "drover.models.default.retries=0",
            "drover.models.default.max-answer-bytes=100000",
            "drover.mcp.far.timeout=2s",
            "drover.mcp.far.retries=0",
            "drover.mcp.far.max-result-bytes=100000"
        })
abstract class LimitsTestBase {

    static final FaultyServer SERVER = new FaultyServer();
    static final FaultyMcpServer MCP = mcp();
    static final AtomicInteger PATHS = new AtomicInteger();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("drover.datasources.reader.url", () -> url);
        registry.add("server.url", SERVER::url);
        registry.add("drover.models.default.url", () -> SERVER.url() + "/v1");
        registry.add("drover.mcp.far.url", () -> SERVER.url() + "/mcp");
        SERVER.respond("/mcp", MCP);
    }

    private static FaultyMcpServer mcp() {
        return new FaultyMcpServer()
                .on(
                        "tools/list",
                        list -> FaultyMcpServer.result(
                                list,
                                """
                                {"tools":[
                                  {"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},
                                  {"name":"send","inputSchema":{"type":"object"}}]}"""));
    }

    @Autowired
    Guard guard;

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    CamelContext camel;

    /** Reads an argument by code, because a file may neither call any URL nor execute any statement that comes to it. */
    static class Argument {

        public String path(Exchange exchange) {
            return exchange.getVariable("path", String.class);
        }

        public String sql(Exchange exchange) {
            return exchange.getVariable("sql", String.class);
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        Argument argument() {
            return new Argument();
        }
    }

    void assertStatementsAreOver(String text) {
        await().untilAsserted(() -> assertThat(
                        jdbc.sql("select query from pg_stat_activity where state = 'active' and query like ? and pid <>"
                                        + " pg_backend_pid()")
                                .param("%" + text + "%")
                                .query(String.class)
                                .list())
                .isEmpty());
    }

    static String path(Answer answer) {
        String path = "p" + PATHS.incrementAndGet();
        SERVER.always("/" + path, answer);
        return path;
    }

    UUID call(String tool, String path) {
        return submit("call", "{\"tool\":\"%s\",\"args\":{\"path\":\"%s\"}}".formatted(tool, path));
    }

    UUID submit(String workflow, String input) {
        return tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    void assertStatus(UUID task, String status) {
        await().untilAsserted(() -> assertThat(task(task)).containsEntry("status", status));
    }

    Map<String, Object> task(UUID id) {
        return jdbc.sql("select status, wait_reason, output::text, error::text from task where id = ?")
                .param(id)
                .query()
                .singleRow();
    }
}
