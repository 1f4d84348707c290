package io.drover.deploy;

import static io.drover.deploy.Build.at;
import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.name;
import static io.drover.deploy.Build.text;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a review by who answers for security asks of manifests: encrypted ways, least rights, secrets of one environment, bounded egress. */
final class Hardening extends Violations {

    private static final String NODE_METADATA = "169.254.0.0/16";

    Hardening(Build build) {
        super(build);
    }

    @Override
    void check() {
        build.ofKind("ConfigMap").forEach(this::checkSettings);
        build.ofKind("NetworkPolicy").forEach(this::checkEgress);
        build.ofKind("Ingress").forEach(this::checkIngress);
        build.ofKind("ExternalSecret").forEach(this::checkSecret);
        build.ofKind("TriggerAuthentication").forEach(this::checkKedaUser);
        Stream.of("ScaledObject", "ScaledJob")
                .flatMap(kind -> build.ofKind(kind).stream())
                .forEach(this::checkTriggers);
        build.ofKind("Deployment").forEach(this::checkDeployment);
        checkOwner();
        checkPriorities();
        for (Map<String, Object> object : build.objects()) {
            templates(object)
                    .flatMap(template -> Policy.containers(map(template, "spec")).stream())
                    .forEach(container -> Stream.of("requests", "limits")
                            .forEach(kind -> require(
                                    object,
                                    map(container, "resources", kind).containsKey("ephemeral-storage"),
                                    "has %s for ephemeral-storage".formatted(kind))));
        }
    }

    private void checkSettings(Map<String, Object> object) {
        Map<String, Object> settings = map(object, "data");
        if (build.name().equals("dev")) {
            return; // a stand of one developer
        }
        require(
                object,
                !settings.containsKey("SERVER_FORWARDHEADERSSTRATEGY")
                        || settings.containsKey("SERVER_TOMCAT_REMOTEIP_INTERNALPROXIES"),
                "names the proxies that are believed");
        String database = text(settings, "SPRING_DATASOURCE_URL");
        require(
                object,
                database.equals("null") || database.contains("sslmode=verify-full"),
                "checks the certificate of PostgreSQL");
        require(
                object,
                !settings.containsKey("CAMEL_COMPONENT_KAFKA_BROKERS")
                        || text(settings, "CAMEL_COMPONENT_KAFKA_SECURITYPROTOCOL")
                                .equals("SASL_SSL"),
                "speaks TLS to Kafka and logs in");
    }

    private void checkEgress(Map<String, Object> policy) {
        for (Map<String, Object> rule : list(policy, "spec", "egress")) {
            require(policy, !list(rule, "to").isEmpty(), "says where to");
            for (Map<String, Object> peer : list(rule, "to")) {
                boolean everywhere = text(peer, "ipBlock", "cidr").equals("0.0.0.0/0");
                require(
                        policy,
                        !everywhere
                                || String.valueOf(at(peer, "ipBlock", "except")).contains(NODE_METADATA),
                        "keeps off the metadata service of the node");
            }
        }
    }

    /** JMX from outside the cluster is a choice: the component that makes it also keeps a browser with one pod. */
    private void checkIngress(Map<String, Object> ingress) {
        boolean chosen = text(ingress, "metadata", "annotations", "nginx.ingress.kubernetes.io/affinity")
                .equals("cookie");
        list(ingress, "spec", "rules").stream()
                .flatMap(rule -> list(rule, "http", "paths").stream())
                .forEach(path -> require(
                        ingress, chosen || !opensJmx(path), "opens Hawtio and Jolokia only where they are chosen"));
    }

    private static boolean opensJmx(Map<String, Object> path) {
        String prefix = text(path, "path");
        return prefix.matches("/(hawtio|jolokia).*")
                || prefix.equals("/") && !text(path, "pathType").equals("Exact");
    }

    private void checkSecret(Map<String, Object> object) {
        String namespace = text(object, "metadata", "namespace");
        list(object, "spec", "dataFrom").stream()
                .map(source -> text(source, "extract", "key"))
                .forEach(key -> require(
                        object,
                        key.equals(namespace) || key.startsWith(namespace + "-"),
                        "reads an entry of its own environment: " + key));
    }

    private void checkKedaUser(Map<String, Object> object) {
        list(object, "spec", "secretTargetRef")
                .forEach(reference ->
                        require(object, text(reference, "name").equals("drover-keda"), "has users of KEDA's own"));
    }

    private void checkTriggers(Map<String, Object> object) {
        for (Map<String, Object> trigger : list(object, "spec", "triggers")) {
            Map<String, Object> metadata = map(trigger, "metadata");
            if (text(trigger, "type").equals("postgresql")) {
                require(
                        object,
                        text(metadata, "sslmode").equals("verify-full"),
                        "checks the certificate of PostgreSQL");
            } else if (text(trigger, "type").equals("kafka")) {
                require(
                        object,
                        text(metadata, "tls").equals("enable") && metadata.containsKey("sasl"),
                        "speaks TLS to Kafka and logs in");
                String group = text(metadata, "consumerGroup");
                require(
                        object,
                        build.ofKind("ConfigMap").stream()
                                .filter(map -> name(map).startsWith("drover-triggers"))
                                .anyMatch(map -> map(map, "data")
                                        .containsKey(group.replaceFirst("^drover-", "") + ".camel.yaml")),
                        "follows the group of a trigger that there is: " + group);
            }
        }
    }

    /** Who changes tables does nothing else, and where there is such a Job nobody else does. */
    private void checkOwner() {
        for (Map<String, Object> object : build.objects()) {
            templates(object)
                    .flatMap(template -> Policy.containers(map(template, "spec")).stream())
                    .forEach(container -> {
                        List<String> secrets = secrets(container);
                        require(
                                object,
                                secrets.size() == 1 && secrets.contains("drover-owner") == migrates(container),
                                "logs in as the owner of the tables exactly where it migrates them");
                    });
        }
        build.ofKind("Job").stream()
                .filter(job -> name(job).equals("drover-migrate"))
                .forEach(job -> require(
                        job,
                        build.ofKind("ConfigMap").stream().anyMatch(settings -> text(settings, "data", "DROVER_MIGRATE")
                                .equals("false")),
                        "is the only one that migrates"));
    }

    static boolean migrates(Map<String, Object> container) {
        return text(container, "args", 0).equals("migrate");
    }

    static List<String> secrets(Map<String, Object> container) {
        return list(container, "envFrom").stream()
                .filter(source -> source.containsKey("secretRef"))
                .map(source -> text(source, "secretRef", "name"))
                .toList();
    }

    /** All pods or none: a Job that waits for a place, as that which migrates, would hold up those that come before it. */
    private void checkPriorities() {
        List<String> known =
                build.ofKind("PriorityClass").stream().map(Build::name).toList();
        List<String> wanted = known.isEmpty() ? List.of("null") : known;
        for (Map<String, Object> object : build.objects()) {
            templates(object)
                    .map(template -> text(template, "spec", "priorityClassName"))
                    .forEach(priority -> {
                        require(
                                object,
                                priority.equals("null") || known.contains(priority),
                                "has a priority that there is: " + priority);
                        require(object, wanted.contains(priority), "has the priority of all pods: " + priority);
                    });
        }
    }

    private void checkDeployment(Map<String, Object> object) {
        require(
                object,
                at(object, "spec", "minReadySeconds") instanceof Integer seconds && seconds > 0,
                "counts a pod when it has stayed ready");
        Map<String, Object> labels = map(object, "spec", "template", "metadata", "labels");
        require(
                object,
                build.ofKind("PodDisruptionBudget").stream().anyMatch(budget -> labels.entrySet()
                        .containsAll(
                                map(budget, "spec", "selector", "matchLabels").entrySet())),
                "has a disruption budget");
    }
}
