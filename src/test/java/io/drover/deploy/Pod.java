package io.drover.deploy;

import static io.drover.deploy.Build.at;
import static io.drover.deploy.Build.list;
import static io.drover.deploy.Build.map;
import static io.drover.deploy.Build.strings;
import static io.drover.deploy.Build.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a manifest gives to the process of a pod, and nothing else.
 *
 * @param arguments   after the name of the program
 * @param environment of its ConfigMaps and its Secrets
 * @param root        below which its mounted files are
 */
public record Pod(List<String> arguments, Map<String, String> environment, Path root) {

    /**
     * The pod of a Deployment.
     *
     * @param secrets the Secrets of the namespace, which no manifest holds
     * @param root    an empty directory
     * @throws AssertionError where it refers to what there is not, as a cluster would
     */
    public static Pod of(Build build, String deployment, Map<String, Map<String, String>> secrets, Path root) {
        Map<String, Object> pod = map(build.object("Deployment", deployment), "spec", "template", "spec");
        Map<String, Object> container = list(pod, "containers").getFirst();
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map<String, Object> source : list(container, "envFrom")) {
            if (source.containsKey("secretRef")) {
                environment.putAll(secret(secrets, text(source, "secretRef", "name")));
            } else {
                data(build, text(source, "configMapRef", "name")).forEach((k, v) -> environment.put(k, v.toString()));
            }
        }
        list(container, "env").forEach(variable -> environment.put(text(variable, "name"), text(variable, "value")));
        for (Map<String, Object> mount : list(container, "volumeMounts")) {
            Path directory = root.resolve(text(mount, "mountPath").substring(1));
            for (Map<String, Object> volume : list(pod, "volumes")) {
                if (!volume.get("name").equals(mount.get("name"))) {
                    continue;
                }
                if (volume.containsKey("configMap")) {
                    mount(map(volume, "configMap"), data(build, text(volume, "configMap", "name")), directory);
                } else if (volume.containsKey("secret")) {
                    mount(map(volume, "secret"), secret(secrets, text(volume, "secret", "secretName")), directory);
                }
            }
        }
        return new Pod(strings(at(container, "args")), environment, root);
    }

    private static Map<String, String> secret(Map<String, Map<String, String>> secrets, String name) {
        if (!secrets.containsKey(name)) {
            throw new AssertionError("no Secret " + name);
        }
        return secrets.get(name);
    }

    private static void mount(Map<String, Object> volume, Map<String, ?> data, Path directory) {
        try {
            Files.createDirectories(directory);
            if (volume.containsKey("items")) {
                for (Map<String, Object> item : list(volume, "items")) {
                    Files.writeString(directory.resolve(text(item, "path")), text(data, text(item, "key")));
                }
            } else {
                for (String key : data.keySet()) {
                    Files.writeString(directory.resolve(key), text(data, key));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> data(Build build, String configMap) {
        return map(build.object("ConfigMap", configMap), "data");
    }
}
