package io.drover.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** No alert without a text that says what happened, a runbook, a link, and a test that it fires and that it keeps quiet. */
class AlertsTest {

    private static final List<String> QUESTIONS = List.of(
            "## Was there a release?",
            "## What it means",
            "## Likely causes",
            "## First thing to check",
            "## Quick mitigation");

    @TempDir
    Path directory;

    static List<Alert> alerts() {
        return Alert.all();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void saysWhatHappenedAndWhereToLook(Alert alert) {
        assertThat(alert.duration()).as("for").matches("\\d+m");
        assertThat(alert.labels())
                .containsEntry("service", "drover")
                .hasEntrySatisfying("severity", severity -> assertThat(severity).isIn("critical", "warning"));
        assertThat(alert.annotations().get("summary"))
                .startsWith("{{ with $labels.namespace }}{{ . }}: {{ end }}")
                .contains("{{ $value");
        assertThat(alert.annotations().get("description")).isNotBlank();
        assertThat(alert.annotations().get("runbook_url")).isEqualTo(alert.runbookUrl());
        assertThat(alert.annotations().get("tasks_url"))
                .matches(
                        Pattern.quote(Alert.API)
                                + "/(console/(tasks|tools|workflows|audit|rollouts).*|console/inbox\\?kind=(approval|doubt|dead|hold).*|api/set-aside)");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void judgesEachNamespaceByItself(Alert alert) {
        assertThat(alert.expression())
                .doesNotContainPattern("\\b(sum|min|max|avg|count|group|topk|quantile) *\\(")
                .doesNotContainPattern("\\b(by|on) \\((?!namespace\\b)")
                .doesNotContainPattern("\\b(without|ignoring)\\b");
        assertThat(Alert.list(Alert.yaml(alert.tests()).get("tests")))
                .as("a test in which something is broken in production, and not in staging")
                .anySatisfy(test -> {
                    assertThat(test.get("input_series").toString())
                            .contains("namespace=\"prod\"", "namespace=\"staging\"");
                    assertThat(Alert.list(test.get("alert_rule_test")))
                            .flatExtracting(expected -> Alert.list(expected.get("exp_alerts")))
                            .singleElement()
                            .extracting("exp_labels.namespace")
                            .isEqualTo("prod");
                });
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void hasARunbookThatAnswersTheQuestions(Alert alert) throws IOException {
        assertThat(alert.runbook()).exists();
        List<String> lines = Files.readAllLines(alert.runbook());
        assertThat(lines.get(0)).isEqualTo("# " + alert.name());
        assertThat(lines.stream().filter(line -> line.startsWith("## "))).containsExactlyElementsOf(QUESTIONS);
        for (String answer : String.join("\n", lines).split("## .*\n", -1)) {
            assertThat(answer).isNotBlank();
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void isTestedToFireAndToKeepQuiet(Alert alert) {
        assertThat(alert.tests()).exists();
        Map<Boolean, Long> expectations = Alert.list(Alert.yaml(alert.tests()).get("tests")).stream()
                .flatMap(test -> Alert.list(test.get("alert_rule_test")).stream())
                .filter(test -> test.get("alertname").equals(alert.name()))
                .collect(Collectors.partitioningBy(
                        test -> !Alert.list(test.get("exp_alerts")).isEmpty(), Collectors.counting()));
        assertThat(expectations.get(true)).as("fires").isPositive();
        assertThat(expectations.get(false)).as("is quiet").isPositive();
    }

    /** Where dollars and the share of a rate are added up, the dashboards count dry runs: they are spent. */
    @Test
    void nothingThatIsJudgedCountsDryRuns() throws IOException {
        String counted = Pattern.compile("(?m)^\\| `(agent_\\w+)` \\| \\w+ \\| [^|]*`mode`")
                .matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.joining("|"));
        Pattern both = Pattern.compile(
                "\\b(%s)(_count|_bucket|_sum)?\\b(?!\\{[^}]*mode[!=]~\\W*dry-run\\|shadow)".formatted(counted));
        assertThat(counted).contains("agent_tasks_completed_total", "agent_llm_cost_usd_total");
        for (Alert alert : alerts()) {
            assertThat(both.matcher(alert.expression()).results().map(MatchResult::group))
                    .as(alert.name())
                    .isEmpty();
        }
        for (String file : List.of("kustomize/release", "docs/release.md")) {
            List<String> lines = Files.readAllLines(Path.of(file));
            assertThat(lines).filteredOn(both.asPredicate()).as(file).isEmpty();
        }
        try (Stream<Path> dashboards = Files.list(Alert.DIRECTORY.resolve("dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                assertThat(Files.readAllLines(dashboard))
                        .filteredOn(line -> line.contains("\"expr\""))
                        .filteredOn(line -> !line.contains("agent_throttle_limit"))
                        .filteredOn(line -> both.matcher(line).results().anyMatch(metric -> !metric.group()
                                .equals("agent_llm_cost_usd_total")))
                        .as("%s", dashboard)
                        .isEmpty();
            }
        }
    }

    @Test
    void thereAreNoRunbooksAndTestsOfOtherAlerts() throws IOException {
        for (Path directory : List.of(Path.of("docs/runbooks"), Path.of("src/test/resources/alerts"))) {
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files.map(file -> file.getFileName().toString().replaceFirst("\\..*", "")))
                        .containsExactlyInAnyOrderElementsOf(
                                alerts().stream().map(Alert::slug).toList());
            }
        }
    }

    @Test
    void thePageListsEveryAlertAndNoOther() throws IOException {
        assertThat(names("docs/alerts.md"))
                .isEqualTo(alerts().stream().map(Alert::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void alertmanagerKnowsOnlyAlertsThatExist() throws IOException {
        assertThat(alerts().stream().map(Alert::name).toList())
                .containsAll(names(Alert.DIRECTORY.resolve("alertmanager.yaml").toString()));
    }

    @Test
    void theRulesFireAndKeepQuietAsTheirTestsSay() throws IOException {
        Needed.orSkip(Needed.PROMTOOL);
        passes("promtool", "check", "rules", Alert.RULES.toString());
        passes(
                "promtool",
                "check",
                "config",
                "--syntax-only",
                Alert.DIRECTORY.resolve("prometheus.yaml").toString());
        List<String> command = new ArrayList<>(List.of("promtool", "test", "rules"));
        for (Alert alert : alerts()) {
            command.add(withTheRulesThatItNames(alert.tests()).toString());
        }
        passes(command.toArray(String[]::new));
    }

    /** A copy of a file of tests, because promtool evaluates every rule at every step of every test: that took six times the time. */
    private Path withTheRulesThatItNames(Path tests) throws IOException {
        Map<String, Object> copy = new LinkedHashMap<>(Alert.yaml(tests));
        assertThat(copy.get("rule_files"))
                .isEqualTo(List.of(tests.getParent().relativize(Alert.RULES).toString()));
        Set<Object> named = Alert.list(copy.get("tests")).stream()
                .flatMap(test -> Alert.list(test.get("alert_rule_test")).stream())
                .map(test -> test.get("alertname"))
                .collect(Collectors.toSet());
        List<Map<String, Object>> rules = Alert.list(Alert.yaml(Alert.RULES).get("groups")).stream()
                .flatMap(group -> Alert.list(group.get("rules")).stream())
                .filter(rule -> named.contains(rule.get("alert")))
                .toList();
        assertThat(rules).as("rules that %s names", tests).hasSameSizeAs(named);
        Path file = directory.resolve("rules-" + tests.getFileName());
        write(file, Map.of("groups", List.of(Map.of("name", "named", "rules", rules))));
        copy.put("rule_files", List.of(file.getFileName().toString()));
        return write(directory.resolve(tests.getFileName()), copy);
    }

    private static Path write(Path file, Map<String, Object> content) throws IOException {
        return Files.writeString(file, new Yaml().dump(content));
    }

    @Test
    void theObjectForTheOperatorHoldsTheSameRules() throws IOException {
        String rules = Files.readString(Alert.RULES);
        String expected = rules.substring(rules.indexOf("groups:")).indent(2).replaceAll("(?m)^ +$", "");
        String object = Files.readString(Alert.DIRECTORY.resolve("prometheus-rule.yaml"));
        int spec = object.indexOf("spec:\n") + "spec:\n".length();

        assertThat(object.substring(spec))
                .as(
                        "make it anew: keep its head up to `spec:`, and append what this prints: sed -n '/^groups:/,$p' alerts.yaml | sed 's/^./  &/'")
                .isEqualTo(expected);
    }

    @Test
    void theSampleOfAlertmanagerIsValid() {
        Needed.orSkip(Needed.AMTOOL);
        passes(
                "amtool",
                "check-config",
                Alert.DIRECTORY.resolve("alertmanager.yaml").toString());
    }

    private static void passes(String... command) {
        Program.Outcome outcome = Program.run(command);
        assertThat(outcome.code()).as(outcome.output()).isZero();
    }

    private static TreeSet<String> names(String file) throws IOException {
        return Pattern.compile("\\bDrover[A-Z]\\w+")
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
