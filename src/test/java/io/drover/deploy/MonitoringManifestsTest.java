package io.drover.deploy;

import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.ForkDirectory;
import io.drover.Needed;
import io.drover.Quick;
import io.drover.monitoring.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The component {@code monitoring}, built with others: which pods are scraped, and where the links of alerts lead. */
@Quick
class MonitoringManifestsTest {

    private static final Path PAGE = Path.of("docs/alerts.md");
    private static final Path TEMPORARY = ForkDirectory.of("kustomize");

    @BeforeAll
    static void needsKubectl() {
        Needed.orSkip(Needed.KUBECTL);
    }

    /** Those of Jobs, too: their container needs a port by this name, and Kubernetes leaves out pods that have ended. */
    @ParameterizedTest
    @ValueSource(strings = {"worker-jobs", "scaled-jobs", "cronjob", "canary", "blue-green/green"})
    void everyPodIsOneThatTheServiceFinds(String component) throws IOException {
        Build build = built(
                component.replace('/', '-') + "-scraped",
                """
                namespace: drover
                resources: [../../../../kustomize/base]
                components: [../../../../kustomize/components/%s, ../../../../kustomize/components/monitoring]
                """
                        .formatted(component));
        Map<String, Object> service = build.object("Service", "drover-metrics");
        assertThat(text(service, "spec", "ports", 0, "targetPort")).isEqualTo("management");

        List<Map<String, Object>> pods = build.objects().stream()
                .map(MonitoringManifestsTest::pod)
                .filter(pod -> !pod.isEmpty())
                .toList();
        assertThat(pods).hasSizeGreaterThan(1).allSatisfy(pod -> assertThat(map(pod, "metadata", "labels"))
                .containsAllEntriesOf(map(service, "spec", "selector"))
                .containsKey("app.kubernetes.io/component"));
    }

    /** DroverDown does not count Jobs, and DroverAttemptRunsLong leaves them out, by a label that the scrape takes from the pod. */
    @Test
    void whatTheRulesCallAJobIsThePodOfAJob() {
        Build build = Build.named("canary and everything beside it");
        Map<String, Object> relabeling =
                map(build.object("ServiceMonitor", "drover"), "spec", "endpoints", 0, "relabelings", 0);
        assertThat(relabeling)
                .containsEntry("targetLabel", "component")
                .containsEntry("sourceLabels", List.of("__meta_kubernetes_pod_label_app_kubernetes_io_component"));
        assertThat(build.yaml()).contains("component!=\"job\"");

        for (Map<String, Object> object : build.objects()) {
            Map<String, Object> pod = pod(object);
            if (!pod.isEmpty()) {
                assertThat(text(pod, "metadata", "labels", "app.kubernetes.io/component")
                                .equals("job"))
                        .as("%s %s", object.get("kind"), Build.name(object))
                        .isEqualTo(object.get("kind").equals("CronJob"));
            }
        }
    }

    /** The lines of the page, in a kustomization on top of staging and of production. */
    @ParameterizedTest
    @CsvSource({"staging, drover.staging.example.com", "prod, drover.example.com"})
    void anOverlaySetsTheAddressesThatItsAlertsLinkTo(String overlay, String host) throws IOException {
        Matcher lines = Pattern.compile("```yaml\n(patches:\n.*?replacements:\n.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(lines.find()).as("%s shows what an overlay needs", PAGE).isTrue();

        Build build = built(
                overlay + "-links",
                "resources: [../../../../kustomize/overlays/%s]\n%s".formatted(overlay, lines.group(1)));

        List<Map<String, Object>> rules = list(build.object("PrometheusRule", "drover"), "spec", "groups").stream()
                .flatMap(group -> list(group, "rules").stream())
                .toList();
        assertThat(rules)
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(text(rule, "annotations", "tasks_url"))
                        .startsWith("https://" + host + "/")
                        .containsPattern("/(api|console)/"))
                .allSatisfy(rule -> assertThat(text(rule, "annotations", "runbook_url"))
                        .matches("https://git\\.example\\.com/drover/docs/runbooks/[\\w-]+\\.md"));
    }

    /** The template of an object's pods; empty for one that has none. */
    private static Map<String, Object> pod(Map<String, Object> object) {
        return Stream.of(
                        map(object, "spec", "template"),
                        map(object, "spec", "jobTemplate", "spec", "template"),
                        map(object, "spec", "jobTargetRef", "template"))
                .filter(template -> !list(template, "spec", "containers").isEmpty())
                .findFirst()
                .orElse(Map.of());
    }

    private static Build built(String name, String kustomization) throws IOException {
        Path directory = TEMPORARY.resolve(name);
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n" + kustomization);
        Program.Outcome outcome = Program.run("kubectl", "kustomize", directory.toString());
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return Build.of(name, outcome.output());
    }
}
