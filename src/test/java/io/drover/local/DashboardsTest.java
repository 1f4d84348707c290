package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.Needed;
import io.drover.NodeProject;
import io.drover.TestDatabase;
import io.drover.journal.Mode;
import io.drover.monitoring.Program;
import io.drover.monitoring.PrometheusServer;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
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
    private static final Pattern SELECTOR = Pattern.compile("\\b(agent_\\w+)(?:\\{[^}]*})?");

    /** A row of the table of metrics that have a mode. */
    private static final Pattern MODED = Pattern.compile("(?m)^\\| `(agent_\\w+)` \\|[^|]*\\|[^|]*`mode`");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SampleBackEnds BACK_ENDS = SampleBackEnds.temporary();
    private static final SampleModel MODEL = new SampleModel(0, ModelScript.read());
    private static final String TOPIC = Servers.newTopic("support-tickets", 2);
    private static final String RESULTS = Servers.newTopic("support-results", 1);

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String database = TestDatabase.migrated();
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

    @Autowired
    TaskService tasks;

    @LocalServerPort
    int port;

    @TempDir
    Path directory;

    @Test
    void everyPanelHasDataAfterALoad() throws IOException {
        PrometheusServer.assumeInstalled();
        Needed.orSkip(Needed.PROMTOOL); // which compares
        try (PrometheusServer prometheus = PrometheusServer.start(directory, port, "vic")) {
            await().until(() ->
                    !prometheus.query("agent_workers").at("/data/result").isEmpty());
            TicketFeed.send(Servers.brokers(), TOPIC, TicketFeed.tickets());
            dryRun("T-9001");
            String dollars = "agent_llm_cost_usd_total{namespace=\"\", mode=\"dry-run\"}";
            await().until(() -> !prometheus.query(dollars).at("/data/result").isEmpty());
            dryRun("T-9002"); // an increase is one over a scrape
            await().until(() -> jdbc.sql("select count(*) from task where status = 'COMPLETED'")
                            .query(Integer.class)
                            .single()
                    >= 8);

            Map<String, String> queries = queries();
            assertThat(queries).hasSizeGreaterThan(40);
            await().pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(queries.entrySet().stream()
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
            for (String panel : List.of(
                    "overview.json Throughput",
                    "tools.json Outcomes",
                    "cost.json This hour",
                    "cost.json Dollars of dry runs")) {
                await().untilAsserted(
                                () -> // once it is scraped
                                assertThat(sum(prometheus, queries, panel))
                                        .as(panel)
                                        .isPositive());
            }
            double live = value(prometheus, "agent_llm_cost_usd_total{namespace=\"\", mode=\"live\"}");
            double dryRuns = value(prometheus, dollars);
            assertThat(dryRuns).isPositive();
            assertThat(value(prometheus, "agent_llm_cost_usd_total{namespace=\"\"}"))
                    .as("dollars, each in one mode")
                    .isCloseTo(live + dryRuns, Offset.offset(1e-9));
            assertThat(sum(prometheus, queries, "overview.json Workers"))
                    .as("workers of all namespaces")
                    .isEqualTo(2);
        }
    }

    private void dryRun(String ticket) {
        String input =
                "{\"ticketId\":\"%s\",\"email\":\"ada@mail.example\",\"category\":\"other\",\"subject\":\"It came broken\"}"
                        .formatted(ticket);
        tasks.submit(new Submit("support-ticket", null, input, null, Duration.ZERO, "test").in(Mode.DRY_RUN))
                .join();
    }

    private static double value(PrometheusServer prometheus, String selector) {
        return numbers(prometheus.query("sum(%s)".formatted(selector)).at("/data/result"))
                .mapToDouble(value -> value)
                .sum();
    }

    /** A dry run costs dollars, and says nothing of how live tasks fare: nothing counts it unless it says so. */
    @Test
    void everyQueryAndAlertSaysWhichModesItMeans() throws IOException {
        Set<String> metrics = MODED.matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .map(row -> row.group(1).replaceAll("_total$", ""))
                .collect(Collectors.toSet());
        assertThat(metrics)
                .contains("agent_llm_cost_usd", "agent_llm_tokens", "agent_tool_calls", "agent_tasks_started");
        for (Path file : files()) {
            for (JsonNode panel : JSON.readTree(file.toFile()).path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    String query = target.path("expr").asText();
                    boolean tells = panel.path("description").asText().contains("dry run");
                    assertThat(selectors(query, metrics))
                            .as("%s: %s: a panel with dry runs says so", file, panel.path("title"))
                            .allMatch(selector -> selector.contains("mode!~\"dry-run|shadow\"")
                                    || selector.contains("mode=") && tells);
                }
            }
        }
        Path alerts = DASHBOARDS.resolveSibling("alerts.yaml");
        assertThat(selectors(Files.readString(alerts), metrics))
                .hasSizeGreaterThan(20)
                .allMatch(selector -> selector.matches(".*\\bmode[!=]~\"dry-run\\|shadow\".*"));
    }

    /** What a text in PromQL selects of these metrics, each with its labels. */
    private static List<String> selectors(String query, Set<String> metrics) {
        return SELECTOR.matcher(query)
                .results()
                .filter(found -> metrics.contains(found.group(1).replaceAll("_(total|bucket|count|sum)$", "")))
                .map(MatchResult::group)
                .toList();
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

        Map<String, String> sources = new TreeMap<>(Map.of("dashboards.ts", literals.toString()));
        Map.of(
                        "\"drawStyle\": \"line\"", "\"drawStyle\": \"lines\"",
                        "\"colorMode\": \"value\"", "\"colourMode\": \"value\"",
                        "\"schemaVersion\": 39", "\"schemaVersion\": \"39\"",
                        "\"type\": \"stat\"", "\"type\": \"stats\"")
                .forEach((right, wrong) -> sources.put(
                        "mistake-%d.ts".formatted(sources.size()),
                        literals.toString().replaceFirst(right, wrong)));

        Map<String, String> errors = check(node, sources);

        assertThat(errors)
                .as("each mistake is found, and no other")
                .containsOnlyKeys(sources.keySet().stream()
                        .filter(name -> !name.equals("dashboards.ts"))
                        .toList());
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

    /** What the compiler says of each file in which it finds an error. It reads all in one run, since Grafana's types take it long. */
    private static Map<String, String> check(NodeProject node, Map<String, String> sources) throws IOException {
        for (var source : sources.entrySet()) {
            Files.writeString(node.install().resolve(source.getKey()), source.getValue());
        }
        String options =
                "node_modules/typescript/bin/tsc --noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler ";
        return node.run((options + String.join(" ", sources.keySet())).split(" "))
                .output()
                .lines()
                .filter(line -> line.contains("error TS"))
                .collect(Collectors.toMap(line -> line.replaceFirst("\\(.*", ""), line -> line, (one, other) -> one));
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
