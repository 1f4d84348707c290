package io.drover.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Hawtio reads and does over HTTP, and who may. */
class HawtioTest extends HawtioTestBase {

    @Test
    void needsAUser() {
        assertThat(nobody().get("/hawtio/").status()).isEqualTo(401);
        assertThat(nobody().get("/jolokia/version").status()).isEqualTo(401);
        assertThat(nobody().post("/jolokia", "{\"type\":\"version\"}").status()).isEqualTo(401);
        assertThat(viewer().get("/hawtio/").body()).contains("<title>");
    }

    @Test
    void showsTheRoutesWithTheirGuards() {
        JsonNode routes = read(viewer(), ours("type=routes,name=\"echo\""), "RouteId");
        assertThat(routes.path("status").asInt()).isEqualTo(200);
        JsonNode dump = post(
                viewer(),
                "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"dumpRouteAsXml()\"}"
                        .formatted(routes.path("value").fieldNames().next().replace("\"", "\\\"")));
        assertThat(dump.path("value").asText())
                .contains("<policy", "<idempotentConsumer", "<throttle", "<circuitBreaker");
    }

    @Test
    void aViewerChangesNothing() {
        JsonNode routes = read(viewer(), ours("type=routes,name=\"echo\""), "State");
        String route = routes.path("value").fieldNames().next().replace("\"", "\\\"");

        String stop = "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"stop()\"}".formatted(route);
        String start = "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"start()\"}".formatted(route);
        assertThat(post(viewer(), stop).path("status").asInt()).isEqualTo(403);
        assertThat(post(
                                viewer(),
                                "{\"type\":\"write\",\"mbean\":\"%s\",\"attribute\":\"StatisticsEnabled\",\"value\":false}"
                                        .formatted(route))
                        .path("status")
                        .asInt())
                .isEqualTo(403);
        assertThat(viewer().post("/hawtio/jolokia", stop).json().path("status").asInt())
                .as("where Hawtio's pages send it")
                .isEqualTo(403);

        assertThat(viewer().post("/hawtio/jolokia", "{\"type\":\"version\"}")
                        .json()
                        .path("status")
                        .asInt())
                .isEqualTo(200);
        assertThat(post(operator(), stop).path("status").asInt()).isEqualTo(200);
        assertThat(state(route)).isEqualTo("Stopped");
        assertThat(post(operator(), start).path("status").asInt()).isEqualTo(200);
        assertThat(state(route)).isEqualTo("Started");
        List<String> recorded = new ArrayList<>();
        viewer().get("/api/audit?what=operate").json().path("entries").forEach(entry -> {
            if (entry.path("detail").path("mbean").asText().contains("echo")) {
                recorded.add(entry.path("actor").asText() + " "
                        + entry.path("detail").path("operation").asText());
            }
        });
        assertThat(recorded).as("who changed something, the newest first").containsExactly("ada start()", "ada stop()");
    }

    @Test
    void anOperatorTracesARoute() {
        String tracer = read(operator(), ours("type=tracer"), "Enabled")
                .path("value")
                .fieldNames()
                .next()
                .replace("\"", "\\\"");
        String enable = "{\"type\":\"write\",\"mbean\":\"%s\",\"attribute\":\"Enabled\",\"value\":%s}";
        assertThat(post(viewer(), enable.formatted(tracer, true)).path("status").asInt())
                .isEqualTo(403);
        assertThat(post(operator(), enable.formatted(tracer, true))
                        .path("status")
                        .asInt())
                .isEqualTo(200);

        operator().post("/api/tasks/greet", "{\"name\":\"Ada\"}", "Prefer", "wait=20");

        assertThat(post(
                                operator(),
                                "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"dumpAllTracedMessagesAsXml()\"}"
                                        .formatted(tracer))
                        .path("value")
                        .asText())
                .contains("<routeId>greet</routeId>", "<routeId>echo</routeId>");
        post(operator(), enable.formatted(tracer, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jolokia/exec/io.drover:type=Workflow,name=%22greet%22/pause",
                "/hawtio/jolokia/exec/io.drover:type=Workflow,name=%22greet%22/pause",
                "/jolokia?p=exec/io.drover:type=Workflow,name=%22greet%22/pause",
                "/hawtio/jolokia/?p=exec/io.drover:type=Workflow,name=%22greet%22/pause",
                "/jolokia/read/io.drover:type=Tasks?callback=steal",
                "/jolokia/list"
            })
    void aLinkDoesAndTellsNothing(String link) {
        ApiClient.Answer answer = operator().get(link);

        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("only to POST").doesNotContain("steal");
        assertThat(read(viewer(), "io.drover:type=Workflow,name=\"greet\"", "Paused")
                        .path("value")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void answersOnlyItsOwnPages() {
        String version = "{\"type\":\"version\"}";
        for (String path : List.of("/jolokia", "/hawtio/jolokia")) {
            assertThat(operator()
                            .post(path, version, "Origin", "http://evil.example")
                            .status())
                    .isEqualTo(403);
            ApiClient.Answer own = operator().post(path, version, "Origin", "https://localhost:" + port);
            assertThat(own.json().path("status").asInt()).isEqualTo(200);
            assertThat(own.header("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    context    | sendBody(java.lang.String,java.lang.Object)        | "tool:echo", "x"
                    context    | sendStringBody(java.lang.String,java.lang.String)  | "tool:echo", "x"
                    context    | requestBody(java.lang.String,java.lang.Object)     | "tool:echo", "x"
                    context    | createEndpoint(java.lang.String)                   | "direct:new"
                    context    | removeEndpoints(java.lang.String)                  | "*"
                    context    | setGlobalOption(java.lang.String,java.lang.String) | "http.proxyHost", "x"
                    routes     | updateRouteFromXml(java.lang.String)               | "<route/>"
                    routes     | remove()                                           |
                    processors | disable()                                          |
                    processors | stop()                                             |
                    """)
    void nobodyGoesRoundTheGuard(String type, String operation, String arguments) {
        for (String bean : beans(type)) {
            JsonNode answer = post(
                    operator(),
                    "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"%s\",\"arguments\":[%s]}"
                            .formatted(bean.replace("\"", "\\\""), operation, arguments == null ? "" : arguments));
            assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(403);
        }
    }

    private List<String> beans(String type) {
        JsonNode found = post(operator(), "{\"type\":\"search\",\"mbean\":\"%s\"}".formatted(ours("type=" + type)))
                .path("value");
        List<String> beans = new ArrayList<>();
        found.forEach(bean -> beans.add(bean.asText()));
        assertThat(beans).isNotEmpty();
        return beans;
    }

    @Test
    void hidesWhatIsNotDroversOrCamels() {
        assertThat(post(operator(), "{\"type\":\"list\",\"config\":{\"maxDepth\":1}}")
                        .path("value")
                        .fieldNames())
                .toIterable()
                .contains("org.apache.camel", "io.drover")
                .doesNotContain("com.sun.management", "com.zaxxer.hikari", "java.util.logging", "Tomcat");
        assertThat(post(operator(), "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc()\"}")
                        .path("status")
                        .asInt())
                .isEqualTo(403);
        assertThat(operator().get("/hawtio/proxy/http/127.0.0.1/1/jolokia").status())
                .isNotEqualTo(200);
    }

    @Test
    void showsTasksWorkersToolsAndWorkflows() {
        await().until(() -> !read(viewer(), "io.drover:type=Tool,name=\"echo\"", "BreakerState")
                .path("value")
                .isMissingNode());
        assertThat(read(viewer(), "io.drover:type=Tool,name=\"echo\"", "BreakerState")
                        .path("value")
                        .asText())
                .isEqualTo("CLOSED");
        assertThat(read(viewer(), "io.drover:type=Worker", "FleetSize")
                        .path("value")
                        .asInt())
                .isEqualTo(1);
        assertThat(read(viewer(), "io.drover:type=Tasks", "InDoubt")
                        .path("value")
                        .asInt())
                .isZero();
    }

    @Test
    void retriesAndCancelsTasksAndPausesWorkflows() {
        await().until(() -> !read(viewer(), "io.drover:type=Workflow,name=\"greet\"", "Paused")
                .path("value")
                .isMissingNode());
        exec("Workflow,name=\\\"greet\\\"", "pause()", "");
        String held = operator()
                .post("/api/tasks/greet", "{\"name\":\"Ada\"}")
                .json()
                .path("id")
                .asText();
        String dead = operator()
                .post("/api/tasks/doomed", "{}", "Prefer", "wait=20")
                .json()
                .path("id")
                .asText();
        assertThat(exec("Tasks", "retry(java.lang.String)", dead)).isEqualTo("done");
        assertThat(exec("Tasks", "retry(java.lang.String)", held)).startsWith("refused");
        assertThat(operator().get("/api/tasks/" + held).json().path("status").asText())
                .isEqualTo("QUEUED");
        assertThat(exec("Tasks", "redo(java.lang.String,int)", held + "\",\"1"))
                .isEqualTo("refused: the task is QUEUED; only a DEAD task can be redone");
        assertThat(exec("Tasks", "cancel(java.lang.String)", held)).isEqualTo("done");
        exec("Workflow,name=\\\"greet\\\"", "resume()", "");

        assertThat(operator()
                        .post("/api/tasks/greet", "{\"name\":\"Ada\"}", "Prefer", "wait=20")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("COMPLETED");
    }

    private String exec(String bean, String operation, String argument) {
        JsonNode answer = post(
                operator(),
                "{\"type\":\"exec\",\"mbean\":\"io.drover:type=%s\",\"operation\":\"%s\",\"arguments\":[%s]}"
                        .formatted(bean, operation, argument.isEmpty() ? "" : "\"" + argument + "\""));
        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        return answer.path("value").asText();
    }

    /** The other contexts of the test run have beans of the same kind in this process. */
    private String ours(String keys) {
        return "org.apache.camel:context=%s,%s,*".formatted(camel.getManagementName(), keys);
    }

    private String state(String route) {
        return post(operator(), "{\"type\":\"read\",\"mbean\":\"%s\",\"attribute\":\"State\"}".formatted(route))
                .path("value")
                .asText();
    }

    private static JsonNode read(ApiClient user, String bean, String attribute) {
        return post(
                user,
                "{\"type\":\"read\",\"mbean\":\"%s\",\"attribute\":\"%s\"}"
                        .formatted(bean.replace("\"", "\\\""), attribute));
    }

    private static JsonNode post(ApiClient user, String request) {
        return user.post("/jolokia", request).json();
    }

    private ApiClient operator() {
        return new ApiClient(port, "ada", "secret");
    }

    private ApiClient viewer() {
        return new ApiClient(port, "vic", "secret");
    }

    private ApiClient nobody() {
        return new ApiClient(port, "", "");
    }
}
