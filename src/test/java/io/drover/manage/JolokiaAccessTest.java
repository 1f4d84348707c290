package io.drover.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type of request to Jolokia, from each role. The route of the tool "placed" has placeholders in its steps. */
class JolokiaAccessTest extends HawtioTestBase {

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":"version"}                                                                          | 200 | 200
                    {"type":"list","config":{"maxDepth":1}}                                                     | 200 | 200
                    {"type":"list","path":"java.lang/type=Memory"}                                              | 200 | 200
                    {"type":"search","mbean":"*:*"}                                                             | 200 | 200
                    {"type":"read","mbean":"java.lang:type=Memory","attribute":"HeapMemoryUsage"}               | 200 | 200
                    {"type":"read","mbean":"java.lang:type=Memory","attribute":"Verbose"}                       | 403 | 403
                    {"type":"read","mbean":"java.lang:type=Memory"}                                             | 403 | 403
                    {"type":"read","mbean":"java.lang:type=Runtime","attribute":"SystemProperties"}             | 403 | 403
                    {"type":"read","mbean":"java.lang:type=Runtime","attribute":"InputArguments"}               | 403 | 403
                    {"type":"read","mbean":"java.lang:type=Runtime","attribute":["Uptime","ClassPath"]}         | 403 | 403
                    {"type":"read","mbean":"java.lang:*","attribute":"SystemProperties"}                        | 403 | 403
                    {"type":"read","mbean":"java.l?ng:type=Runtime","attribute":"InputArguments"}               | 403 | 403
                    {"type":"read","mbean":"java.lang:type=*","attribute":"InputArguments"}                     | 403 | 403
                    {"type":"read","mbean":"JMImplementation:type=MBeanServerDelegate","attribute":"MBeanServerId"} | 403 | 403
                    {"type":"read","mbean":"com.zaxxer.hikari:*","attribute":"Password"}                        | 404 | 404
                    {"type":"write","mbean":"java.lang:type=Memory","attribute":"Verbose","value":true}         | 403 | 403
                    {"type":"exec","mbean":"java.lang:type=Memory","operation":"gc"}                            | 403 | 403
                    {"type":"exec","mbean":"java.lang:type=Threading","operation":"dumpAllThreads(boolean,boolean)","arguments":[true,true]} | 403 | 403
                    {"type":"exec","mbean":"com.sun.management:type=DiagnosticCommand","operation":"vmSystemProperties"} | 403 | 403
                    {"type":"exec","mbean":"com.sun.management:type=HotSpotDiagnostic","operation":"dumpHeap","arguments":["/tmp/h",true]} | 403 | 403
                    {"type":"exec","mbean":"io.drover:type=Tasks","operation":"cancel","arguments":["00000000-0000-0000-0000-000000000000"]} | 403 | 200
                    {"type":"exec","mbean":"io.drover:type=Tasks","operation":"getQueued"}                      | 403 | 403
                    {"type":"exec","mbean":"io.drover:*","operation":"cancel","arguments":["00000000-0000-0000-0000-000000000000"]} | 403 | 403
                    {"type":"exec","mbean":"jolokia:type=Config","operation":"resetHistoryEntries"}             | 403 | 403
                    """)
    void answersEachTypeOfRequestByRole(String request, int viewer, int operator) {
        assertThat(status(viewer(), request)).as("viewer").isEqualTo(viewer);
        assertThat(status(operator(), request)).as("operator").isEqualTo(operator);
        assertThat(user("", "").post("/jolokia", request).status()).isEqualTo(401);
        assertThat(user("sam", "secret").post("/jolokia", request).status()).isEqualTo(403);
        assertThat(user("prom", "secret").post("/jolokia", request).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"notification\",\"command\":\"register\"}",
                "{\"type\":\"notification\",\"command\":\"list\"}",
                "{\"type\":\"config\"}",
                "{\"type\":\"VERSION\"}",
                "{\"type\":\"unknown\"}",
                "{}",
                "[{\"type\":\"version\"},{\"type\":\"notification\",\"command\":\"register\"}]",
                "[[{\"type\":\"version\"}]]",
                "17"
            })
    void refusesOtherTypes(String request) {
        for (ApiClient user : List.of(viewer(), operator())) {
            refused(user.post("/jolokia", request), 403);
            refused(user.post("/hawtio/jolokia", request), 403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service:jmx:rmi:///jndi/rmi://localhost:%d/x",
                "service:jmx:rmi:///jndi/LDAP://localhost:%d/x",
                "service:jmx:rmi://localhost:%d/stub/rO0ABXQABWhlbGxv",
                "service:jmx:jolokia://localhost:%d/jolokia"
            })
    void connectsNowhere(String target) throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            listener.setSoTimeout(1);
            String url = target.formatted(listener.getLocalPort());
            String proxied =
                    "{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"HeapMemoryUsage\",\"target\":{\"url\":\"%s\"}}"
                            .formatted(url);
            for (String path : List.of("/jolokia", "/hawtio/jolokia", "/jolokia/", "/jolokia/read/x")) {
                refused(viewer().post(path, proxied), 403);
                refused(operator().post(path, "[{\"type\":\"version\"}," + proxied + "]"), 403);
            }
            assertThat(operator()
                            .get("/jolokia/proxy/" + listener.getLocalPort())
                            .status())
                    .isEqualTo(403);
            org.assertj.core.api.Assertions.assertThatThrownBy(listener::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void bringsNoServiceByItsJar() throws Exception {
        List<String> services = new ArrayList<>();
        for (URL list :
                Collections.list(getClass().getClassLoader().getResources("META-INF/jolokia/services-default"))) {
            try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(list.openStream())).lines()) {
                lines.map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(services::add);
            }
        }
        assertThat(services)
                .containsExactlyInAnyOrder(
                        "org.jolokia.service.jmx.LocalRequestHandler,1000",
                        "org.jolokia.service.jmx.handler.list.JDKManagementCacheKeyProvider,100",
                        "org.jolokia.service.serializer.JolokiaSerializer,10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "[1,",
                "{\"type\":\"version\"} x",
                "{\"type\":\"version\",\"type\":\"list\"}"
            })
    void refusesWhatIsNoJson(String body) {
        refused(viewer().post("/jolokia", body), 400);
    }

    @Test
    void boundsARequest() {
        String version = "{\"type\":\"version\"}";
        refused(viewer().post("/jolokia", "[" + (version + ",").repeat(1_000) + version + "]"), 413);
        refused(viewer().post("/jolokia", "[" + "{\"type\":\"list\"},".repeat(20) + "{\"type\":\"list\"}]"), 413);
        refused(viewer().post("/jolokia", "{\"type\":\"version\",\"x\":\"" + "x".repeat(300_000) + "\"}"), 413);
        refused(viewer().post("/jolokia", "[".repeat(5_000)), 400);
        assertThat(viewer().post("/jolokia", "[" + (version + ",").repeat(999) + version + "]")
                        .json())
                .hasSize(1_000);
    }

    @Test
    void tellsNoTraceOfAnError() {
        for (String query : List.of("", "?includeStackTrace=true&serializeException=true", "?ignoreErrors=true")) {
            Answer answer = operator()
                    .post(
                            "/jolokia" + query,
                            "{\"type\":\"exec\",\"mbean\":\"io.drover:type=Tasks\",\"operation\":\"cancel\",\"arguments\":[\"x\"],\"config\":{\"includeStackTrace\":\"true\",\"serializeException\":\"true\"}}");
            assertThat(answer.json().path("status").asInt()).isBetween(400, 500);
            assertThat(answer.body()).doesNotContain("\tat ", "stacktrace", "error_value");
        }
    }

    /** What an MBean offers and the list does not have is refused, whatever it is called. */
    @Test
    void doesNothingThatIsNotListed() throws Exception {
        Set<String> types = new TreeSet<>();
        for (ObjectName bean : BEANS.queryNames(null, null)) {
            if (!types.add(bean.getDomain() + ":" + bean.getKeyProperty("type"))) {
                continue; // one of each type
            }
            MBeanInfo info = BEANS.getMBeanInfo(bean);
            JolokiaList.Listed listed = JolokiaList.of(bean);
            for (MBeanOperationInfo operation : info.getOperations()) {
                if (!listed.asks().toString().contains(operation.getName())
                        && !listed.operates().toString().contains(operation.getName())) {
                    assertThat(status(operator(), request("exec", bean, "operation", operation.getName())))
                            .as(bean + " " + operation.getName())
                            .isEqualTo(403);
                }
            }
            for (var attribute : info.getAttributes()) {
                if (!listed.reads().contains(attribute.getName())) {
                    assertThat(status(operator(), request("read", bean, "attribute", attribute.getName())))
                            .as(bean + " " + attribute.getName())
                            .isEqualTo(403);
                }
            }
        }
        assertThat(types).contains("org.apache.camel:endpoints", "org.apache.camel:context", "java.lang:Runtime");
    }

    @Test
    void showsNoValueOfAPlaceholder() throws Exception {
        String contexts = "org.apache.camel:context=%s,type=context,name=*".formatted(camel.getManagementName());
        String context = BEANS.queryNames(new ObjectName(contexts), null)
                .iterator()
                .next()
                .toString()
                .replace("\"", "\\\"");
        for (String operation : List.of("dumpRoutesAsXml(boolean)", "dumpRoutesAsYaml(boolean)", "dumpRoutesAsXml")) {
            assertThat(status(
                            operator(),
                            "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"%s\",\"arguments\":[true]}"
                                    .formatted(context, operation)))
                    .isEqualTo(403);
        }
        List<String> answers = new ArrayList<>();
        answers.add(operator()
                .post(
                        "/jolokia",
                        "{\"type\":\"exec\",\"mbean\":\"%s\",\"operation\":\"dumpRoutesAsXml()\"}".formatted(context))
                .body());
        assertThat(answers.getFirst()).contains("{{placed.secret}}", "{{placed.host}}");
        answers.add(operator().post("/jolokia", "{\"type\":\"list\"}").body());
        answers.add(operator()
                .post("/jolokia", "{\"type\":\"search\",\"mbean\":\"*:*\"}")
                .body());
        for (String type : List.of("context", "routes", "processors", "consumers", "tracer")) {
            Answer all = operator()
                    .post(
                            "/jolokia?ignoreErrors=true",
                            "{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=%s,type=%s,*\"}"
                                    .formatted(camel.getManagementName(), type));
            assertThat(all.json().path("status").asInt()).as(all.body()).isEqualTo(200);
            answers.add(all.body());
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer).doesNotContain("s3cr3t", "placed.example.com"));
    }

    private static String request(String type, ObjectName bean, String what, String name) {
        return "{\"type\":\"%s\",\"mbean\":\"%s\",\"%s\":\"%s\"}"
                .formatted(type, bean.toString().replace("\\", "\\\\").replace("\"", "\\\""), what, name);
    }

    private static int status(ApiClient user, String request) {
        JsonNode answer = user.post("/jolokia", request).json();
        return answer.path("status").asInt();
    }

    private static void refused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).doesNotContain("Exception");
    }

    private ApiClient operator() {
        return user("ada", "secret");
    }

    private ApiClient viewer() {
        return user("vic", "secret");
    }

    private ApiClient user(String name, String password) {
        return new ApiClient(port, name, password);
    }
}
