package io.drover.deploy;

import static io.drover.deploy.Build.at;
import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.strings;
import static io.drover.deploy.Build.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.drover.Needed;
import io.drover.Needs;
import io.drover.Quick;
import io.drover.model.ModelSettings;
import io.drover.monitoring.Program;
import io.drover.task.WorkerProperties;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.FileSystemUtils;

/** The manifests, as kubectl builds them: what policy asks of all, and what ties them to the rest of the repository. */
@Quick
class ManifestsTest {

    private static final Path ROUTES = Path.of("routes");
    private static final Path PAGE = Path.of("docs/deploy.md");

    static List<Build> builds() {
        return Build.all();
    }

    @ParameterizedTest
    @MethodSource("builds")
    void keepToPolicy(Build build) {
        assertThat(Policy.violations(build)).isEmpty();
    }

    /** Each mistake, planted into what is built for production, or into a component. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    prod        | (?s)image: registry.example.com/drover:0.1.0  | image: registry.example.com/drover:latest | names the version
                    prod        | image: registry.example.com/drover:0.1.0      | image: registry.example.com/drover        | names the version
                    prod        | runAsNonRoot: true                            | runAsNonRoot: false                       | does not run as root
                    prod        | readOnlyRootFilesystem: true                  | readOnlyRootFilesystem: false             | read-only root
                    prod        | - ALL                                         | - NET_RAW                                 | drops all capabilities
                    prod        | limits:                                       | limit:                                    | has limits
                    prod        | path: /health/ready                           | path: /health/live                        | has the readinessProbe
                    prod        | startupProbe:                                 | startProbe:                               | has a startupProbe
                    prod        | maxUnavailable: 0                             | maxUnavailable: 1                         | keeps what serves
                    prod        | LOG_LEVEL: INFO                               | SPRING_DATASOURCE_PASSWORD: x             | holds no secret
                    prod        | (?<=jdbc:postgresql://)postgres               | u:p@postgres                              | holds no secret
                    prod        | LOG_LEVEL: INFO                               | LOG/LEVEL: INFO                           | keys that are file names
                    prod        | automountServiceAccountToken: false\\n      c | automountServiceAccountToken: true\\n      c | a token only where
                    prod        | enableServiceLinks: false                     | enableServiceLinks: true                  | no settings from names
                    prod        | name: drover-tools-\\w+(?=\\n *name: tools)   | name: drover-tools                        | refers to what there is
                    prod        | (?<=secretRef:\\n            name: )drover    | other                                     | a known Secret
                    prod        | port: 5432                                    | port: 22                                  | opens only what is needed
                    prod        | - Ingress\\n  - Egress                        | - Ingress                                 | closes all pods
                    prod        | (?<=scaleTargetRef:\\n    name: )drover       | other                                     | scales a Deployment
                    prod        | (?<=serviceAccountName: )drover               | other                                     | an account that there is
                    prod        | volumes:\\n                                   | hostNetwork: true\\n      volumes:\\n     | keeps off the node
                    prod        | (?<=targetPort: )http                         | web                                       | a port that the pods have: web
                    prod        | (?s)(?<=- from:.{1,200}port: )http             | web                                       | a port that the pods have: web
                    prod        | (?<=service:\\n            name: )drover      | other                                     | a Service that there is: .*other
                    prod        | (?<=matchLabels:\\n      app: ai-agent\\n      app.kubernetes.io/component: )metrics | other | selects a Service
                    prod        | (?s)(?<=kind: ServiceMonitor.{1,900}port: )management | web                                    | selects a Service
                    prod        | maxUnavailable: 25%                           | maxUnavailable: 0                         | lets a node be emptied
                    prod        | (?<=authenticationRef:\\n      name: )drover-postgres | other                              | logs in by what there is: other
                    prod        | targetQueryValue                              | targetValue                               | what it knows: targetValue
                    prod        | lagThreshold                                  | lagTreshold                               | what it knows: lagTreshold
                    prod        | - podSelector: \\{\\}                          | - ipBlock:\\n        cidr: 0.0.0.0/0        | who may come in
                    prod        | (?<=podSelector: \\{\\}\\n    )ports:           | port:                                     | names the ports that it opens
                    prod        | (?<=image: registry.example.com/drover:0.1.0) | \\n        args:\\n        - --spring.datasource.password=x | names no secret: --spring.datasource.password
                    prod        | (?<=image: registry.example.com/drover:0.1.0) | \\n        args:\\n        - --spring.datasource.url=jdbc:postgresql://u:p@h/d | names no secret: --spring
                    prod        | (?<=allowPrivilegeEscalation: false)          | \\n          runAsUser: 0                  | root after all
                    prod        | (?<=allowPrivilegeEscalation: false)          | \\n          runAsNonRoot: false            | root after all
                    prod        | (?=\\n      securityContext:\\n        fsGroup) | \\n      initContainers:\\n      - image: busybox\\n        name: first | version of its image: busybox
                    hpa         | name: agent_tasks_due                         | name: agent_queue_depth                   | a hold keeps from a worker
                    console     | SERVER_TOMCAT_REMOTEIP_INTERNALPROXIES        | OTHER                                     | names the proxies that are believed
                    scaled-jobs | (?<=authenticationRef:\\n      name: )drover-job-postgres | other                          | logs in by what there is: other
                    worker-jobs | (?s)(?<=roleRef:.{1,60}kind: )Role(.{1,20})drover-dispatcher | ClusterRole$1cluster-admin | grants a Role of this build
                    worker-jobs | (?<=subjects:\\n- kind: ServiceAccount\\n  name: )drover-dispatcher | other              | grants to an account that there is: other
                    worker-jobs | (?s)- batch\\n  resources:\\n  - jobs(.{1,30})- list | - ""\\n  resources:\\n  - pods$1- list | no more: /pods list
                    workers and Jobs by KEDA | --drover.worker.job-workflows=false | --drover.role=worker                    | lag of topics only
                    worker-jobs | - list                                        | - '*'                                     | no more: batch/jobs \\*
                    worker-jobs | kind: Role\\n                                 | kind: ClusterRole\\n                      | beyond its namespace
                    worker-jobs | - leases                                      | - secrets                                 | no more: coordination.k8s.io/secrets
                    prod        | sslmode=verify-full                           | sslmode=require                           | ConfigMap .*: checks the certificate
                    prod        | sslmode: verify-full                          | sslmode: require                          | ScaledObject drover: checks the certificate
                    prod        | SASL_SSL                                      | PLAINTEXT                                 | speaks TLS to Kafka
                    prod        | tls: enable                                   | tls: disable                              | speaks TLS to Kafka
                    prod        | (?<=consumerGroup: drover)-support-tickets    | -other                                    | the group of a trigger that there is: drover-other
                    prod        | (?<=secretTargetRef:\\n  - key: postgres-username\\n    name: )drover-keda | drover | users of KEDA's own
                    prod        | (?<=key: )drover-prod-keda                    | drover-staging-keda                       | its own environment: drover-staging-keda
                    prod        | (?<=cidr: 0.0.0.0/0)\\n *except:\\n *- 169.254.0.0/16 | \\n                                    | the metadata service
                    prod        | path: /console                                | path: /jolokia                            | only where they are chosen
                    prod        | pathType: Exact                               | pathType: Prefix                          | only where they are chosen
                    prod        | ephemeral-storage: 512Mi                      | hugepages-2Mi: 2Mi                        | has limits for ephemeral-storage
                    prod        | minReadySeconds: 10                           | minReadySeconds: 0                        | stayed ready
                    prod        | priorityClassName: drover                     | priorityClassName: other                  | a priority that there is: other
                    migrate     | name: drover-owner                            | name: drover                              | logs in as the owner of the tables exactly
                    migrate     | (?s)(?<=- migrate.{1,200}name: )drover-owner    | other                                     | a known Secret
                    migrate     | (?<=- secretRef:\\n            name: )drover(?=\\n) | drover-owner                          | logs in as the owner of the tables exactly
                    migrate     | DROVER_MIGRATE: "false"                       | DROVER_MIGRATE: "true"                    | the only one that migrates
                    migrate     | activeDeadlineSeconds: 1800                   | parallelism: 1                            | has a deadline
                    migrate     | - migrate                                     | - serve                                   | a command that ends
                    prod        | (?<=key: )drover-prod-owner                   | drover-staging-owner                      | its own environment: drover-staging-owner
                    canary      | (?s)(?<=kind: PodDisruptionBudget.{1,600}component: )canary | other                        | has a disruption budget
                    own-workers | (?<=secretRef:\\n            name: )drover-survey | drover                             | has the Secret of its account and no other
                    own-workers | (?<=secretRef:\\n            name: )drover(?=\\n) | drover-survey                      | Deployment drover: has the Secret of its account
                    own-workers | (?<=serviceAccountName: )drover-survey        | drover                                    | has the Secret of its account and no other
                    own-workers | key: send_reply.camel.yaml\\n( *)path: send_reply | key: refund.camel.yaml\\n$1path: refund | the files of its tools and no others
                    own-workers | allowed-tools=send_reply                      | allowed-tools=send_reply,refund           | the files of its tools and no others
                    own-workers | --drover.workflows.ask-customer.allowed-tools=send_reply | --drover.log.format=json       | names the tools of ask-customer
                    own-workers | worker.workflows=ask-customer,survey          | worker.workflows=survey                   | exactly where there are such
                    own-workers | EXCEPTWORKFLOWS: ask-customer,survey          | EXCEPTWORKFLOWS: survey                   | exactly where there are such
                    own-workers | --drover.role=worker                          | --drover.role=all                         | neither requests nor records
                    own-workers | (?<=operator: )NotIn                          | In                                        | has pods that a network policy closes
                    own-workers | (?<=operator: NotIn\\n      values:\\n      - )survey | other                             | a network policy of its own
                    prod        | (?<=secretName: )drover-audit                 | other                                     | a known Secret: other
                    prod        | (?<=secretName: )drover-audit                 | drover-keda                               | mounts no Secret but the key of the audit log
                    prod        | (?<=serviceAccountName: )drover(?=\\n)         | drover-survey                             | mounts no Secret but the key of the audit log
                    prod        | (?<=key: )drover-prod-audit                   | drover-staging-audit                      | its own environment: drover-staging-audit
                    cronjob     | concurrencyPolicy: Forbid                     | concurrencyPolicy: Allow                  | overtake
                    cronjob     | activeDeadlineSeconds: 3600                   | ttlSecondsAfterFinished: 3600             | has a deadline
                    cronjob     | - drain                                       | - serve                                   | a command that ends
                    """)
    void aMistakeIsFound(String build, String from, String to, String rule) {
        Build built = Build.named(build);
        String changed = Pattern.compile(from.strip())
                .matcher(built.yaml())
                .replaceFirst(to.strip().replace("\\n", "\n"));

        assertThat(changed).as("'%s' is there to be changed", from).isNotEqualTo(built.yaml());
        assertThat(Policy.violations(Build.of(build, changed)))
                .anySatisfy(violation -> assertThat(violation).containsPattern(rule));
    }

    @Test
    void everyRouteFileIsInAConfigMapAndNoOther() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (Map<String, Object> generator :
                list(Build.read(ROUTES.resolve("kustomization.yaml")), "configMapGenerator")) {
            String folder = text(generator, "name").replaceFirst("^drover-", "");
            for (String file : strings(generator.get("files"))) {
                assertThat(file).as("one ConfigMap a folder").startsWith(folder + "/");
                listed.add(file);
            }
        }
        try (Stream<Path> files = Files.walk(ROUTES)) {
            assertThat(listed)
                    .as("routes/kustomization.yaml lists every file")
                    .isEqualTo(files.filter(Files::isRegularFile)
                            .map(file -> ROUTES.relativize(file).toString())
                            .filter(ManifestsTest::isForPods)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    /** Tests of routes run before they are deployed. */
    private static boolean isForPods(String file) {
        return !file.equals("kustomization.yaml") && !file.endsWith(".test.yaml");
    }

    @ParameterizedTest
    @MethodSource("builds")
    void thePodsHaveTheRouteFilesWhereTheImageLooks(Build build) throws IOException {
        Map<String, String> mounted = new TreeMap<>();
        Map<String, Object> pod = map(agent(build), "spec", "template", "spec");
        for (Map<String, Object> mount : list(pod, "containers", 0, "volumeMounts")) {
            String path = text(mount, "mountPath");
            if (path.startsWith("/app/routes/")) {
                String source = list(pod, "volumes").stream()
                        .filter(volume -> volume.get("name").equals(mount.get("name")))
                        .map(volume -> text(volume, "configMap", "name"))
                        .findFirst()
                        .orElseThrow();
                map(build.object("ConfigMap", source), "data")
                        .forEach((file, text) ->
                                mounted.put(path.substring("/app/".length()) + "/" + file, text.toString()));
            }
        }

        Map<String, String> onDisk = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROUTES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (isForPods(ROUTES.relativize(file).toString())) {
                    onDisk.put(file.toString(), Files.readString(file));
                }
            }
        }
        assertThat(mounted).isEqualTo(onDisk);
    }

    @Needs(Needed.KUBECTL)
    @ParameterizedTest
    @CsvSource({"prod, true", "staging, true", "dev, false"})
    void anEditedRouteChangesTheNameOfItsConfigMapUnlessRoutesAreLive(
            String overlay, boolean renamed, @TempDir Path copy) throws IOException {
        for (Path part : List.of(ROUTES, Build.ROOT)) {
            FileSystemUtils.copyRecursively(part, copy.resolve(part));
        }
        Path directory = copy.resolve(Build.ROOT).resolve("overlays").resolve(overlay);
        Build before = Build.of(directory);
        Files.writeString(copy.resolve("routes/tools/refund.camel.yaml"), "\n", StandardOpenOption.APPEND);
        Build after = Build.of(directory);

        assertThat(tools(after).get("data")).isNotEqualTo(tools(before).get("data"));
        assertThat(!Build.name(tools(after)).equals(Build.name(tools(before)))).isEqualTo(renamed);
        for (Build build : List.of(before, after)) {
            assertThat(list(agent(build), "spec", "template", "spec", "volumes").stream()
                            .filter(volume -> volume.get("name").equals("tools"))
                            .map(volume -> text(volume, "configMap", "name")))
                    .containsExactly(Build.name(tools(build)));
        }
        assertThat(others(after)).isEqualTo(others(before));
    }

    private static Map<String, Object> tools(Build build) {
        return build.ofKind("ConfigMap").stream()
                .filter(map -> map(map, "data").containsKey("refund.camel.yaml"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<String, Object>> others(Build build) {
        return build.ofKind("ConfigMap").stream()
                .filter(map -> map != tools(build))
                .toList();
    }

    @Test
    void liveRoutesKeepTheirNamesInJobsOfKeda() {
        Build build = Build.named("Jobs by KEDA, which re-read routes");

        assertThat(
                        list(build.object("ScaledJob", "drover"), "spec", "jobTargetRef", "template", "spec", "volumes")
                                .stream()
                                .map(volume -> text(volume, "configMap", "name")))
                .contains("drover-tools", "drover-workflows");
    }

    /** What routes take from their environment, and what it is where nobody says. */
    private static Map<String, String> placeholders() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROUTES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("\\{\\{([\\w.-]+):?([^}]*)}}")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(match -> defaults.put(variable(match.group(1)), match.group(2)));
            }
        }
        return defaults;
    }

    /** Those of frameworks apart, which have thousands. A host's default is for a machine where the samples run. */
    @Test
    void anOverlayHasTheSettingsThatRoutesReadAndNoOthers() throws IOException {
        Map<String, String> placeholders = placeholders();
        Set<String> known = new TreeSet<>(placeholders.keySet());
        known.add("LOG_LEVEL");
        placeholders.values().removeIf(value -> !value.isEmpty() && !value.startsWith("http"));
        for (Path overlay : Build.overlays()) {
            Set<String> settings = Build.named(overlay.getFileName().toString()).ofKind("ConfigMap").stream()
                    .filter(map -> Build.name(map).contains("-settings"))
                    .flatMap(map -> map(map, "data").keySet().stream())
                    .filter(name -> !name.matches("(DROVER|SPRING|CAMEL|OTEL|LOGGING|SERVER)_.*"))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(settings).isSubsetOf(known).containsAll(placeholders.keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void everySettingIsOneThatDroverReads(Build build) throws IOException {
        assertThat(settings(build)
                        .filter(name -> name.startsWith("DROVER_"))
                        .filter(name -> !name.matches("DROVER_WORKFLOWS_\\w+_ALLOWEDTOOLS")))
                .isSubsetOf(knownSettings());
    }

    /** As variables; of the models, those of the default one. */
    static Set<String> knownSettings() throws IOException {
        Set<String> known = new TreeSet<>(Set.of(
                "DROVER_ROLE",
                "DROVER_LOG_FORMAT",
                "DROVER_CANARY_FILE",
                "DROVER_CANARY_PERCENT",
                "DROVER_MIGRATE",
                "DROVER_WORKER_TRACK"));
        JsonNode metadata = new ObjectMapper()
                .readTree(Path.of("target/classes/META-INF/spring-configuration-metadata.json")
                        .toFile());
        metadata.path("properties")
                .forEach(property -> known.add(variable(property.path("name").asText())));
        for (RecordComponent setting : ModelSettings.class.getRecordComponents()) {
            known.add(variable("drover.models.default." + setting.getName()));
        }
        return known;
    }

    private static Stream<String> settings(Build build) {
        Stream<String> maps = build.ofKind("ConfigMap").stream().flatMap(map -> map(map, "data").keySet().stream());
        Stream<String> pods = Pattern.compile("(?m)- name: (DROVER_\\w+)|- --(drover[\\w.-]+)=")
                .matcher(build.yaml())
                .results()
                .map(match -> match.group(1) == null ? variable(match.group(2)) : match.group(1));
        return Stream.concat(maps, pods);
    }

    /** As Spring reads it from the environment. */
    static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase();
    }

    record User(String name, String passwordHash, Set<String> roles) {}

    @Test
    void theSecretOfThePageIsWhatDroverReads() throws IOException {
        Map<String, Object> secret = Pattern.compile("--from-literal=(\\w+)='?([^'\\s]+)'?")
                .matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(match -> match.group(1), (MatchResult match) -> match.group(2)));

        givesUsersAndADatabase(secret);
    }

    static void givesUsersAndADatabase(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        Binder binder = new Binder(ConfigurationPropertySources.get(environment));

        List<User> users = binder.bind("drover.security.users", Bindable.listOf(User.class))
                .get();

        assertThat(users).hasSize(2).allSatisfy(user -> {
            assertThat(user.name()).isNotBlank();
            assertThat(user.passwordHash()).isNotBlank();
        });
        assertThat(users.stream().map(User::roles)).containsExactly(Set.of("operator"), Set.of("scraper"));
        assertThat(environment.getProperty("spring.datasource.username")).isNotBlank();
        assertThat(environment.getProperty("spring.datasource.password")).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("builds")
    void aPodHasTheTimeThatAStopTakes(Build build) {
        Map<String, Object> application = Build.read(Path.of("src/main/resources/application.yaml"));
        WorkerProperties worker =
                new Binder(new MapConfigurationPropertySource()).bindOrCreate("drover.worker", WorkerProperties.class);
        Map<String, Object> pod = map(agent(build), "spec", "template", "spec");
        Duration stop = Duration.ofSeconds((int) at(pod, "containers", 0, "lifecycle", "preStop", "sleep", "seconds"))
                .plus(worker.drainTimeout())
                .plusSeconds(3) // to give the rest back
                .plus(DurationStyle.detectAndParse(text(application, "spring", "lifecycle.timeout-per-shutdown-phase")))
                .plusSeconds((int) at(application, "camel", "main", "shutdown-timeout"));

        assertThat(settings(build)).doesNotContain("DROVER_WORKER_DRAINTIMEOUT");
        assertThat(Duration.ofSeconds((int) at(pod, "terminationGracePeriodSeconds")))
                .isGreaterThan(stop);
    }

    private static Map<String, Object> agent(Build build) {
        return build.ofKind("Deployment").stream()
                .filter(deployment -> text(deployment, "metadata", "labels", "app.kubernetes.io/component")
                        .equals("agent"))
                .filter(deployment -> !idle(deployment))
                .findFirst()
                .orElseThrow();
    }

    private static boolean idle(Map<String, Object> deployment) {
        return list(deployment, "spec", "template", "spec", "volumes").stream()
                .anyMatch(volume -> volume.get("name").equals("triggers") && volume.containsKey("emptyDir"));
    }

    @ParameterizedTest
    @CsvSource({"blue-green/blue, blue, green", "blue-green/green, green, blue"})
    void theIdleColourTakesNoRequestsTasksAndRecords(String component, String active, String idle) {
        Build build = Build.named(component);

        assertThat(build.ofKind("Deployment")).extracting(Build::name).containsExactly("drover-blue", "drover-green");
        assertThat(at(build.object("Service", "drover"), "spec", "selector", "drover.io/colour"))
                .isEqualTo(active);
        assertThat(at(build.object("Service", "drover-preview"), "spec", "selector", "drover.io/colour"))
                .isEqualTo(idle);
        Map<String, Object> standby = build.object("Deployment", "drover-" + idle);
        assertThat(idle(standby)).isTrue();
        assertThat(strings(at(standby, "spec", "template", "spec", "containers", 0, "args")))
                .containsExactly("--drover.role=trigger");
        assertThat(idle(build.object("Deployment", "drover-" + active))).isFalse();
    }

    /** Whichever of them comes first. */
    @ParameterizedTest
    @ValueSource(
            strings = {"canary", "canary and everything beside it", "canary over worker-jobs", "canary over scaled-jobs"
            })
    void theCanaryIsAWorkerForAllOfItsTasks(String build) {
        Map<String, Object> container = map(
                Build.named(build).object("Deployment", "drover-canary"), "spec", "template", "spec", "containers", 0);

        assertThat(strings(container.get("args")))
                .containsExactly(
                        "--drover.role=worker", "--drover.worker.track=canary", "--drover.worker.job-workflows=true");
        assertThat(list(container, "env")).isEmpty();
    }

    /** Requests are the dispatcher's, which has no colour: its Service would select nobody. */
    @Needs(Needed.KUBECTL)
    @ParameterizedTest
    @ValueSource(strings = {"blue-green/blue", "blue-green/green"})
    void blueGreenRefusesADispatcher(String colour) {
        Path overlay = Build.overlay("refused", List.of("worker-jobs", colour));

        Program.Outcome outcome = Program.run("kubectl", "kustomize", overlay.toString());

        assertThat(outcome.code()).isPositive();
        assertThat(outcome.output()).contains("testing value /spec/selector/app.kubernetes.io~1component failed");
    }

    /** Both would make Jobs for the same tasks. */
    @Needs(Needed.KUBECTL)
    @ParameterizedTest
    @CsvSource({"worker-jobs, scaled-jobs", "scaled-jobs, worker-jobs"})
    void heavyWorkflowsHaveOneMakerOfJobs(String first, String second) {
        Path overlay = Build.overlay("refused", List.of(first, second));

        Program.Outcome outcome = Program.run("kubectl", "kustomize", overlay.toString());

        assertThat(outcome.code()).isPositive();
        assertThat(outcome.output()).contains("testing value").contains("failed");
    }

    /** The dispatchers read Kafka, so no worker reduces its lag. */
    @Test
    void withWorkerJobsTheAutoscalerFollowsTheTasksAlone() {
        Build build = Build.named("worker-jobs in production");

        assertThat(list(build.object("ScaledObject", "drover"), "spec", "triggers"))
                .extracting(trigger -> trigger.get("type"))
                .containsExactly("postgresql");
        assertThat(list(Build.named("keda").object("ScaledObject", "drover"), "spec", "triggers"))
                .extracting(trigger -> trigger.get("type"))
                .containsExactly("postgresql", "kafka");
        Program.Outcome wrongOrder = Program.run(
                "kubectl",
                "kustomize",
                Build.overlay("refused", List.of("worker-jobs", "keda")).toString());
        assertThat(wrongOrder.code()).isPositive();
        assertThat(wrongOrder.output()).contains("testing value /spec/selector/app.kubernetes.io~1component failed");
    }

    @Test
    void theDispatcherStaysSmallInProduction() {
        Build build = Build.named("worker-jobs in production");
        Object[] memory = {"spec", "template", "spec", "containers", 0, "resources", "requests", "memory"};

        assertThat(at(build.object("Deployment", "drover"), memory)).isEqualTo("1Gi");
        assertThat(at(build.object("Deployment", "drover-dispatcher"), memory)).isEqualTo("384Mi");
    }

    /** What comes last wins; a setting of the component is only its default. */
    @Test
    void anOverlaysSettingsAreTheDispatchersToo() {
        List<Map<String, Object>> sources = list(
                Build.named("worker-jobs").object("Deployment", "drover-dispatcher"),
                "spec",
                "template",
                "spec",
                "containers",
                0,
                "envFrom");

        assertThat(sources.stream().map(source -> text(source, "configMapRef", "name")))
                .map(name -> name.replaceFirst("-\\w{10}$", ""))
                .containsExactly("drover-dispatcher-settings", "drover-settings", "null");
    }

    @Test
    void stagingHasTheShapeOfProduction() {
        for (String overlay : List.of("staging", "prod")) {
            Map<String, Object> pod =
                    map(Build.named(overlay).object("Deployment", "drover"), "spec", "template", "spec");
            assertThat(pod).containsKeys("topologySpreadConstraints", "affinity");
            assertThat((int) at(Build.named(overlay).object("ScaledObject", "drover"), "spec", "minReplicaCount"))
                    .isGreaterThanOrEqualTo(2);
        }
        Build staging = Build.named("staging");
        Build prod = Build.named("prod");
        assertThat(staging.objects().stream().map(object -> object.get("kind") + " " + withoutHash(object)))
                .containsExactlyElementsOf(prod.objects().stream()
                        .filter(object -> !object.get("kind").equals("PriorityClass")) // of the whole cluster
                        .map(object -> object.get("kind") + " " + withoutHash(object))
                        .toList());
    }

    private static String withoutHash(Map<String, Object> object) {
        return Build.name(object).replaceFirst("-[a-z0-9]{10}$", "");
    }

    /** A worker for all but the heavy workflow, and for that one Jobs. */
    @Test
    void kedaMakesJobsForTheHeavyWorkflowOnly() {
        Build build = Build.named("workers and Jobs by KEDA");
        Map<String, Object> job = map(build.object("ScaledJob", "drover"), "spec");

        assertThat(strings(at(job, "jobTargetRef", "template", "spec", "containers", 0, "args")))
                .containsExactly("drain", "--serve", "--for=3h", "--drover.worker.workflows=yearly-report");
        assertThat(text(job, "triggers", 0, "metadata", "query"))
                .isEqualTo(text(build.object("ScaledObject", "drover"), "spec", "triggers", 0, "metadata", "query")
                        .replaceAll(
                                "(where status = '\\w+'( and run_at <= now\\(\\))?)",
                                "$1 and workflow = 'yearly-report'"));
        assertThat(strings(
                        at(build.object("Deployment", "drover"), "spec", "template", "spec", "containers", 0, "args")))
                .containsExactly("--drover.worker.job-workflows=false");
        assertThat(build.ofKind("TriggerAuthentication"))
                .extracting(Build::name)
                .containsExactlyInAnyOrder("drover-postgres", "drover-kafka", "drover-job-postgres");
    }

    @Test
    void theAutoscalerAsksTheDatabaseThatDroverUses() {
        for (String overlay : List.of("staging", "prod")) {
            Build build = Build.named(overlay);
            String url = build.ofKind("ConfigMap").stream()
                    .map(map -> text(map, "data", "SPRING_DATASOURCE_URL"))
                    .filter(value -> !value.equals("null"))
                    .findFirst()
                    .orElseThrow();
            Map<String, Object> trigger =
                    map(build.object("ScaledObject", "drover"), "spec", "triggers", 0, "metadata");
            assertThat(url)
                    .startsWith("jdbc:postgresql://%s:%s/%s"
                            .formatted(trigger.get("host"), trigger.get("port"), trigger.get("dbName")));
        }
    }

    @Test
    void theRulesSurviveTheBuild() throws IOException {
        Object source = Build.read(Path.of("kustomize/components/monitoring/alerts.yaml"))
                .get("groups");
        Object built = at(Build.named("prod").object("PrometheusRule", "drover"), "spec", "groups");
        assertThat(oneLine(built)).isEqualTo(oneLine(source));
    }

    /** Kustomize sorts keys and folds long texts anew. */
    private static String oneLine(Object object) throws IOException {
        return new ObjectMapper()
                .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
                .writeValueAsString(object)
                .replaceAll("(\\\\n|\\s)+", " ");
    }

    @Test
    void everyDashboardIsOneForGrafana() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("kustomize/components/monitoring/dashboards"))) {
            assertThat(Build.named("monitoring").ofKind("ConfigMap").stream()
                            .filter(map -> text(map, "metadata", "labels", "grafana_dashboard")
                                    .equals("1"))
                            .flatMap(map -> map(map, "data").keySet().stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void thePageNamesEveryComponentAndOverlay() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Build.components()).allSatisfy(component -> assertThat(page).contains("`" + component + "`"));
        assertThat(Build.overlays())
                .allSatisfy(overlay -> assertThat(page).contains("`overlays/" + overlay.getFileName() + "`"));
    }

    @Test
    void thePageSaysWhatReadinessDependsOn() throws IOException {
        Object included = at(
                Build.read(Path.of("src/main/resources/application.yaml")),
                "management",
                "endpoint.health",
                "group",
                "ready",
                "include");

        assertThat(Stream.of(included.toString().split(", ")))
                .isNotEmpty()
                .allSatisfy(component -> assertThat(Files.readString(PAGE)).contains("\n| `" + component + "` | "));
    }
}
