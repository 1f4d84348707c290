package io.drover.deploy;

import static io.drover.deploy.Build.at;
import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.name;
import static io.drover.deploy.Build.strings;
import static io.drover.deploy.Build.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names by which objects refer to each other: one that nothing has would be found by the cluster only, or by nobody. */
final class References extends Violations {

    /** Secrets that are made outside of the repository. */
    private static final Set<String> SECRETS = Set.of(
            "drover", "drover-audit", "drover-keda", "drover-metrics", "drover-owner", "drover-survey", "drover-tls");

    /** What KEDA reads of a trigger's metadata; it passes over what it does not know. */
    private static final Map<String, Set<String>> TRIGGERS = Map.of(
            "postgresql",
            Set.of(
                    "host",
                    "port",
                    "dbName",
                    "sslmode",
                    "userName",
                    "passwordFromEnv",
                    "connectionFromEnv",
                    "query",
                    "targetQueryValue",
                    "activationTargetQueryValue"),
            "kafka",
            Set.of(
                    "bootstrapServers",
                    "bootstrapServersFromEnv",
                    "consumerGroup",
                    "topic",
                    "version",
                    "sasl",
                    "tls",
                    "lagThreshold",
                    "activationLagThreshold",
                    "offsetResetPolicy",
                    "allowIdleConsumers",
                    "limitToPartitionsWithLag",
                    "excludePersistentLag"));

    References(Build build) {
        super(build);
    }

    @Override
    void check() {
        build.ofKind("Service").forEach(this::checkService);
        build.ofKind("PodDisruptionBudget")
                .forEach(object -> selects(object, map(object, "spec", "selector", "matchLabels")));
        build.ofKind("NetworkPolicy").forEach(this::checkNetworkPolicy);
        build.ofKind("RoleBinding").forEach(this::checkRoleBinding);
        build.ofKind("Ingress").forEach(this::checkIngress);
        build.ofKind("ServiceMonitor").forEach(this::checkServiceMonitor);
        Stream.of("ScaledObject", "HorizontalPodAutoscaler")
                .flatMap(kind -> build.ofKind(kind).stream())
                .forEach(this::checkTarget);
        Stream.of("ScaledObject", "ScaledJob")
                .flatMap(kind -> build.ofKind(kind).stream())
                .forEach(this::checkTriggers);
        for (Map<String, Object> object : build.objects()) {
            templates(object).forEach(template -> checkPod(object, map(template, "spec")));
        }
    }

    private void checkService(Map<String, Object> service) {
        List<Map<String, Object>> pods = selects(service, map(service, "spec", "selector"));
        list(service, "spec", "ports").forEach(port -> leadsTo(service, port.get("targetPort"), pods));
    }

    private void checkNetworkPolicy(Map<String, Object> policy) {
        List<Map<String, Object>> pods = selects(policy, map(policy, "spec", "podSelector", "matchLabels"));
        list(policy, "spec", "ingress").stream()
                .flatMap(rule -> list(rule, "ports").stream())
                .forEach(port -> leadsTo(policy, port.get("port"), pods));
    }

    private List<Map<String, Object>> selects(Map<String, Object> object, Map<String, Object> selector) {
        List<Map<String, Object>> pods = build.objects().stream()
                .flatMap(Violations::templates)
                .filter(template ->
                        map(template, "metadata", "labels").entrySet().containsAll(selector.entrySet()))
                .toList();
        require(object, !selector.isEmpty() && !pods.isEmpty(), "selects pods that there are: " + selector);
        return pods;
    }

    private void leadsTo(Map<String, Object> object, Object port, List<Map<String, Object>> pods) {
        require(
                object,
                pods.stream()
                        .flatMap(pod -> list(pod, "spec", "containers").stream())
                        .flatMap(container -> list(container, "ports").stream())
                        .anyMatch(open -> open.get(port instanceof String ? "name" : "containerPort")
                                .equals(port)),
                "leads to a port that the pods have: " + port);
    }

    private void checkRoleBinding(Map<String, Object> binding) {
        require(
                binding,
                text(binding, "roleRef", "kind").equals("Role")
                        && names("Role").contains(text(binding, "roleRef", "name")),
                "grants a Role of this build and no other");
        list(binding, "subjects")
                .forEach(subject -> require(
                        binding,
                        text(subject, "kind").equals("ServiceAccount")
                                && names("ServiceAccount").contains(text(subject, "name")),
                        "grants to an account that there is: " + text(subject, "name")));
    }

    private void checkIngress(Map<String, Object> ingress) {
        for (Map<String, Object> rule : list(ingress, "spec", "rules")) {
            for (Map<String, Object> path : list(rule, "http", "paths")) {
                Map<String, Object> backend = map(path, "backend", "service");
                require(
                        ingress,
                        build.ofKind("Service").stream()
                                .filter(service -> name(service).equals(backend.get("name")))
                                .flatMap(service -> list(service, "spec", "ports").stream())
                                .anyMatch(port -> port.get("name").equals(at(backend, "port", "name"))),
                        "leads to a Service that there is: " + backend);
            }
        }
        list(ingress, "spec", "tls").forEach(tls -> knowsSecret(ingress, text(tls, "secretName")));
    }

    private void checkServiceMonitor(Map<String, Object> monitor) {
        Map<String, Object> selector = map(monitor, "spec", "selector", "matchLabels");
        List<Object> ports = build.ofKind("Service").stream()
                .filter(service -> map(service, "metadata", "labels").entrySet().containsAll(selector.entrySet()))
                .flatMap(service -> list(service, "spec", "ports").stream())
                .map(port -> port.get("name"))
                .toList();
        list(monitor, "spec", "endpoints")
                .forEach(endpoint ->
                        require(monitor, ports.contains(endpoint.get("port")), "selects a Service that there is"));
    }

    private void checkTarget(Map<String, Object> object) {
        String target = text(object, "spec", "scaleTargetRef", "name");
        require(object, names("Deployment").contains(target), "scales a Deployment that there is: " + target);
        boolean readsTopics = build.ofKind("Deployment").stream()
                .filter(deployment -> name(deployment).equals(target))
                .flatMap(deployment ->
                        strings(at(deployment, "spec", "template", "spec", "containers", 0, "args")).stream())
                .noneMatch("--drover.role=worker"::equals);
        require(
                object,
                readsTopics
                        || list(object, "spec", "triggers").stream()
                                .noneMatch(trigger -> text(trigger, "type").equals("kafka")),
                "follows the lag of topics only where its target reads them: " + target);
    }

    private void checkTriggers(Map<String, Object> object) {
        for (Map<String, Object> trigger : list(object, "spec", "triggers")) {
            String authentication = text(trigger, "authenticationRef", "name");
            require(
                    object,
                    authentication.equals("null")
                            || names("TriggerAuthentication").contains(authentication),
                    "logs in by what there is: " + authentication);
            Set<String> known = TRIGGERS.getOrDefault(text(trigger, "type"), Set.of());
            map(trigger, "metadata")
                    .keySet()
                    .forEach(key -> require(object, known.contains(key), "tells KEDA what it knows: " + key));
        }
        build.ofKind("TriggerAuthentication").stream()
                .flatMap(authentication -> list(authentication, "spec", "secretTargetRef").stream())
                .forEach(reference -> knowsSecret(object, text(reference, "name")));
    }

    private void checkPod(Map<String, Object> object, Map<String, Object> pod) {
        require(
                object,
                names("ServiceAccount").contains(text(pod, "serviceAccountName")),
                "runs under an account that there is");
        List<Map<String, Object>> sources = Policy.containers(pod).stream()
                .flatMap(container -> list(container, "envFrom").stream())
                .toList();
        Stream.concat(
                        sources.stream().map(source -> text(source, "configMapRef", "name")),
                        list(pod, "volumes").stream().map(volume -> text(volume, "configMap", "name")))
                .filter(reference -> !reference.equals("null"))
                .forEach(reference -> require(
                        object, names("ConfigMap").contains(reference), "refers to what there is: " + reference));
        sources.stream()
                .map(source -> text(source, "secretRef", "name"))
                .filter(reference -> !reference.equals("null"))
                .forEach(secret -> knowsSecret(object, secret));
        mounted(pod).forEach(secret -> knowsSecret(object, secret));
        Set<String> volumes = list(pod, "volumes").stream()
                .map(volume -> text(volume, "name"))
                .collect(Collectors.toSet());
        Policy.containers(pod).stream()
                .flatMap(container -> list(container, "volumeMounts").stream())
                .forEach(mount -> require(object, volumes.contains(text(mount, "name")), "mounts what there is"));
    }

    /** The Secrets that are files of a pod. */
    static Stream<String> mounted(Map<String, Object> pod) {
        return list(pod, "volumes").stream()
                .filter(volume -> volume.containsKey("secret"))
                .map(volume -> text(volume, "secret", "secretName"));
    }

    private void knowsSecret(Map<String, Object> object, String secret) {
        require(object, SECRETS.contains(secret), "refers to a known Secret: " + secret);
    }

    private Set<String> names(String kind) {
        return build.ofKind(kind).stream().map(Build::name).collect(Collectors.toSet());
    }
}
