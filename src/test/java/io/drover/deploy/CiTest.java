package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.drover.monitoring.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample workflow of docs/ci.yaml: what it calls is there, and is called right. GitHub does not run it here. */
class CiTest {

    private static final String RELEASE = "kustomize/release ";
    private static final Pattern PATH = Pattern.compile("(?<![\\w$./-])(?:kustomize|routes|docs|src)/[\\w./-]*");

    @Test
    void everyReleaseCommandIsOneOfTheScript() throws IOException {
        Map<String, String> usage = usage();

        List<String> commands = commands(lines());

        assertThat(commands)
                .extracting(command -> command.split(" ")[0])
                .containsExactlyInAnyOrder("canary", "compare", "promote", "rollback");
        assertThat(commands).allMatch(command -> fits(command, usage));
        assertThat(List.of("canary a", "canary a b 5 x", "promote a", "rollback", "demote a"))
                .noneMatch(command -> fits(command, usage));
    }

    /** The arguments of each command, as in {@code <overlay> <image> [percent]}. */
    private static Map<String, String> usage() {
        Map<String, String> usage = new HashMap<>();
        Pattern.compile("(?m)^kustomize/release +(?:\\[--print] )?(\\w+) +(?:\\[--auto] )?((?:<[^>]+> ?|\\[[^]]+] ?)+)")
                .matcher(Program.run("kustomize/release").output())
                .results()
                .forEach(line -> usage.put(line.group(1), line.group(2)));
        return usage;
    }

    private static List<String> commands(Stream<String> lines) {
        return lines.filter(line -> line.startsWith(RELEASE))
                .map(line -> line.substring(RELEASE.length()).replaceFirst(" \\|.*", ""))
                .toList();
    }

    private static boolean fits(String command, Map<String, String> usage) {
        String arguments = usage.getOrDefault(command.split(" ")[0], "");
        int most = arguments.replaceAll("[^<\\[]", "").length();
        int least = arguments.replaceAll("[^<]", "").length();
        int given = command.replaceAll("\\$\\{\\{.*?}}", "x").split(" ").length - 1;
        return most > 0 && given >= least && given <= most;
    }

    @Test
    void everyPathIsThere() throws IOException {
        List<String> paths = Stream.concat(
                        lines(),
                        Stream.of(workflow().path("env").path("OVERLAY").asText()))
                .flatMap(line -> PATH.matcher(line).results().map(match -> match.group()))
                .map(path -> path.replaceFirst("/\\*?$", ""))
                .toList();

        assertThat(paths).contains("kustomize/release", "kustomize/overlays/prod", "routes");
        assertThat(paths).allSatisfy(path -> assertThat(Path.of(path)).exists());
    }

    @Test
    void aReleaseIsAloneAndNobodyHasMoreRightsThanItUses() throws IOException {
        JsonNode workflow = workflow();

        assertThat(workflow.path("concurrency").path("group").asText()).contains("'drover-prod'");
        assertThat(workflow.path("concurrency").path("cancel-in-progress").asBoolean(true))
                .isFalse();
        assertThat(workflow.path("permissions")).hasToString("{\"contents\":\"read\"}");
        workflow.path("jobs").properties().forEach(job -> {
            boolean pushes = job.getValue().toString().contains("git push");
            boolean signs = job.getValue().toString().contains("cosign sign");
            assertThat(job.getValue().path("permissions").toString())
                    .as(job.getKey())
                    .isEqualTo(
                            pushes
                                    ? "{\"contents\":\"write\"}"
                                    : signs ? "{\"contents\":\"read\",\"id-token\":\"write\"}" : "");
            assertThat(job.getValue().toString().contains("secrets.KUBECONFIG"))
                    .as("%s asks for an environment where it touches the cluster", job.getKey())
                    .isEqualTo(job.getValue().path("environment").asText().matches("canary|production"));
        });
    }

    /** What is pushed is built on bases that were reviewed, was scanned before, and is signed by its digest. */
    @Test
    void theImageIsPinnedScannedAndSigned() throws IOException {
        String steps = workflow().path("jobs").path("image").path("steps").toString();
        String dockerfile = Files.readString(Path.of("Dockerfile"));

        Pattern.compile("--build-arg (\\w+)=").matcher(steps).results().forEach(argument -> assertThat(dockerfile)
                .contains("ARG " + argument.group(1)));
        assertThat(steps).contains("BUILD_DIGEST=", "RUNTIME_DIGEST=", "SOURCE=");
        assertThat(steps.indexOf("trivy")).isPositive().isLessThan(steps.indexOf("docker push"));
        assertThat(steps.indexOf("cosign sign")).isGreaterThan(steps.indexOf("docker push"));
        assertThat(steps).contains("RepoDigests");
    }

    /** Else the next canary would bring the version before back. */
    @Test
    void thePromotedVersionIsThatOfTheOverlay(@TempDir Path directory) throws IOException {
        Path overlay = directory.resolve("kustomization.yaml");
        Files.copy(Path.of("kustomize/overlays/prod/kustomization.yaml"), overlay);
        String sed = lines().filter(line -> line.startsWith("sed ")).findFirst().orElseThrow();

        Program.Outcome outcome = Program.run(
                "env", "IMAGE=registry.example.com/drover:1234567e8", "OVERLAY=" + directory, "bash", "-c", sed);

        assertThat(outcome.code()).as(outcome.output()).isZero();
        JsonNode image = yaml(overlay).path("images").path(0);
        assertThat(image.path("newName").asText()).isEqualTo("registry.example.com/drover");
        assertThat(image.path("newTag").isTextual()).isTrue();
        assertThat(image.path("newTag").asText()).isEqualTo("1234567e8");
    }

    /** All lines that the runner's shell gets. */
    private static Stream<String> lines() throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        workflow().path("jobs").forEach(job -> job.path("steps").forEach(steps::add));
        return steps.stream().flatMap(step -> step.path("run").asText().lines()).map(String::strip);
    }

    private static JsonNode workflow() throws IOException {
        JsonNode workflow = yaml(Path.of("docs/ci.yaml"));
        List<String> jobs = new ArrayList<>();
        workflow.path("jobs").fieldNames().forEachRemaining(jobs::add);
        workflow.path("jobs").forEach(job -> {
            assertThat(job.path("runs-on").asText()).isNotBlank();
            JsonNode needs = job.path("needs");
            assertThat(jobs)
                    .containsAll(
                            needs.isTextual()
                                    ? List.of(needs.asText())
                                    : StreamSupport.stream(needs.spliterator(), false)
                                            .map(JsonNode::asText)
                                            .toList());
        });
        return workflow;
    }

    private static JsonNode yaml(Path file) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
    }
}
