package io.drover.deploy;

import static io.drover.deploy.Build.at;
import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.name;
import static io.drover.deploy.Build.strings;
import static io.drover.deploy.Build.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What holds for all manifests beyond their schemas; a violation is a line that names object and rule. */
final class Policy extends Violations {

    private static final Set<String> LABELS =
            Set.of("app.kubernetes.io/name", "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by");
    private static final Pattern SECRET_NAME = Pattern.compile(".*(PASSWORD|PASSWORDHASH|APIKEY|TOKEN|SECRET).*");
    private static final Pattern SECRET_VALUE =
            Pattern.compile("\\$2[aby]\\$\\d\\d\\$|-----BEGIN|://[^/\\s\"'{}]+:[^/\\s\"'{}]+@|\\bpassword\\s*[:=]");
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    /** {@code kubectl apply} keeps the whole object in an annotation, and annotations hold no more than this. */
    private static final int MAX_BYTES = 262_144;

    /** All that Drover may do with Kubernetes: resource, verb, and the one name where there is one. */
    private static final Set<String> RIGHTS = Set.of(
            "batch/jobs create",
            "batch/jobs list",
            "batch/cronjobs get drover-worker",
            "coordination.k8s.io/leases create",
            "coordination.k8s.io/leases get drover-jobs",
            "coordination.k8s.io/leases patch drover-jobs");

    private static final Set<Object> OPEN_PORTS =
            Set.of(53, 5432, 9092, 9093, 443, 4318, 6443, 8000, 8080, 11434, 4000);
    private static final Map<String, List<Object>> PROBES =
            Map.of("livenessProbe", List.of("/health/live", 20, 10), "readinessProbe", List.of("/health/ready", 10, 5));

    Policy(Build build) {
        super(build);
    }

    static List<String> violations(Build build) {
        return Stream.of(new Policy(build), new References(build), new Hardening(build), new OwnWorkers(build))
                .flatMap(rules -> rules.all().stream())
                .toList();
    }

    @Override
    void check() {
        for (Map<String, Object> object : build.objects()) {
            Map<String, Object> labels = map(object, "metadata", "labels");
            require(object, text(labels, "app").equals("ai-agent"), "has the label app: ai-agent");
            require(object, labels.keySet().containsAll(LABELS), "has the recommended labels");
            require(object, !object.get("kind").equals("Secret"), "is not a Secret");
            require(object, !text(object, "kind").startsWith("ClusterRole"), "has no rights beyond its namespace");
        }
        build.ofKind("ConfigMap").forEach(this::checkConfigMap);
        build.ofKind("Role").forEach(this::checkRole);
        build.ofKind("PodDisruptionBudget")
                .forEach(object -> require(
                        object,
                        !Set.of("null", "0", "0%").contains(text(object, "spec", "maxUnavailable")),
                        "lets a node be emptied"));
        checkNetwork();
        Stream.of("ScaledObject", "HorizontalPodAutoscaler")
                .flatMap(kind -> build.ofKind(kind).stream())
                .forEach(this::checkAutoscaler);
        build.ofKind("Deployment").forEach(this::checkDeployment);
        build.ofKind("CronJob").forEach(this::checkCronJob);
        build.ofKind("Job").forEach(object -> checkJob(object, map(object, "spec")));
        build.ofKind("ScaledJob").forEach(object -> checkJob(object, map(object, "spec", "jobTargetRef")));
    }

    private void checkConfigMap(Map<String, Object> object) {
        int bytes = 0;
        for (Map.Entry<String, Object> entry : map(object, "data").entrySet()) {
            String value = entry.getValue().toString();
            bytes += value.getBytes(StandardCharsets.UTF_8).length;
            require(object, KEY.matcher(entry.getKey()).matches(), "has keys that are file names: " + entry.getKey());
            require(
                    object,
                    !SECRET_NAME.matcher(entry.getKey()).matches()
                            && !SECRET_VALUE.matcher(value).find(),
                    "holds no secret: " + entry.getKey());
        }
        require(object, bytes < MAX_BYTES, "can be applied by kubectl (%d bytes)".formatted(bytes));
    }

    private void checkRole(Map<String, Object> object) {
        for (Map<String, Object> rule : list(object, "rules")) {
            List<String> names = strings(rule.get("resourceNames"));
            for (String group : strings(rule.get("apiGroups"))) {
                for (String resource : strings(rule.get("resources"))) {
                    for (String verb : strings(rule.get("verbs"))) {
                        String right = "%s/%s %s %s"
                                .formatted(group, resource, verb, String.join(",", names))
                                .strip();
                        require(object, RIGHTS.contains(right), "grants what is needed and no more: " + right);
                    }
                }
            }
        }
    }

    private void checkNetwork() {
        List<Map<String, Object>> policies = build.ofKind("NetworkPolicy");
        require(
                Map.of("kind", "NetworkPolicy", "metadata", Map.of("name", "drover")),
                policies.stream()
                        .anyMatch(policy -> map(policy, "spec", "podSelector", "matchLabels")
                                        .equals(Map.of("app", "ai-agent"))
                                && strings(at(policy, "spec", "policyTypes")).containsAll(Set.of("Ingress", "Egress"))),
                "closes all pods to what is not named");
        for (Map<String, Object> object : build.objects()) {
            templates(object)
                    .map(template -> map(template, "metadata", "labels"))
                    .forEach(labels -> require(
                            object,
                            policies.stream().anyMatch(policy -> closes(policy) && selects(policy, labels)),
                            "has pods that a network policy closes"));
        }
        for (Map<String, Object> policy : policies) {
            for (Map<String, Object> rule : list(policy, "spec", "egress")) {
                require(policy, !list(rule, "ports").isEmpty(), "names the ports that it opens");
                list(rule, "ports")
                        .forEach(port -> require(
                                policy,
                                OPEN_PORTS.contains(port.get("port")),
                                "opens only what is needed: " + port.get("port")));
            }
            for (Map<String, Object> rule : list(policy, "spec", "ingress")) {
                require(policy, !list(rule, "ports").isEmpty(), "names the ports that it opens");
                require(
                        policy,
                        !list(rule, "from").isEmpty()
                                && list(rule, "from").stream().noneMatch(Policy::isEverybody),
                        "says who may come in");
            }
        }
    }

    private static boolean closes(Map<String, Object> policy) {
        return strings(at(policy, "spec", "policyTypes")).containsAll(Set.of("Ingress", "Egress"));
    }

    /** Whether a network policy is about pods with these labels. */
    static boolean selects(Map<String, Object> policy, Map<String, Object> labels) {
        Map<String, Object> selector = map(policy, "spec", "podSelector");
        return labels.entrySet().containsAll(map(selector, "matchLabels").entrySet())
                && list(selector, "matchExpressions").stream()
                        .allMatch(one -> text(one, "operator").equals("NotIn")
                                && !strings(one.get("values")).contains(text(labels, text(one, "key"))));
    }

    private static boolean isEverybody(Map<String, Object> peer) {
        return text(peer, "ipBlock", "cidr").endsWith("/0")
                || peer.containsKey("namespaceSelector")
                        && map(peer, "namespaceSelector", "matchLabels").isEmpty();
    }

    private void checkAutoscaler(Map<String, Object> object) {
        String target = text(object, "spec", "scaleTargetRef", "name");
        Map<String, Object> deployment = build.ofKind("Deployment").stream()
                .filter(candidate -> name(candidate).equals(target))
                .findFirst()
                .orElse(null);
        require(object, at(deployment, "spec", "replicas") == null, "is the one owner of the replicas");
        require(
                object,
                !object.toString().contains("agent_queue_depth"),
                "counts no task that a hold keeps from a worker: agent_tasks_due");
        Object autoscaler = object.get("kind").equals("ScaledObject")
                ? at(object, "spec", "advanced", "horizontalPodAutoscalerConfig")
                : at(object, "spec");
        require(
                object,
                text(autoscaler, "behavior", "scaleDown", "stabilizationWindowSeconds")
                        .equals("300"),
                "scales down slowly");
    }

    private void checkDeployment(Map<String, Object> object) {
        Map<String, Object> pod = map(object, "spec", "template", "spec");
        Map<String, Object> labels = map(object, "spec", "template", "metadata", "labels");
        require(
                object,
                labels.entrySet()
                        .containsAll(
                                map(object, "spec", "selector", "matchLabels").entrySet()),
                "selects its own pods");
        require(
                object,
                text(object, "spec", "strategy", "rollingUpdate", "maxUnavailable")
                        .equals("0"),
                "keeps what serves");
        checkPod(object, labels, pod);
        for (Map<String, Object> container : list(pod, "containers")) {
            PROBES.forEach((probe, expected) -> require(
                    object,
                    expected.equals(Arrays.asList(
                            at(container, probe, "httpGet", "path"),
                            at(container, probe, "initialDelaySeconds"),
                            at(container, probe, "periodSeconds"))),
                    "has the %s %s".formatted(probe, expected)));
            require(
                    object,
                    text(container, "startupProbe", "httpGet", "path").equals("/health/live"),
                    "has a startupProbe");
        }
    }

    private void checkCronJob(Map<String, Object> object) {
        Map<String, Object> spec = map(object, "spec");
        require(object, text(spec, "concurrencyPolicy").equals("Forbid"), "does not overtake itself");
        require(
                object,
                spec.containsKey("successfulJobsHistoryLimit") && spec.containsKey("failedJobsHistoryLimit"),
                "keeps some finished Jobs and not all");
        checkJob(object, map(spec, "jobTemplate", "spec"));
    }

    private void checkJob(Map<String, Object> object, Map<String, Object> job) {
        Map<String, Object> pod = map(job, "template", "spec");
        require(object, job.containsKey("activeDeadlineSeconds"), "has a deadline");
        require(object, job.containsKey("backoffLimit"), "gives up at some time");
        require(object, text(pod, "restartPolicy").equals("Never"), "leaves a failed pod to be looked at");
        checkPod(object, map(job, "template", "metadata", "labels"), pod);
        for (Map<String, Object> container : list(pod, "containers")) {
            require(
                    object,
                    Set.of("run", "drain", "migrate").contains(text(container, "args", 0)),
                    "runs a command that ends");
            require(
                    object,
                    Stream.of("lifecycle", "startupProbe", "livenessProbe", "readinessProbe")
                            .noneMatch(container::containsKey),
                    "has no probes, as it ends by itself");
            require(
                    object,
                    container.containsKey("ports")
                            == strings(container.get("args")).contains("--serve"),
                    "has a port exactly when it serves");
        }
    }

    private void checkPod(Map<String, Object> object, Map<String, Object> labels, Map<String, Object> pod) {
        require(object, text(labels, "app").equals("ai-agent"), "has pods with the label app: ai-agent");
        require(object, labels.containsKey("app.kubernetes.io/component"), "has pods that say what they are");
        Map<String, Object> security = map(pod, "securityContext");
        require(object, text(security, "runAsNonRoot").equals("true"), "does not run as root");
        require(object, security.get("runAsUser") instanceof Integer user && user > 0, "runs as a user with a number");
        require(object, text(security, "seccompProfile", "type").equals("RuntimeDefault"), "limits system calls");
        require(
                object,
                Stream.of("hostNetwork", "hostPID", "hostIPC").noneMatch(pod::containsKey)
                        && list(pod, "volumes").stream().noneMatch(volume -> volume.containsKey("hostPath")),
                "keeps off the node");
        require(object, text(pod, "enableServiceLinks").equals("false"), "takes no settings from names of Services");
        boolean token = text(pod, "automountServiceAccountToken").equals("true");
        require(
                object,
                token == text(pod, "serviceAccountName").equals("drover-dispatcher")
                        && (token || text(pod, "automountServiceAccountToken").equals("false")),
                "has a token only where it has rights");
        containers(pod).forEach(container -> checkContainer(object, container));
    }

    /** Those that start the pod, too. */
    static List<Map<String, Object>> containers(Map<String, Object> pod) {
        return Stream.concat(list(pod, "initContainers").stream(), list(pod, "containers").stream())
                .toList();
    }

    private void checkContainer(Map<String, Object> object, Map<String, Object> container) {
        String image = text(container, "image");
        String tag = image.substring(image.lastIndexOf('/') + 1);
        require(object, tag.contains(":") && !tag.endsWith(":latest"), "names the version of its image: " + image);
        for (String kind : List.of("requests", "limits")) {
            require(
                    object,
                    map(container, "resources", kind).keySet().containsAll(Set.of("cpu", "memory")),
                    "has %s for cpu and memory".formatted(kind));
        }
        Map<String, Object> security = map(container, "securityContext");
        require(
                object,
                !text(security, "runAsNonRoot").equals("false")
                        && !text(security, "runAsUser").equals("0"),
                "does not run as root after all");
        require(object, text(security, "allowPrivilegeEscalation").equals("false"), "gains no privileges");
        require(object, text(security, "readOnlyRootFilesystem").equals("true"), "has a read-only root");
        require(object, strings(at(security, "capabilities", "drop")).equals(List.of("ALL")), "drops all capabilities");
        require(
                object,
                !security.containsKey("privileged")
                        && !map(security, "capabilities").containsKey("add"),
                "adds none");
        for (Map<String, Object> variable : list(container, "env")) {
            require(
                    object,
                    !variable.containsKey("value")
                            || !SECRET_NAME.matcher(text(variable, "name")).matches()
                                    && !SECRET_VALUE
                                            .matcher(text(variable, "value"))
                                            .find(),
                    "holds no secret: " + variable.get("name"));
        }
        Stream.of("command", "args")
                .flatMap(key -> strings(container.get(key)).stream())
                .forEach(word -> require(
                        object, !SECRET_VALUE.matcher(word).find() && !isSecret(word), "names no secret: " + word));
    }

    /** As in {@code --spring.datasource.password=...}. */
    private static boolean isSecret(String word) {
        String name = word.replaceFirst("=.*", "");
        return !name.equals(word)
                && SECRET_NAME.matcher(name.replace("-", "").toUpperCase()).matches();
    }
}
