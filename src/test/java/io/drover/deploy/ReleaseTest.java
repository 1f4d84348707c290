package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.monitoring.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kustomize/release}: what it would apply for production, and in which order it asks the cluster. No cluster answers here. */
class ReleaseTest {

    private static final String PROD = "kustomize/overlays/prod";
    private static final String NEW = "registry.example.com/drover:0.2.0";

    @TempDir
    Path directory;

    @BeforeAll
    static void needsKubectl() {
        Program.assumeInstalled("kubectl", "none that is new enough; see .ci/run");
    }

    @Test
    void theCanaryTakesItsShareWithTheCandidate() {
        Build build = printed("canary", PROD, NEW, "15");

        assertThat(Policy.violations(build)).isEmpty();
        assertThat(image(build, "drover-canary")).isEqualTo(NEW);
        assertThat(image(build, "drover")).isEqualTo("registry.example.com/drover:0.1.0");
        assertThat(setting(build, "DROVER_CANARY_PERCENT")).isEqualTo("15");
        assertThat(setting(build, "SUPPORT_CRM_URL")).isEqualTo("https://crm.example.com");
    }

    @Test
    void promoteMakesTheCandidateTheVersionAndEndsTheCanary() {
        Build build = printed("promote", PROD, NEW);

        assertThat(image(build, "drover")).isEqualTo(NEW);
        assertThat(build.yaml()).doesNotContain("drover-canary:").doesNotContain("DROVER_CANARY_PERCENT:");
    }

    @Test
    void aColourServesWithItsImage() {
        Build build = printed("colour", PROD, "green", "registry.example.com/drover:0.1.0", NEW);

        assertThat(Policy.violations(build)).isEmpty();
        assertThat(image(build, "drover-green")).isEqualTo(NEW);
        assertThat(image(build, "drover-blue")).isEqualTo("registry.example.com/drover:0.1.0");
        assertThat(build.yaml()).contains("drover.io/colour: green");
    }

    @Test
    void anImageMayBeNamedByItsDigest() {
        String digest = "registry.example.com/drover@sha256:" + "0123456789abcdef".repeat(4);

        assertThat(image(printed("promote", PROD, digest), "drover")).isEqualTo(digest);
    }

    /** First the canary stops, or the percentage would send tasks to it until then. */
    @Test
    void rollbackIsOneCommand() throws Exception {
        Path asked = directory.resolve("asked");
        Path kubectl = directory.resolve("kubectl");
        Files.writeString(
                kubectl,
                """
                #!/bin/sh
                [ "$1" = kustomize ] && exec %s "$@"
                printf '%%s\\n' "$*" >> %s
                [ "$1" = apply ] && cat > %s.yaml
                exit 0
                """
                        .formatted(Program.run("which", "kubectl").output().strip(), asked, asked));
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));

        Program.Outcome outcome = Program.run(
                "env", "PATH=" + directory + ":" + System.getenv("PATH"), "kustomize/release", "rollback", PROD);

        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(Files.readAllLines(asked))
                .containsExactly(
                        "-n drover-prod delete --ignore-not-found deployment/drover-canary",
                        "apply -f -",
                        "-n drover-prod rollout status deployment/drover");
        assertThat(Files.readString(Path.of(asked + ".yaml")))
                .isEqualTo(Program.run("kubectl", "kustomize", PROD).output());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    canary nowhere registry.example.com/drover:1                      | 'nowhere' is no overlay
                    canary kustomize/overlays/prod registry.example.com/drover        | 'registry.example.com/drover' has neither tag nor digest
                    canary kustomize/overlays/prod localhost:5000/drover              | 'localhost:5000/drover' has neither tag nor digest
                    canary kustomize/overlays/prod registry.example.com/drover:1 101  | '101' must be a whole number from 0 to 100
                    colour kustomize/overlays/prod red a:1 b:2                        | 'red' must be blue or green
                    promote kustomize/overlays/prod                                   | kustomize/release [--print] promote
                    """)
    void saysWhatIsWrong(String words, String message) {
        List<String> command = new java.util.ArrayList<>(List.of("kustomize/release", "--print"));
        command.addAll(List.of(words.split(" +")));

        Program.Outcome outcome = Program.run(command.toArray(String[]::new));

        assertThat(outcome.code()).isPositive();
        assertThat(outcome.output()).contains(message);
        assertThat(Path.of("kustomize/overlays")).isDirectoryNotContaining("glob:**/.release*");
    }

    private static Build printed(String... words) {
        List<String> command = new java.util.ArrayList<>(List.of("kustomize/release", "--print"));
        command.addAll(List.of(words));
        Program.Outcome outcome = Program.run(command.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return Build.of(String.join(" ", words), outcome.output());
    }

    private static String image(Build build, String deployment) {
        String yaml = new org.yaml.snakeyaml.Yaml().dump(build.object("Deployment", deployment));
        return yaml.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("image: ") || line.startsWith("- image: "))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*image: ", "");
    }

    private static String setting(Build build, String name) {
        return build.ofKind("ConfigMap").stream()
                .map(map -> (Map<?, ?>) map.get("data"))
                .filter(data -> data.containsKey(name))
                .map(data -> data.get(name).toString())
                .findFirst()
                .orElse("");
    }
}
