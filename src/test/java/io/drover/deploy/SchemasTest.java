package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.NodeProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every object against the published schema of its kind: an unknown field is an error, and so is a value out of range. */
class SchemasTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final NodeProject NODE = new NodeProject("manifests");

    /** Where the schemas of a group are, if not in Kubernetes' own package. */
    private static final Map<String, String> PACKAGES = Map.of(
            "keda.sh", "@kubernetes-models/keda/",
            "monitoring.coreos.com", "@kubernetes-models/prometheus-operator/",
            "external-secrets.io", "@kubernetes-models/external-secrets/");

    /** One of the objects, as JSON, and where it was first met. */
    private record Literal(String place, String kind, String module, String json) {}

    @Test
    void everyObjectKeepsToTheSchemaOfItsKind() throws IOException {
        List<Literal> objects = objects();

        assertThat(objects).hasSizeGreaterThan(50);
        assertThat(types(objects)).isEmpty();
        assertThat(values(objects)).isEmpty();
    }

    @Test
    void aMistakeIsFound() throws IOException {
        List<Literal> mistaken = new ArrayList<>();
        for (String[] mistake : new String[][] {
            {"Deployment", "\"maxUnavailable\"", "\"maxUnavailabel\""},
            {"Deployment", "\"readOnlyRootFilesystem\":true", "\"readOnlyRootFilesystem\":\"true\""},
            {"Deployment", "\"selector\"", "\"selectors\""},
            {"Deployment", "\"periodSeconds\"", "\"period\""},
            {"Service", "\"ports\"", "\"port\""},
            {"ConfigMap", "\"data\"", "\"date\""},
            {"NetworkPolicy", "\"podSelector\"", "\"selector\""},
            {"PodDisruptionBudget", "\"AlwaysAllow\"", "[\"AlwaysAllow\"]"},
            {"Role", "\"verbs\"", "\"verb\""},
            {"CronJob", "\"Forbid\"", "[\"Forbid\"]"},
            {"Ingress", "\"pathType\"", "\"type\""},
            {"HorizontalPodAutoscaler", "\"maxReplicas\"", "\"max\""},
            {"ScaledObject", "\"scaleTargetRef\"", "\"target\""},
            {"ScaledJob", "\"pollingInterval\":15", "\"pollingInterval\":\"15s\""},
            {"TriggerAuthentication", "\"parameter\"", "\"param\""},
            {"ServiceMonitor", "\"basicAuth\"", "\"basic_auth\""},
            {"PrometheusRule", "\"expr\"", "\"query\""},
            {"ExternalSecret", "\"dataFrom\"", "\"from\""},
        }) {
            mistaken.add(changed(mistake[0], mistake[1], mistake[2], mistaken.size()));
        }

        String errors = types(mistaken);

        assertThat(mistaken.stream().map(Literal::place).filter(place -> !errors.contains(place)))
                .isEmpty();
    }

    @Test
    void aValueOutOfRangeIsFound() throws IOException {
        List<Literal> mistaken = List.of(
                changed("PodDisruptionBudget", "\"maxUnavailable\":1", "\"maxUnavailable\":true", 0),
                changed("ServiceMonitor", "\"interval\":\"15s\"", "\"interval\":\"15 seconds\"", 1),
                changed("ExternalSecret", "\"kind\":\"ClusterSecretStore\"", "\"kind\":\"Store\"", 2));

        String errors = values(mistaken);

        assertThat(mistaken.stream().map(Literal::place).filter(place -> !errors.contains(place)))
                .isEmpty();
    }

    private static Literal changed(String kind, String from, String to, int number) throws IOException {
        Literal good = objects().stream()
                .filter(literal -> literal.kind.equals(kind) && literal.json.contains(from))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no %s with %s".formatted(kind, from)));
        return new Literal("mistake_%d_".formatted(number), kind, good.module, good.json.replaceFirst(from, to));
    }

    /** Each object of each build, once. */
    private static List<Literal> objects() throws JsonProcessingException {
        Map<String, Literal> literals = new LinkedHashMap<>();
        for (Build build : Build.all()) {
            for (Map<String, Object> object : build.objects()) {
                String version = object.get("apiVersion").toString();
                String kind = object.get("kind").toString();
                String json = JSON.writeValueAsString(object);
                String place =
                        "%s_%s_%s".formatted(build, kind, Build.name(object)).replaceAll("\\W", "_");
                String module =
                        PACKAGES.getOrDefault(version.split("/")[0], "kubernetes-models/") + version + "/" + kind;
                literals.putIfAbsent(json, new Literal(place, kind, module, json));
            }
        }
        return List.copyOf(literals.values());
    }

    /** What the compiler says of the objects as literals of their types, each under the name of its place. */
    private static String types(List<Literal> objects) throws IOException {
        StringBuilder source = new StringBuilder();
        objects.stream()
                .map(literal -> "import type { I%s } from \"%s\";\n".formatted(literal.kind, literal.module))
                .distinct()
                .forEach(source::append);
        for (Literal literal : objects) { // on one line, so that an error's line names it
            source.append("export const %s: I%s = %s;\n".formatted(literal.place, literal.kind, literal.json));
        }
        Path file = NODE.install().resolve("manifests.ts");
        Files.writeString(file, source);
        String output = NODE.run(
                        ("node_modules/typescript/bin/tsc --noEmit --strict --skipLibCheck --target es2022 --module esnext"
                                        + " --moduleResolution bundler manifests.ts")
                                .split(" "))
                .output();
        List<String> lines = source.toString().lines().toList();
        StringBuilder named = new StringBuilder();
        output.lines().forEach(line -> {
            String place = line.startsWith("manifests.ts(")
                    ? lines.get(Integer.parseInt(line.replaceFirst("manifests\\.ts\\((\\d+),.*", "$1")) - 1)
                            .replaceFirst("export const (\\w+):.*", "$1")
                    : "";
            named.append(place).append(' ').append(line).append('\n');
        });
        return named.toString();
    }

    /** What the schemas say of formats and ranges. */
    private static String values(List<Literal> objects) throws IOException {
        List<Object> entries = new ArrayList<>();
        for (Literal literal : objects) {
            entries.add(List.of(literal.place, literal.module, JSON.readTree(literal.json)));
        }
        JSON.writeValue(NODE.install().resolve("objects.json").toFile(), entries);
        return NODE.run("validate.mjs").output().strip();
    }
}
