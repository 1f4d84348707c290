package io.drover.deploy;

import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.name;
import static io.drover.deploy.Build.strings;
import static io.drover.deploy.Build.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Workers that have no more than their workflows need: what is theirs is no one else's, and what is another's is not theirs. */
final class OwnWorkers extends Violations {

    private static final String WORKFLOWS = "--drover.worker.workflows=";

    /** The account of pods that make Jobs; all else of theirs is as in the pods of all. */
    private static final String DISPATCHER = "drover-dispatcher";

    OwnWorkers(Build build) {
        super(build);
    }

    @Override
    void check() {
        Set<String> left = build.ofKind("ConfigMap").stream()
                .filter(map -> name(map).startsWith("drover-settings"))
                .flatMap(map -> words(text(map, "data", "DROVER_WORKER_EXCEPTWORKFLOWS")))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> taken = new TreeSet<>();
        for (Map<String, Object> deployment : build.ofKind("Deployment")) {
            Map<String, Object> pod = map(deployment, "spec", "template", "spec");
            String account = text(pod, "serviceAccountName");
            if (!account.equals("drover") && !account.equals(DISPATCHER)) {
                taken.addAll(check(deployment, pod, account));
            }
        }
        require(
                Map.of("kind", "ConfigMap", "metadata", Map.of("name", "drover-settings")),
                left.equals(taken),
                "leaves workflows to workers of their own exactly where there are such: %s, %s".formatted(left, taken));
        build.objects().forEach(this::checkSecrets);
    }

    /** @return its workflows */
    private List<String> check(Map<String, Object> deployment, Map<String, Object> pod, String account) {
        Map<String, Object> container = list(pod, "containers").getFirst();
        List<String> args = strings(container.get("args"));
        List<String> workflows = args.stream()
                .filter(arg -> arg.startsWith(WORKFLOWS))
                .flatMap(arg -> words(arg.substring(WORKFLOWS.length())))
                .toList();
        require(deployment, account.equals(name(deployment)), "has an account of its own");
        require(deployment, args.contains("--drover.role=worker"), "takes neither requests nor records");
        require(deployment, !workflows.isEmpty(), "names its workflows");
        Set<String> tools = new TreeSet<>();
        for (String workflow : workflows) {
            String allowed = "--drover.workflows.%s.allowed-tools=".formatted(workflow);
            require(
                    deployment,
                    args.stream().anyMatch(arg -> arg.startsWith(allowed)),
                    "names the tools of " + workflow);
            args.stream()
                    .filter(arg -> arg.startsWith(allowed))
                    .flatMap(arg -> words(arg.substring(allowed.length())))
                    .forEach(tools::add);
        }
        require(deployment, files(pod, "tools").equals(tools), "has the files of its tools and no others");
        require(
                deployment,
                files(pod, "workflows").equals(new TreeSet<>(workflows)),
                "has the files of its workflows and no others");
        require(
                deployment,
                list(container, "volumeMounts").stream()
                        .noneMatch(mount -> text(mount, "mountPath").equals("/app/routes/triggers")),
                "has no triggers");
        checkNetwork(deployment);
        return workflows;
    }

    /** The routes that a volume brings, as its own list of files says; without one it brings all. */
    private static Set<String> files(Map<String, Object> pod, String volume) {
        return list(pod, "volumes").stream()
                .filter(one -> text(one, "name").equals(volume))
                .flatMap(one -> map(one, "configMap").containsKey("items")
                        ? list(one, "configMap", "items").stream()
                                .map(item -> text(item, "path").replace(".camel.yaml", ""))
                        : Stream.of("all"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void checkNetwork(Map<String, Object> deployment) {
        Map<String, Object> labels = map(deployment, "spec", "template", "metadata", "labels");
        List<String> open = build.ofKind("NetworkPolicy").stream()
                .filter(policy -> Policy.selects(policy, labels))
                .filter(policy -> !list(policy, "spec", "egress").isEmpty())
                .map(Build::name)
                .filter(policy -> !policy.equals("drover-to-collector"))
                .toList();
        require(
                deployment,
                open.equals(List.of(name(deployment))),
                "goes out by a network policy of its own, as these add up: " + open);
    }

    /** Who has an account of their own has its Secret, and no one else has that. */
    private void checkSecrets(Map<String, Object> object) {
        templates(object).map(template -> map(template, "spec")).forEach(pod -> {
            String account = text(pod, "serviceAccountName");
            String secret = account.equals(DISPATCHER) ? "drover" : account;
            References.mounted(pod)
                    .forEach(name -> require(
                            object,
                            name.equals("drover-audit") && secret.equals("drover"),
                            "mounts no Secret but the key of the audit log, for the pods of all: " + name));
            Policy.containers(pod)
                    .forEach(container -> require(
                            object,
                            Hardening.secrets(container).stream()
                                    .allMatch(name -> name.equals(secret)
                                            || name.equals("drover-owner") && Hardening.migrates(container)),
                            "has the Secret of its account and no other: " + Hardening.secrets(container)));
        });
    }

    private static Stream<String> words(String list) {
        return Arrays.stream(list.split(",")).filter(word -> !word.isBlank() && !word.equals("null"));
    }
}
