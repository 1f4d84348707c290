package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import jakarta.servlet.ServletContext;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.handler.AbstractHandlerMethodMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** Who may do what, over all that this process serves: a new endpoint without a decision here fails. */
class AccessMatrixTest extends ApiTestBase {

    /** Letters of who is let in: o operator, v viewer, r reader, a approver, s submitter, p scraper, k admin, n nobody, l an operator that is limited to other workflows. */
    private static final Map<String, String> DECISIONS = decisions(
            """
            GET /health/live                            novaspklr
            GET /health/ready                           novaspklr
            GET /health                                 ovar
            GET /health/**                              ovar
            GET /metrics                                ovapr
            GET /loggers                                ovar
            GET /loggers/{name}                         ovar
            POST /loggers/{name}                        o
            GET /jolokia                                -
            POST /jolokia                               ovr
            POST /hawtio/jolokia                        ovr
            GET /hawtio                                 ovar
            GET /hawtio/                                ovar
            GET /hawtio/index.html                      ovar
            GET /hawtio/plugin                          ovar
            GET /hawtio/auth/config                     ovar
            GET /hawtio/user                            ovar
            POST /hawtio/auth/login                     -
            POST /hawtio/auth/logout                    o
            GET /hawtio/proxy/http/127.0.0.1/1/x        -
            POST /hawtio/proxy/http/127.0.0.1/1/x       -
            GET /mcp                                    ovr
            POST /mcp                                   ovr
            DELETE /mcp                                 ovr
            GET /api/openapi                            ovalr
            GET /api/openapi.yaml                       ovalr
            GET /api/tasks                              ovaslr
            GET /api/tasks/{id}                         ovaslr
            GET /api/tasks/{id}/children                ovaslr
            GET /api/tasks/{id}/conversations           ovaslr
            GET /api/tasks/{id}/events                  ovaslr
            POST /api/tasks/{workflow}                  os
            POST /api/signals/{name}                    os
            POST /api/tasks/{id}/cancel                 ol
            GET /api/tasks/{id}/retry                   ovalr
            POST /api/tasks/{id}/retry                  ol
            GET /api/tasks/{id}/execute                 ovalr
            POST /api/tasks/{id}/execute                oal
            POST /api/tasks/{id}/calls/{n}/resolve      ol
            GET /api/tasks/{id}/calls/{n}/sample        oalr
            GET /api/calls/in-doubt                     ovalr
            GET /api/audit                              ovar
            POST /api/calls/resolve                     ol
            GET /api/tools                              ovar
            GET /api/tools/errors                       ovar
            GET /api/workflows                          ovar
            GET /api/workers                            ovar
            GET /api/queue                              ovar
            GET /api/dead                               ovalr
            GET /api/dead/retry                         oalr
            POST /api/dead/retry                        ol
            GET /api/set-aside                          ovar
            GET /api/set-aside/{id}                     oar
            DELETE /api/set-aside/{id}                  o
            POST /api/set-aside/{id}/replay             o
            POST /api/set-aside/{id}/dead-letter        o
            POST /api/triggers/{trigger}/skip           o
            GET /api/inbox                              ovalr
            GET /api/holds                              ovar
            POST /api/holds                             o
            DELETE /api/holds/{id}                      o
            GET /api/rollouts                           ovar
            GET /api/evals                              ovar
            GET /api/rollouts/{id}                      ovar
            POST /api/rollouts/{id}/{action}            o
            GET /console/rollouts                       ovar
            GET /console/evals                          ovar
            GET /console/rollouts/{id}                  ovar
            POST /console/rollouts/{id}/{action}        o
            GET /api/approvals                          ovalr
            GET /api/approvals/{id}                     ovalr
            POST /api/approvals/{id}/vote               a
            POST /api/approvals/vote                    a
            GET /api/standing-grants                    ovar
            POST /api/standing-grants                   a
            DELETE /api/standing-grants/{id}            oa
            GET /console/standing-grants                ovar
            POST /console/standing-grants               a
            POST /console/standing-grants/{id}/revoke   oa
            GET /console/approvals                      ovalr
            GET /console/approvals/{id}                 ovalr
            POST /console/approvals/vote                a
            GET /api/can                                ovasklr
            GET /api/keys                               k
            POST /api/keys                              k
            DELETE /api/keys/{id}                       k
            GET /console/keys                           k
            POST /console/keys                          k
            POST /console/keys/{id}/revoke              k
            POST /api/erasures                          k
            GET /api/memory                             oar
            DELETE /api/memory                          o
            GET /console                                ovalr
            GET /console/                               ovalr
            GET /console/**                             ovar
            GET /                                       ovalr
            GET /console/tasks                          ovalr
            GET /console/tasks/{id}                     ovalr
            GET /console/tasks/{id}/calls/{first}-{last} ovalr
            GET /console/tasks/{id}/conversations       ovalr
            GET /console/tasks/{id}/children            ovalr
            GET /console/dead                           ovalr
            GET /console/dead/retry                     oalr
            GET /console/tools                          ovar
            GET /console/workflows                      ovar
            GET /console/workers                        ovar
            GET /console/audit                          ovar
            GET /console/assets/console.css             ovaklr
            GET /console/logged-out                     ovalr
            GET /console/inbox                          ovalr
            GET /console/inbox/{id}                     ovar
            POST /console/inbox/resolve                 ol
            GET /console/holds                          ovar
            POST /console/holds                         o
            POST /console/holds/{id}/release            o
            POST /console/dead/retry                    ol
            POST /console/tasks/{id}/cancel             ol
            POST /console/tasks/{id}/retry              ol
            GET /console/tasks/{id}/redo                ovalr
            POST /console/tasks/{id}/redo               ol
            GET /console/tasks/{id}/execute             ovalr
            POST /console/tasks/{id}/execute            oal
            POST /console/tasks/{id}/calls/{n}/resolve  ol
            ANY /error                                  o
            POST /hooks/anything                        os
            GET /hooks/link                             os
            POST /hooks/open                            os
            PUT /api/tasks/{id}                         ol
            DELETE /api/tasks/{id}                      ol
            PATCH /api/tasks/{id}                       ol
            OPTIONS /api/tasks                          o
            GET /nothing                                o
            GET /actuator                               o
            GET /actuator/env                           o
            GET /env                                    o
            GET /heapdump                               o
            """);

    @Autowired
    ApplicationContext context;

    @Autowired
    ServletContext servlets;

    private static Map<String, String> decisions(String table) {
        Map<String, String> decisions = new TreeMap<>();
        table.lines().map(line -> line.split("\\s+")).forEach(row -> decisions.put(row[0] + " " + row[1], row[2]));
        return decisions;
    }

    @Test
    void letsInWhoIsDecidedToComeIn() {
        Map<String, ApiClient> users = Map.of(
                "o", operator(),
                "v", viewer(),
                "r", user("rex"),
                "a", user("ann"),
                "s", user("sam"),
                "p", user("prom"),
                "k", user("kay"),
                "l", user("lia"),
                "n", nobody());
        List<String> wrong = new ArrayList<>();
        DECISIONS.forEach((endpoint, letIn) -> users.forEach((letter, user) -> {
            int status = call(user, endpoint).status();
            boolean in = status != 401 && status != 403;
            if (in != letIn.contains(letter) || !in && status != (letter.equals("n") ? 401 : 403)) {
                wrong.add("%s by %s: %d".formatted(endpoint, letter, status));
            }
        }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyHandlerHasADecision() {
        Set<String> served = new TreeSet<>();
        for (AbstractHandlerMethodMapping<?> mapping :
                context.getBeansOfType(AbstractHandlerMethodMapping.class).values()) {
            if (!(mapping instanceof CamelRequestHandlerMapping)) { // hooks are decided by what they are
                mapping.getHandlerMethods().keySet().forEach(info -> served.addAll(endpoints(info)));
            }
        }
        Set<String> undecided = new TreeSet<>(served);
        undecided.removeAll(DECISIONS.keySet());
        assertThat(served).contains("POST /api/tasks/{workflow}", "GET /metrics", "POST /loggers/{name}");
        assertThat(undecided).isEmpty();
    }

    @Test
    void everyResourceAndServletHasADecision() {
        Set<String> served = new TreeSet<>();
        context.getBeansOfType(AbstractUrlHandlerMapping.class)
                .values()
                .forEach(mapping -> served.addAll(mapping.getHandlerMap().keySet()));
        servlets.getServletRegistrations().values().forEach(servlet -> served.addAll(servlet.getMappings()));
        assertThat(served)
                .isSubsetOf(
                        "/",
                        "/mcp",
                        "/jolokia/*",
                        "/console",
                        "/console/assets/*",
                        "/hawtio/",
                        "/hawtio/**",
                        "/hawtio/jolokia/**",
                        "/hawtio/plugin",
                        "/hawtio/auth/config/*",
                        "/hawtio/auth/login",
                        "/hawtio/auth/logout",
                        "/hawtio/keycloak/*",
                        "/hawtio/proxy/*",
                        "/hawtio/user/*");
    }

    private static Set<String> endpoints(Object info) {
        if (!(info instanceof RequestMappingInfo mapping)) {
            return Set.of("ANY " + info);
        }
        Set<String> endpoints = new TreeSet<>();
        for (String path : mapping.getPatternValues()) {
            if (mapping.getMethodsCondition().getMethods().isEmpty()) {
                endpoints.add("ANY " + path);
            }
            mapping.getMethodsCondition().getMethods().forEach(method -> endpoints.add(method + " " + path));
        }
        return endpoints;
    }

    private static Answer call(ApiClient user, String endpoint) {
        String[] parts = endpoint.split(" ");
        String path = parts[1].replace("{workflow}", "anything")
                .replace("{id}", UUID.randomUUID().toString())
                .replace("{n}", "1")
                .replace("{first}-{last}", "1-2")
                .replace("{name}", "io.drover.none")
                .replace("{trigger}", "none")
                .replace("{action}", "abort")
                .replace("/**", "/nothing/at/all");
        String method = parts[0].equals("ANY") ? "GET" : parts[0];
        String body = path.endsWith("jolokia") ? "{\"type\":\"version\"}" : "{}";
        return user.send(user.request(path, "Content-Type", "application/json", "Accept", "application/json, */*")
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    @Test
    void aSubmitterSeesItsOwnTasksOnly() {
        ApiClient sam = user("sam");
        ApiClient sue = user("sue");
        String id = sam.post("/api/tasks/anything", "{\"of\":\"sam\"}", "Idempotency-Key", "key-of-sam")
                .json()
                .path("id")
                .asText();
        String other =
                operator().post("/api/tasks/anything", "{}").json().path("id").asText();

        assertThat(sam.get("/api/tasks/" + id).status()).isEqualTo(200);
        assertThat(sam.get("/api/tasks/" + id).json().path("submittedBy").asText())
                .isEqualTo("sam");
        assertThat(viewer().get("/api/tasks/" + id).status()).isEqualTo(200);
        assertThat(sue.get("/api/tasks/" + id).status()).isEqualTo(404);
        assertThat(sue.get("/api/tasks/" + id).body().replace(id, ""))
                .isEqualTo(sue.get("/api/tasks/" + new UUID(1, 1)).body().replace(new UUID(1, 1).toString(), ""));
        assertThat(sam.get("/api/tasks/" + other).status()).isEqualTo(404);

        for (String query : List.of("", "?q=" + id, "?q=key-of-sam", "?q=key-of", "?workflow=anything", "?limit=200")) {
            assertThat(ids(sam, query)).as(query).contains(id).doesNotContain(other);
            assertThat(ids(sue, query)).as(query).isEmpty();
            assertThat(ids(viewer(), query)).as(query).contains(id);
        }
        assertThat(ids(sam, "?q=" + other)).isEmpty();
        assertThat(ids(sam, "?status=DEAD")).isEmpty();
    }

    private static List<String> ids(ApiClient user, String query) {
        JsonNode page = user.get("/api/tasks" + query).json();
        List<String> ids = new ArrayList<>();
        page.path("tasks").forEach(task -> ids.add(task.path("id").asText()));
        return ids;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//jolokia",
                "/jolokia;jsessionid=1",
                "/hawtio/..;/jolokia",
                "/health/live/../../api/tasks",
                "/health/live/..;/..;/api/tasks",
                "/health%2Flive",
                "/health/live%2f..%2f..%2fapi%2ftasks",
                "/%2e%2e/api/tasks",
                "/health/live;x/../api",
                "/health/live%00",
                "/api%5Ctasks"
            })
    void refusesPathsThatAreWrittenTwoWays(String path) {
        for (ApiClient user : List.of(nobody(), viewer(), operator())) {
            Answer answer = user.post(path, "{\"type\":\"version\"}");
            assertThat(answer.status()).as(answer.body()).isBetween(400, 404);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.body()).doesNotContain("Exception", "at org.", "at io.");
        }
    }

    @ParameterizedTest
    @CsvSource({"/METRICS", "/Metrics", "/metrics/", "/metrics/x", "/Jolokia", "/HAWTIO/jolokia", "/api/tasks/", "/MCP"
    })
    void aPathIsWrittenInOneWay(String path) {
        assertThat(nobody().get(path).status()).isEqualTo(401);
        assertThat(user("prom").get(path).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "17",
                "{",
                "",
                "{\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"1.0\",\"method\":\"ping\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"method\":5,\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}"
            })
    void mcpAnswersWithoutJavaWords(String body) {
        Answer answer = operator().post("/mcp", body, "Accept", "application/json, text/event-stream");
        assertThat(answer.status()).as(answer.body()).isBetween(400, 500);
        assertThat(answer.json().path("error").path("message").asText()).isNotBlank();
        assertThat(answer.body())
                .doesNotContain("Exception", "java.", "io.modelcontextprotocol", "com.fasterxml", "\tat ");
    }

    @Test
    void believesNoForwardedAddress() {
        Answer answer = viewer().get("/", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https");
        assertThat(answer.header("Location")).doesNotContain("evil.example");
        assertThat(nobody().get(
                                "/api/tasks",
                                "X-Forwarded-For",
                                "127.0.0.1",
                                "X-Remote-User",
                                "ada",
                                "X-Original-URL",
                                "/health/live")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tellsDetailsOfHealthToWhoMayReadThem() {
        assertThat(viewer().get("/health/ready").body()).contains("\"details\"");
        for (ApiClient user : List.of(nobody(), user("sam"), user("prom"))) {
            assertThat(user.get("/health/ready").body()).doesNotContain("\"details\"");
        }
    }

    @Test
    void allowsNoOtherOrigin() {
        for (String path : List.of("/api/tasks", "/metrics", "/loggers", "/health")) {
            Answer answer = viewer().get(path, "Origin", "http://evil.example");
            assertThat(answer.header("Access-Control-Allow-Origin")).as(path).isEmpty();
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        }
        assertThat(viewer().get("/console/tasks").header("Content-Security-Policy"))
                .contains("frame-ancestors 'none'");
    }

    private ApiClient user(String name) {
        return new ApiClient(port(), name, "secret");
    }
}
