package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.Needed;
import io.drover.NodeProject;
import io.drover.monitoring.Program;
import io.drover.monitoring.PrometheusServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The Grafana dashboards: what Grafana's own types say of them, and that each query has an answer after the sample tickets. */
@AutoConfigureObservability(tracing = false)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DashboardsTest {

    private static final Path DASHBOARDS = Path.of("kustomize/components/monitoring/dashboards");
    private static final Pattern METRIC = Pattern.compile("\\b(agent|jvm|process|hikaricp|http|executor)_\\w+");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SampleBackEnds BACK_ENDS = SampleBackEnds.temporary();
    private static final SampleModel MODEL = new SampleModel(0, ModelScript.read());
    private static final String TOPIC = Servers.newTopic("support-tickets", 2);
    private static final String RESULTS = Servers.newTopic("support-results", 1);

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String database = Servers.newDatabase();
        SampleTables.create(database);
        LocalStand.sampleSettings(database, Servers.brokers(), BACK_ENDS.url(), MODEL.url())
                .forEach((name, value) -> registry.add(name, () -> value));
        registry.add("support.topic", () -> TOPIC);
        registry.add("support.results.topic", () -> RESULTS);
        registry.add("camel.component.kafka.group-id", () -> TOPIC);
    }

    @AfterAll
    static void stop() {
        BACK_ENDS.close();
        MODEL.close();
    }

    @Autowired
    JdbcClient jdbc;

    @LocalServerPort
    int port;

    @TempDir
    Path directory;

    @Test
    void everyPanelHasDataAfterALoad() throws IOException {
        PrometheusServer.assumeInstalled();
        Needed.orSkip(Needed.PROMTOOL); // which compares
        try (PrometheusServer prometheus = PrometheusServer.start(directory, port, "vic")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !prometheus
                    .query("agent_workers")
                    .at("/data/result")
                    .isEmpty());
            TicketFeed.send(Servers.brokers(), TOPIC, TicketFeed.tickets());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> jdbc.sql("select count(*) from task where status = 'COMPLETED'")
                                    .query(Integer.class)
                                    .single()
                            >= 8);

            Map<String, String> queries = queries();
            assertThat(queries).hasSizeGreaterThan(40);
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(queries.entrySet().stream()
                                    .map(panel -> panel.getKey() + ": " + problem(prometheus.query(panel.getValue())))
                                    .filter(line -> !line.endsWith(": none")))
                            .isEmpty());
            Program.Outcome compared =
                    Program.run("kustomize/release", "compare", prometheus.url(), "1m"); // docs/release.md
            assertThat(compared.code()).as(compared.output()).isEqualTo(3);
            assertThat(compared.output()).contains("open: no task of a canary has ended");
            for (String labels : List.of("{track=\"stable\"}", "{namespace=\"staging\", track=\"stable\"}")) {
                assertThat(compared.output().lines().filter(line -> line.contains(labels)))
                        .as(compared.output())
                        .hasSize(4);
            }
            // Such a label of a metric would be renamed to exported_..., or hide the scrape's own.
            assertThat(elements(prometheus
                                    .query("count by (namespace, component, pod, container, service, endpoint,"
                                            + " exported_job, exported_instance)"
                                            + " ({job=\"drover\", namespace!=\"staging\"})")
                                    .at("/data/result"))
                            .map(series -> series.path("metric")))
                    .as("labels of metrics that a scrape in Kubernetes adds itself")
                    .containsExactly(JSON.createObjectNode());
            for (String panel : List.of("overview.json Throughput", "tools.json Outcomes", "cost.json This hour")) {
                assertThat(sum(prometheus, queries, panel)).as(panel).isPositive();
            }
            assertThat(sum(prometheus, queries, "overview.json Workers"))
                    .as("workers of all namespaces")
                    .isEqualTo(2);
        }
    }

    /** Production and staging on one Prometheus have all other labels in common. */
    @Test
    void everyQueryKeepsToTheChosenNamespaces() throws IOException {
        for (Path file : files()) {
            List<JsonNode> variables = elements(JSON.readTree(file.toFile()).at("/templating/list"))
                    .filter(variable -> variable.path("type").asText().equals("query"))
                    .toList();
            JsonNode namespace = variables.get(0);
            assertThat(namespace.path("name").asText()).as("%s", file).isEqualTo("namespace");
            assertThat(namespace.path("multi").asBoolean()).as("%s", file).isTrue();
            assertThat(namespace.path("allValue").asText())
                    .as("%s: 'All' also finds what has no namespace", file)
                    .isEqualTo(".*");

            List<String> queries = Stream.concat(
                            variables.stream().skip(1).map(variable -> variable.at("/query/query")
                                    .asText()),
                            elements(JSON.readTree(file.toFile()).path("panels"))
                                    .flatMap(panel -> elements(panel.path("targets")))
                                    .map(target -> target.path("expr").asText()))
                    .toList();
            assertThat(queries)
                    .allSatisfy(query -> assertThat(METRIC.matcher(query).results())
                            .as(query)
                            .isNotEmpty()
                            .allSatisfy(metric -> assertThat(query.substring(metric.end()))
                                    .startsWith("{namespace=~\"$namespace\"")));
        }
    }

    @Test
    void keepToGrafanasTypes() throws IOException {
        NodeProject node = new NodeProject("dashboards");
        StringBuilder literals = new StringBuilder("import type { Dashboard } from \"./grafana\";\n");
        for (Path file : files()) {
            literals.append("export const ")
                    .append(file.getFileName().toString().replace(".json", ""))
                    .append(": Dashboard = ")
                    .append(Files.readString(file))
                    .append(";\n");
        }

        assertThat(check(node, literals.toString())).isEmpty();

        for (String[] mistake : List.of(
                new String[] {"\"drawStyle\": \"line\"", "\"drawStyle\": \"lines\""},
                new String[] {"\"colorMode\": \"value\"", "\"colourMode\": \"value\""},
                new String[] {"\"schemaVersion\": 39", "\"schemaVersion\": \"39\""},
                new String[] {"\"type\": \"stat\"", "\"type\": \"stats\""})) {
            assertThat(check(node, literals.toString().replaceFirst(mistake[0], mistake[1])))
                    .as(mistake[1])
                    .contains("error TS");
        }
    }

    @Test
    void haveOneIdAndEachPanelItsPlace() throws IOException {
        TreeSet<String> ids = new TreeSet<>();
        for (Path file : files()) {
            JsonNode dashboard = JSON.readTree(file.toFile());
            assertThat(ids.add(dashboard.path("uid").asText())).as("%s", file).isTrue();
            TreeSet<String> cells = new TreeSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                JsonNode place = panel.path("gridPos");
                assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
                for (int x = 0; x < place.path("w").asInt(); x++) {
                    for (int y = 0; y < place.path("h").asInt(); y++) {
                        assertThat(cells.add((place.path("x").asInt() + x) + ","
                                        + (place.path("y").asInt() + y)))
                                .as("%s: nothing lies below '%s'", file, panel.path("title"))
                                .isTrue();
                    }
                }
            }
        }
    }

    private static String check(NodeProject node, String literals) throws IOException {
        Files.writeString(node.install().resolve("dashboards.ts"), literals);
        return node.run(
                        ("node_modules/typescript/bin/tsc --noEmit --strict --skipLibCheck --target es2022 --module esnext"
                                        + " --moduleResolution bundler dashboards.ts")
                                .split(" "))
                .output();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.sorted().toList();
        }
    }

    /** Each query by dashboard, panel and letter, with Grafana's variables filled in as for a view of five minutes. */
    private static Map<String, String> queries() throws IOException {
        Map<String, String> queries = new TreeMap<>();
        for (Path file : files()) {
            for (JsonNode panel : JSON.readTree(file.toFile()).path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    String name = file.getFileName() + " " + panel.path("title").asText() + " "
                            + panel.path("id").asText() + target.path("refId").asText();
                    queries.put(
                            name,
                            target.path("expr")
                                    .asText()
                                    .replace("$__rate_interval", "1m")
                                    .replace("$__interval", "1h")
                                    .replace(" offset 1d", " offset 1s") // there is no yesterday
                                    .replaceAll("\\$(namespace|workflow|tool|model|instance)", ".*"));
                }
            }
        }
        return queries;
    }

    /** What is wrong with an answer: an error, no series, or no number in any. */
    private static String problem(JsonNode answer) {
        if (!answer.path("status").asText().equals("success")) {
            return answer.path("error").asText();
        }
        JsonNode result = answer.at("/data/result");
        return result.isEmpty()
                ? "no data"
                : numbers(result).allMatch(value -> Double.isNaN(value))
                        ? "not a number: "
                                + elements(result)
                                        .map(JsonNode::toString)
                                        .limit(2)
                                        .collect(Collectors.joining())
                        : "none";
    }

    private static double sum(PrometheusServer prometheus, Map<String, String> queries, String panel) {
        return queries.keySet().stream()
                .filter(name -> name.startsWith(panel))
                .flatMap(name -> numbers(prometheus.query(queries.get(name)).at("/data/result")))
                .filter(value -> !Double.isNaN(value))
                .mapToDouble(value -> value)
                .sum();
    }

    private static Stream<Double> numbers(JsonNode result) {
        return elements(result)
                .map(series -> Double.parseDouble(series.at("/value/1").asText().replace("Inf", "Infinity")));
    }
}
