package io.drover.deploy;

import static io.drover.deploy.Build.at;
import static io.drover.deploy.Build.strings;
import static io.drover.deploy.Build.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.Needed;
import io.drover.monitoring.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** {@code kustomize/release}: what it would apply for production, and in which order it asks the cluster. No cluster answers here. */
class ReleaseTest {

    private static final String PROD = "kustomize/overlays/prod";
    private static final String OLD = "registry.example.com/drover:0.1.0";
    private static final String NEW = "registry.example.com/drover:0.2.0";

    @TempDir
    Path directory;

    @BeforeAll
    static void needsKubectl() {
        Needed.orSkip(Needed.KUBECTL);
    }

    @Test
    void theCanaryTakesItsShareWithTheCandidate() {
        Build build = printed("canary", PROD, NEW, "15");

        assertThat(Policy.violations(together(PROD, build))).isEmpty();
        assertThat(image(build, "drover-canary")).isEqualTo(NEW);
        assertThat(setting(build, "percent")).isEqualTo("15");
        assertThat(setting(build, "SUPPORT_CRM_URL")).isEqualTo("https://crm.example.com");
    }

    /** Another percentage restarts nobody, and the edited routes of this checkout are tried before all get them. */
    @Test
    void theCanaryLeavesWhatServesAsItRuns() {
        Build build = printed("canary", PROD, NEW, "15");

        assertThat(build.ofKind("Deployment")).extracting(Build::name).containsExactly("drover-canary");
        assertThat(build.objects())
                .extracting(object -> object.get("kind"))
                .containsOnly("ConfigMap", "Job", "Deployment", "PodDisruptionBudget");
        assertThat(text(build.object("ConfigMap", "drover-canary-share"), "data", "percent"))
                .isEqualTo("15");
        assertThat(build.ofKind("ConfigMap").stream().map(Build::name).filter(name -> !name.matches(".*-[a-z0-9]{10}")))
                .as("all others have names of their content")
                .containsExactly("drover-canary-share");
    }

    /** One name for all: the canary has copies under another name, so what is tried is what it reads, and what serves stays. */
    @Test
    void whereAllReadTheSameRoutesTheCanaryHasItsOwn() throws Exception {
        Path overlay = Build.overlay("canary over live-routes", List.of("live-routes"));
        cluster();

        Program.Outcome outcome = release("canary", overlay.toString(), NEW);

        assertThat(outcome.code()).as(outcome.output()).isZero();
        Build applied = applied(1);
        List<String> routes =
                folders(Path.of("routes")).map("drover-%s-canary"::formatted).toList();
        assertThat(applied.ofKind("ConfigMap").stream().map(Build::name))
                .containsAll(routes)
                .doesNotContainAnyElementsOf(
                        folders(Path.of("routes")).map("drover-%s"::formatted).toList());
        assertThat(new Yaml().dump(applied.object("Deployment", "drover-canary")))
                .contains(routes);
        assertThat(Policy.violations(together(overlay.toString(), applied))).isEmpty();

        assertThat(asked("rollback", overlay.toString()))
                .containsSubsequence(
                        "-n drover delete --ignore-not-found deployment/drover-canary"
                                + " poddisruptionbudget/drover-canary",
                        "-n drover delete --ignore-not-found configmap/drover-triggers-canary configmap/drover-workflows-canary"
                                + " configmap/drover-tools-canary configmap/drover-rules-canary"
                                + " configmap/drover-flags-canary configmap/drover-rollouts-canary"
                                + " configmap/drover-evals-canary"
                                + " configmap/drover-schemas-canary configmap/drover-prompts-canary",
                        "apply");
    }

    private static Stream<String> folders(Path routes) throws IOException {
        try (Stream<Path> folders = Files.list(routes)) {
            return folders
                    .filter(Files::isDirectory)
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** What the cluster has after an apply on top of an overlay. */
    private static Build together(String overlay, Build applied) {
        Build before = Build.of(Path.of(overlay));
        String others = before.objects().stream()
                .filter(object -> applied.objects().stream()
                        .noneMatch(other -> other.get("kind").equals(object.get("kind"))
                                && Build.name(other).equals(Build.name(object))))
                .map(object -> new Yaml().dump(object))
                .collect(Collectors.joining("---\n"));
        return Build.of(applied.name(), applied.yaml() + "\n---\n" + others);
    }

    /** Whatever the pods that it is copied from have for arguments. */
    @ParameterizedTest
    @ValueSource(strings = {"worker-jobs", "scaled-jobs", "keda"})
    void theCanaryIsAWorkerForAllOfItsTasks(String component) {
        Path overlay = Build.overlay("release over " + component, List.of(component));

        Build build = printed("canary", overlay.toString(), NEW);

        assertThat(Policy.violations(together(overlay.toString(), build))).isEmpty();
        assertThat(strings(at(
                        build.object("Deployment", "drover-canary"),
                        "spec",
                        "template",
                        "spec",
                        "containers",
                        0,
                        "args")))
                .containsExactly(
                        "--drover.role=worker", "--drover.worker.track=canary", "--drover.worker.job-workflows=true");
    }

    /** Of 12 workers for 15 % two, and what an apply says of replicas must not undo it. */
    @Test
    void theCanaryHasWorkersForItsShare() throws Exception {
        cluster("deployment/drover -o jsonpath={.spec.replicas}", "10", "deployment/drover-canary", "2");

        assertThat(asked("canary", PROD, NEW, "15"))
                .containsExactly(
                        "delete --ignore-not-found job/drover-migrate",
                        "apply",
                        "apply",
                        "scale deployment/drover-canary --replicas=2",
                        "rollout status deployment/drover-canary");
        assertThat(at(applied(2).object("Deployment", "drover-canary"), "spec", "replicas"))
                .isNull();
    }

    /** By a Job with the new version, which is over before the first pod of that version starts. */
    @ParameterizedTest
    @ValueSource(strings = {"canary", "promote"})
    void theSchemaIsMigratedBefore(String command) throws Exception {
        cluster();

        assertThat(asked(command, PROD, NEW))
                .startsWith("delete --ignore-not-found job/drover-migrate", "apply", "apply");
        Build migrates = applied(1);
        assertThat(migrates.objects()).extracting(object -> object.get("kind")).containsExactly("ConfigMap", "Job");
        assertThat(text(migrates.object("Job", "drover-migrate"), "spec", "template", "spec", "containers", 0, "image"))
                .isEqualTo(NEW);
        assertThat(setting(migrates, "DROVER_MIGRATE")).isEqualTo("false");
        assertThat(applied(2).ofKind("Job")).isEmpty();
    }

    @Test
    void aMigrationThatFailsChangesNoPod() throws Exception {
        cluster("job/drover-migrate", "FailureTarget Failed");

        Program.Outcome outcome = release("canary", PROD, NEW);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output()).contains("the Job drover-migrate has failed, and no pod was changed");
        assertThat(applied(1).ofKind("Deployment")).isEmpty();
        assertThat(directory.resolve("applied-2.yaml")).doesNotExist();
    }

    @Test
    void promoteMakesTheCandidateTheVersionAndEndsTheCanary() {
        Build build = printed("promote", PROD, NEW);

        assertThat(image(build, "drover")).isEqualTo(NEW);
        assertThat(build.yaml()).doesNotContain("drover-canary:");
        assertThat(setting(build, "percent")).isEqualTo("0");
    }

    /** The colon of the port is not that of the tag. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry:5000/drover:0.1.0",
                "registry:5000/team/drover@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "drover:0.1.0"
            })
    void promoteReplacesAnImageOfAnyName(String before) throws Exception {
        Path overlay = Build.overlay("promoted", List.of());
        String entry = before.contains("@")
                ? "newName: %s, digest: '%s'".formatted((Object[]) before.split("@"))
                : "newName: %s, newTag: 0.1.0".formatted(before.replaceFirst(":0.1.0$", ""));
        append(overlay, "images: [{ name: drover, %s }]".formatted(entry));

        assertThat(image(printed("promote", overlay.toString(), NEW), "drover")).isEqualTo(NEW);
        String ported = "registry:5000/drover:0.2.0";
        assertThat(image(printed("promote", overlay.toString(), ported), "drover"))
                .isEqualTo(ported);
        assertThat(image(printed("canary", overlay.toString(), ported), "drover-canary"))
                .isEqualTo(ported);
    }

    /** As where Kustomize does not know the image of the overlay for one. */
    @Test
    void changesNothingWhenTheImageWouldNotBeTheOneAskedFor() throws Exception {
        Path overlay = Build.overlay("an image that resists", List.of());
        append(
                overlay,
                """
                patches:
                  - target: { kind: Deployment, name: drover }
                    patch: '[{ "op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "a/drover:v+1" }]'
                """);
        cluster();

        Program.Outcome outcome = release("promote", overlay.toString(), NEW);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("the Deployment drover would have the image 'a/drover:v+1' and not '" + NEW + "'");
        assertThat(directory.resolve("asked")).doesNotExist();
    }

    @Test
    void aColourServesWithItsImage() {
        Build build = printed("colour", PROD, "green", OLD, NEW);

        assertThat(Policy.violations(build)).isEmpty();
        assertThat(image(build, "drover-green")).isEqualTo(NEW);
        assertThat(image(build, "drover-blue")).isEqualTo(OLD);
        assertThat(build.yaml())
                .containsSubsequence(
                        "\n  name: drover-green\n",
                        "# kubectl -n drover-prod scale deployment/drover-green --replicas=<as many as serve now>",
                        "# kubectl -n drover-prod rollout status deployment/drover-green",
                        "\nkind: Service\n",
                        "\nkind: ScaledObject\n",
                        "\n  name: drover-blue\n",
                        "# kubectl -n drover-prod rollout status deployment/drover-blue");
    }

    /** What serves is never smaller than it was: the other one is as large, and ready, before it gets the requests. */
    @Test
    void aColourTakesOverInSteps() throws Exception {
        cluster("service/drover", "blue", "deployment/drover-blue", "7");

        assertThat(asked("colour", PROD, "green", OLD, NEW))
                .containsExactly(
                        "delete --ignore-not-found job/drover-migrate",
                        "apply",
                        "delete --ignore-not-found job/drover-migrate",
                        "apply",
                        "apply",
                        "scale deployment/drover-green --replicas=7",
                        "rollout status deployment/drover-green",
                        "apply",
                        "apply",
                        "rollout status deployment/drover-blue",
                        "delete --ignore-not-found deployment/drover");

        Build comesUp = applied(3);
        assertThat(comesUp.ofKind("Deployment"))
                .extracting(Build::name)
                .containsExactly("drover-green", "drover-survey");
        assertThat(image(comesUp, "drover-survey")).isEqualTo(image(comesUp, "drover-green"));
        // What an apply names it owns: left out by a later one, it would fall to the default, which is 1.
        assertThat(at(comesUp.object("Deployment", "drover-green"), "spec", "replicas"))
                .isNull();
        assertThat(comesUp.objects())
                .extracting(object -> object.get("kind"))
                .contains("ConfigMap", "NetworkPolicy")
                .doesNotContain("Service", "ScaledObject", "Job");
        Build moves = applied(4);
        assertThat(text(moves.object("Service", "drover"), "spec", "selector", "drover.io/colour"))
                .isEqualTo("green");
        assertThat(text(moves.object("ScaledObject", "drover"), "spec", "scaleTargetRef", "name"))
                .isEqualTo("drover-green");
        assertThat(moves.ofKind("Deployment")).isEmpty();
        Build standsBy = applied(5);
        assertThat(standsBy.objects()).extracting(Build::name).containsExactly("drover-blue");
        assertThat(text(standsBy.objects().get(0), "spec", "replicas")).isEqualTo("1");
    }

    @Test
    void theFirstColourIsAsLargeAsTheDeploymentThatItReplaces() throws Exception {
        cluster("service/drover", "", "deployment/drover", "4");

        assertThat(asked("colour", PROD, "blue", OLD, NEW))
                .containsSubsequence(
                        "apply",
                        "scale deployment/drover-blue --replicas=4",
                        "rollout status deployment/drover-blue",
                        "apply",
                        "delete --ignore-not-found deployment/drover");
        assertThat(applied(3).ofKind("Deployment"))
                .extracting(Build::name)
                .containsExactly("drover-blue", "drover-survey");
    }

    /** Such as with a new image for the colour that stands by, or after a run that was broken off. */
    @Test
    void aColourThatServesAlreadyKeepsItsSize() throws Exception {
        cluster("service/drover", "blue", "deployment/drover-blue", "7");

        assertThat(asked("colour", PROD, "blue", OLD, NEW)).noneMatch(line -> line.contains("scale"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hpa", "scaled-jobs", "cronjob"})
    void aColourServesOverOtherComponents(String component) {
        Path overlay = Build.overlay("colour over " + component, List.of(component));

        Build build = printed("colour", overlay.toString(), "green", "a:1", "b:2");

        assertThat(Policy.violations(build)).isEmpty();
        assertThat(image(build, "drover-green")).isEqualTo("b:2");
    }

    @Test
    void anImageMayBeNamedByItsDigest() {
        String digest = "registry.example.com/drover@sha256:" + "0123456789abcdef".repeat(4);

        assertThat(image(printed("promote", PROD, digest), "drover")).isEqualTo(digest);
    }

    /** First the canary stops, or the percentage would send tasks to it until then; what serves stays as it runs. */
    @Test
    void rollbackIsOneCommand() throws Exception {
        cluster();

        assertThat(asked("rollback", PROD))
                .containsExactly(
                        "delete --ignore-not-found deployment/drover-canary poddisruptionbudget/drover-canary",
                        "apply");
        assertThat(applied(1).objects()).extracting(Build::name).containsExactly("drover-canary-share");
        assertThat(setting(applied(1), "percent")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1000 | 20 | 200 | 4  | 0 | prod: not worse (canary: 4 of 200 tasks dead
                    1000 | 20 | 200 | 60 | 1 | prod: worse (canary: 60 of 200 tasks dead
                    1000 | 20 | 40  | 12 | 1 | prod: worse (canary: 12 of 40 tasks dead
                    1000 | 20 | 40  | 1  | 3 | prod: open: fewer than 100 tasks of a track have ended
                    1000 | 0  | 200 | 0  | 0 | prod: not worse
                    1000 | 0  | 200 | 3  | 0 | prod: not worse
                    1000 | 0  | 0   | 0  | 3 | open: no task of a canary has ended
                    """)
    void comparesWithAVerdict(int tasks, int dead, int canaryTasks, int canaryDead, int code, String verdict)
            throws Exception {
        String line = "echo '{namespace=\"prod\", track=\"%s\"} => %d @[1795879008.738]'\n";
        String canary = canaryTasks == 0 ? "" : line;
        promtool(
                line.formatted("stable", tasks) + canary.formatted("canary", canaryTasks),
                line.formatted("stable", dead) + canary.formatted("canary", canaryDead));

        Program.Outcome outcome = release("compare", "http://prometheus.example.com", "30m");

        assertThat(outcome.output()).contains("share of tasks that ended dead", verdict);
        assertThat(outcome.code()).isEqualTo(code);
    }

    /** One Prometheus sees production and staging: the canary of the one proves nothing about the other's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    40  | 1  | -       | 3 | prod: open
                    40  | 1  | staging | 0 | staging: not worse
                    40  | 1  | prod    | 3 | prod: open
                    200 | 4  | -       | 0 | prod: not worse
                    200 | 60 | staging | 0 | staging: not worse
                    200 | 60 | -       | 1 | prod: worse
                    200 | 4  | test    | 3 | open: no task of a canary has ended in test
                    """)
    void ofSeveralNamespacesTheWorstVerdictCounts(
            int tasks, int dead, @Nullable String namespace, int code, String verdict) throws Exception {
        String line = "echo '{namespace=\"%s\", track=\"%s\"} => %d @[1795879008.738]'\n";
        promtool(
                line.formatted("prod", "stable", 1000)
                        + line.formatted("prod", "canary", tasks)
                        + line.formatted("staging", "stable", 1000)
                        + line.formatted("staging", "canary", 200),
                line.formatted("prod", "stable", 20)
                        + line.formatted("prod", "canary", dead)
                        + line.formatted("staging", "stable", 20)
                        + line.formatted("staging", "canary", 4));

        Program.Outcome outcome = namespace == null
                ? release("compare", "http://prometheus.example.com", "30m")
                : release("compare", "http://prometheus.example.com", "30m", namespace);

        assertThat(outcome.output()).contains(verdict);
        assertThat(outcome.code()).as(outcome.output()).isEqualTo(code);
    }

    /** Who cannot ask has no verdict, least of all that the canary is worse. */
    @ParameterizedTest
    @ValueSource(strings = {"*rate*failed_total*", "*increase*tasks_failed*"})
    void aPrometheusThatDoesNotAnswerIsNoVerdict(String question) throws Exception {
        Path promtool = directory.resolve("promtool");
        Files.writeString(promtool, "#!/bin/sh\ncase $* in %s) exit 1 ;; esac\n".formatted(question));
        Files.setPosixFilePermissions(promtool, PosixFilePermissions.fromString("rwx------"));

        Program.Outcome outcome = release("compare", "http://prometheus.example.com");

        assertThat(outcome.output())
                .contains("http://prometheus.example.com does not answer, so nothing is compared")
                .doesNotContain("verdict");
        assertThat(outcome.code()).isEqualTo(4);
    }

    /** It waits while nothing is decided, and while Drover does not answer. */
    @ParameterizedTest
    @CsvSource({"promoted, 0", "rolled-back, 1", "aborted, 1"})
    void theJudgeDecidesAboutACanary(String state, int code) throws Exception {
        cluster();
        try (FaultyServer drover = new FaultyServer()) {
            String path = "/api/rollouts/image:drover-0.2.0";
            String answer = "{\"id\":\"image:drover-0.2.0\",\"state\":\"%s\",\"percent\":5}";
            drover.next(
                    path,
                    FaultyServer.status(503, "", ""),
                    FaultyServer.json(answer.formatted("running")),
                    FaultyServer.json(answer.formatted(state)));

            Program.Outcome outcome = Program.run(
                    "env",
                    "PATH=" + directory + ":" + System.getenv("PATH"),
                    "DROVER_URL=" + drover.url(),
                    "DROVER_USER=releaser",
                    "DROVER_PASSWORD=s3cret",
                    "DROVER_ASK_EVERY=0",
                    "kustomize/release",
                    "canary",
                    "--auto",
                    PROD,
                    "registry.example.com/drover:0.2.0",
                    "5");

            assertThat(outcome.code()).as(outcome.output()).isEqualTo(code);
            assertThat(outcome.output())
                    .contains("image:drover-0.2.0 is " + state)
                    .doesNotContain("s3cret");
            assertThat(drover.requests(path)).hasSize(3).allSatisfy(request -> assertThat(request.headers())
                    .containsEntry(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString("releaser:s3cret".getBytes(StandardCharsets.UTF_8))));
        }
        assertThat(Path.of("kustomize/overlays")).isDirectoryNotContaining("glob:**/.release*");
        assertThat(text(applied(2).object("ConfigMap", "drover-canary-share"), "data", "trial"))
                .isEqualTo("drover-0.2.0");
        List<String> asked = Files.readAllLines(directory.resolve("asked"));
        assertThat(asked).anyMatch(line -> line.contains("delete --ignore-not-found deployment/drover-canary"));
        assertThat(asked.stream().anyMatch(line -> line.endsWith("rollout status deployment/drover")))
                .as("the image is the version")
                .isEqualTo(code == 0);
    }

    @Test
    void autoNeedsAWayToAsk() {
        Program.Outcome outcome = release("canary", "--auto", PROD, NEW);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output()).contains("set DROVER_URL, DROVER_USER and DROVER_PASSWORD");
    }

    /** A promtool that answers with these lines. */
    private void promtool(String ended, String dead) throws Exception {
        Path promtool = directory.resolve("promtool");
        Files.writeString(
                promtool,
                "#!/bin/sh\ncase $* in\n*increase*duration*) %s ;;\n*increase*tasks_failed*) %s ;;\nesac\n"
                        .formatted(ended, dead));
        Files.setPosixFilePermissions(promtool, PosixFilePermissions.fromString("rwx------"));
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
                    colour dispatched blue a:1 b:2                                    | blue-green and worker-jobs do not go together
                    promote kustomize/overlays/prod                                   | kustomize/release [--print] promote
                    """)
    void saysWhatIsWrong(String words, String message) {
        Path dispatched = Build.overlay("dispatched", List.of("worker-jobs"));
        List<String> command = new ArrayList<>(List.of("kustomize/release", "--print"));
        command.addAll(
                List.of(words.replace("dispatched", dispatched.toString()).split(" +")));

        Program.Outcome outcome = Program.run(command.toArray(String[]::new));

        assertThat(outcome.code()).isPositive();
        assertThat(outcome.output()).contains(message);
        assertThat(Path.of("kustomize/overlays")).isDirectoryNotContaining("glob:**/.release*");
    }

    private static Build printed(String... words) {
        List<String> command = new ArrayList<>(List.of("kustomize/release", "--print"));
        command.addAll(List.of(words));
        Program.Outcome outcome = Program.run(command.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return Build.of(String.join(" ", words), outcome.output());
    }

    /** A kubectl that builds as the real one does, keeps what it is told, and knows these objects. */
    private void cluster(String... objectsAndFields) throws Exception {
        Path kubectl = directory.resolve("kubectl");
        StringBuilder known = new StringBuilder();
        for (int i = 0; i < objectsAndFields.length; i += 2) {
            known.append("  *\" get --ignore-not-found %s \"*) printf %%s '%s' ; exit ;;\n"
                    .formatted(objectsAndFields[i], objectsAndFields[i + 1]));
        }
        Files.writeString(
                kubectl,
                """
                #!/bin/sh
                [ "$1" = kustomize ] && exec %s "$@"
                cd %s
                case "$* " in
                %s  *" get --ignore-not-found job/drover-migrate "*) printf Complete ; exit ;;
                  *" get "*) exit ;;
                esac
                echo "$*" >> asked
                [ "$1" = apply ] && cat > applied-$(grep -c '^apply' asked).yaml
                exit 0
                """
                        .formatted(Program.run("which", "kubectl").output().strip(), directory, known));
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
    }

    private Program.Outcome release(String... words) {
        List<String> command =
                new ArrayList<>(List.of("env", "PATH=" + directory + ":" + System.getenv("PATH"), "kustomize/release"));
        command.addAll(List.of(words));
        return Program.run(command.toArray(String[]::new));
    }

    /** What it asked the cluster to do, all in its namespace. */
    private List<String> asked(String... words) throws Exception {
        Program.Outcome outcome = release(words);
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return Files.readAllLines(directory.resolve("asked")).stream()
                .map(line -> line.replaceFirst("^apply -f -$", "apply").replaceFirst("^-n drover-prod ", ""))
                .toList();
    }

    private Build applied(int number) throws Exception {
        return Build.of("apply " + number, Files.readString(directory.resolve("applied-%d.yaml".formatted(number))));
    }

    private static void append(Path overlay, String lines) throws Exception {
        Files.writeString(overlay.resolve("kustomization.yaml"), lines, StandardOpenOption.APPEND);
    }

    private static String image(Build build, String deployment) {
        return text(build.object("Deployment", deployment), "spec", "template", "spec", "containers", 0, "image");
    }

    private static String setting(Build build, String name) {
        return build.ofKind("ConfigMap").stream()
                .map(map -> text(map, "data", name))
                .filter(value -> !value.equals("null"))
                .findFirst()
                .orElse("");
    }
}
