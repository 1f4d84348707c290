package io.drover.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyMcpServer;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.json.Json;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process whose tools connect to real servers on this machine, under names that the test resolves. */
@DirtiesContext // its servers are those of the next one, which does with them as it is told
@Import(EgressTestBase.Beans.class)
@AutoConfigureObservability(tracing = false)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-egress",
            "drover.models.default.model=sample",
            "drover.models.strange.model=sample",
            "drover.tools.defaults.backoff=1ms",
        })
abstract class EgressTestBase {

    /** Whose port the lists name. */
    static final FaultyServer SERVER = new FaultyServer();

    /** On the same address, and on no list. */
    static final FaultyServer SECRET = new FaultyServer();

    static final FaultyServer PROXY = new FaultyServer();

    static final FaultyMcpServer MCP = new FaultyMcpServer();

    /** Another, whose connections serve one message each, so that each looks its host up. */
    static final FaultyMcpServer TURNING = new FaultyMcpServer();

    private static final String TOOLS =
            "{\"tools\":[{\"name\":\"look\",\"inputSchema\":{\"type\":\"object\"},\"annotations\":{\"readOnlyHint\":true}}]}";

    static final TestNames NAMES = new TestNames();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("drover.models.default.url", () -> SERVER.url() + "/v1");
        registry.add("drover.models.strange.url", () -> "http://strange.example:" + port(SERVER) + "/strange");
        registry.add("drover.mcp.far.url", () -> SERVER.url() + "/mcp");
        registry.add("drover.mcp.odd.url", () -> "http://odd.example:" + port(SERVER) + "/odd");
        registry.add("drover.mcp.turn.url", () -> "http://turn.example:" + port(SERVER) + "/turn");
        NAMES.answer("turn.example", "127.0.0.1");
        NAMES.answer("strange.example", "0.0.0.0"); // by which this machine is reached
        NAMES.answer("odd.example", "0.0.0.0");
        MCP.on("tools/list", list -> FaultyMcpServer.result(list, TOOLS));
        MCP.on(
                "tools/call",
                call -> FaultyMcpServer.result(call, "{\"content\":[{\"type\":\"text\",\"text\":\"yes\"}]}"));
        SERVER.respond("/mcp", MCP);
        TURNING.on("tools/list", list -> once(list, TOOLS));
        TURNING.on("tools/call", call -> once(call, "{\"content\":[{\"type\":\"text\",\"text\":\"yes\"}]}"));
        SERVER.respond("/turn", TURNING);
    }

    private static FaultyServer.Answer once(JsonNode request, String result) {
        return FaultyServer.status(
                200, "Content-Type: application/json\r\nConnection: close", FaultyMcpServer.message(request, result));
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    /** Answers each lookup of a name with the next answer, and at last always with the same; other names are Java's. */
    static final class TestNames implements Names {

        private final Map<String, List<String>> answers = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> lookups = new ConcurrentHashMap<>();

        /** @param addresses of each lookup, several separated by spaces */
        void answer(String host, String... addresses) {
            answers.put(host, new CopyOnWriteArrayList<>(addresses));
            lookups.put(host, new AtomicInteger());
        }

        int lookups(String host) {
            return lookups.get(host).get();
        }

        @Override
        public InetAddress[] addresses(String host) throws UnknownHostException {
            List<String> known = answers.get(host);
            if (known == null) {
                return InetAddress.getAllByName(host);
            }
            int number = lookups.get(host).getAndIncrement();
            String[] found = known.get(Math.min(number, known.size() - 1)).split(" ");
            InetAddress[] addresses = new InetAddress[found.length];
            for (int i = 0; i < found.length; i++) {
                addresses[i] = InetAddress.getByName(found[i]);
            }
            return addresses;
        }
    }

    /** What routes call by code. */
    static class Steps {

        private static final HttpClient CLIENT = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();

        private final Map<String, Boolean> failed = new ConcurrentHashMap<>();

        /** Reads an argument by code, because a file may not call any URL that comes to it. */
        public String url(Exchange exchange) {
            return exchange.getVariable("url", String.class);
        }

        public String look(Exchange exchange) throws UnknownHostException {
            return InetAddress.getByName(url(exchange)).getHostAddress();
        }

        /** Gets it by Java's own client, which says of a name that is refused only that it could not connect. */
        public String send(Exchange exchange) throws Exception {
            return CLIENT.send(request(exchange), BodyHandlers.ofString()).body();
        }

        /** The same, on threads of the client. */
        public String sendElsewhere(Exchange exchange) throws Exception {
            return CLIENT.sendAsync(request(exchange), BodyHandlers.ofString())
                    .get()
                    .body();
        }

        private HttpRequest request(Exchange exchange) {
            return HttpRequest.newBuilder(URI.create(url(exchange))).build();
        }

        /** Gets it by the client of Java's URLs. */
        public String open(Exchange exchange) throws IOException {
            try (InputStream in = URI.create(url(exchange)).toURL().openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        /** Connects by a socket, and hides by which exception that failed. */
        public String connect(Exchange exchange) {
            URI url = URI.create(url(exchange));
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                return socket.toString();
            } catch (IOException e) {
                throw new UncheckedIOException("no connection", e);
            }
        }

        public void failOnce(Exchange exchange) {
            if (failed.putIfAbsent(exchange.getVariable("got").toString(), true) == null) {
                throw new IllegalStateException("the first attempt fails");
            }
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        Steps egressSteps() {
            return new Steps();
        }

        @Bean
        InetSocketAddress secretSocks() {
            return new InetSocketAddress("127.0.0.1", Integer.parseInt(port(SECRET)));
        }

        @Bean
        Names names() {
            return NAMES;
        }
    }

    @AfterEach
    void forget() {
        SERVER.reset();
        SERVER.respond("/mcp", MCP);
        SERVER.respond("/turn", TURNING);
        SECRET.reset();
        PROXY.reset();
    }

    static String port(FaultyServer server) {
        return server.url().substring(server.url().lastIndexOf(':') + 1);
    }

    static String url(String host, FaultyServer server) {
        return "http://" + host + ":" + port(server) + "/x";
    }

    UUID call(String tool, String url) {
        return submit("call", "{\"tool\":\"%s\",\"args\":{\"url\":%s}}".formatted(tool, Json.write(url)));
    }

    UUID submit(String workflow, String input) {
        return tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    void assertCompleted(UUID task) {
        await().untilAsserted(() -> assertThat(task(task)).containsEntry("status", "COMPLETED"));
    }

    /** The text of the error of a task that died in its first attempt: more of them do no better. */
    String refusal(UUID task) {
        await().untilAsserted(() -> assertThat(task(task)).containsEntry("status", "DEAD"));
        assertThat(task(task)).as("%s", task(task)).containsEntry("attempt", 1);
        return String.valueOf(task(task).get("error"));
    }

    Map<String, Object> task(UUID id) {
        return jdbc.sql("select status, attempt, output::text, error::text from task where id = ?")
                .param(id)
                .query()
                .singleRow();
    }

    double counted(String tool, String verdict) {
        Counter counter = meters.find("agent.egress.checks")
                .tag("tool", tool)
                .tag("verdict", verdict)
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
