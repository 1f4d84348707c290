package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.ForkDirectory;
import io.drover.Needed;
import io.drover.monitoring.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/** What {@code kubectl kustomize} makes of a directory, or of some components on top of the base. */
public record Build(String name, String yaml, List<Map<String, Object>> objects) {

    static final Path ROOT = Path.of("kustomize");
    private static final Path COMPONENTS = ROOT.resolve("components");
    private static final Path TEMPORARY = ForkDirectory.of("kustomize");
    private static final Map<String, List<String>> TOGETHER = Map.of(
            "Hawtio from outside", List.of("console", "hawtio"),
            "canary and everything beside it",
                    List.of(
                            "own-workers",
                            "canary",
                            "migrate",
                            "keda",
                            "worker-jobs",
                            "cronjob",
                            "monitoring",
                            "otel",
                            "live-routes",
                            "spread"),
            "canary over worker-jobs", List.of("worker-jobs", "canary"),
            "canary over scaled-jobs", List.of("scaled-jobs", "canary"),
            "blue-green under KEDA", List.of("cronjob", "keda", "live-routes", "blue-green/green"),
            "blue-green under an HPA", List.of("hpa", "blue-green/blue"),
            "Jobs by KEDA, which re-read routes", List.of("live-routes", "scaled-jobs"),
            "Jobs with the priority of all pods", List.of("migrate", "scaled-jobs", "cronjob", "canary", "priority"),
            "worker Jobs with the priority of all pods", List.of("worker-jobs", "priority"),
            "workers and Jobs by KEDA", List.of("keda", "scaled-jobs", "spread"));

    private static final String JOBS_IN_PRODUCTION = "worker-jobs in production";

    private static final Map<String, Build> BUILT = new ConcurrentHashMap<>();

    /** Every overlay, every component alone, and some that must go together. Skips the test, and says why, where kubectl is missing. */
    static List<Build> all() {
        Needed.orSkip(Needed.KUBECTL);
        Stream<String> names = Stream.of(
                        overlays().stream().map(path -> path.getFileName().toString()),
                        components().stream(),
                        TOGETHER.keySet().stream().sorted(),
                        Stream.of(JOBS_IN_PRODUCTION))
                .flatMap(Function.identity());
        return names.map(Build::named).toList();
    }

    /** An overlay, a component alone, or what must go together. */
    public static Build named(String name) {
        Needed.orSkip(Needed.KUBECTL);
        return BUILT.computeIfAbsent(name, Build::make);
    }

    private static Build make(String name) {
        Path overlay = ROOT.resolve("overlays").resolve(name);
        if (Files.isDirectory(overlay)) {
            return of(overlay);
        }
        return name.equals(JOBS_IN_PRODUCTION)
                ? of(name, "overlays/prod", List.of("worker-jobs"))
                : of(name, TOGETHER.getOrDefault(name, List.of(name)));
    }

    static List<Path> overlays() {
        try (Stream<Path> directories = Files.list(ROOT.resolve("overlays"))) {
            return directories
                    .filter(path -> !path.getFileName().toString().startsWith(".")) // what another test just builds
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As an overlay names them; not those that are only parts of others. */
    static List<String> components() {
        try (Stream<Path> files = Files.walk(COMPONENTS)) {
            List<Path> all = files.filter(file -> file.endsWith("kustomization.yaml"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
            TreeSet<Path> parts = all.stream()
                    .flatMap(component ->
                            strings(read(component.resolve("kustomization.yaml"))
                                            .get("components"))
                                    .stream()
                                    .map(part -> component.resolve(part).normalize()))
                    .collect(Collectors.toCollection(TreeSet::new));
            return all.stream()
                    .filter(component -> !parts.contains(component))
                    .map(component -> COMPONENTS.relativize(component).toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Build of(Path directory) {
        Program.Outcome outcome = Program.run("kubectl", "kustomize", directory.toString());
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return of(directory.getFileName().toString(), outcome.output());
    }

    private static Build of(String name, List<String> components) {
        return of(name, of(overlay(name, components)).yaml);
    }

    private static Build of(String name, String resource, List<String> components) {
        return of(name, of(overlay(name, resource, components)).yaml);
    }

    /** A folder that lists these components on top of the base. */
    static Path overlay(String name, List<String> components) {
        return overlay(name, "base", components);
    }

    private static Path overlay(String name, String resource, List<String> components) {
        Path directory = TEMPORARY.resolve(name.replaceAll("\\W", "-"));
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve("kustomization.yaml"),
                    """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    namespace: drover
                    resources: [../../../../kustomize/%s]
                    components: [%s]
                    """
                            .formatted(
                                    resource,
                                    components.stream()
                                            .map(component -> "../../../../kustomize/components/" + component)
                                            .collect(Collectors.joining(", "))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    @SuppressWarnings("unchecked")
    static Build of(String name, String yaml) {
        List<Map<String, Object>> objects = StreamSupport.stream(
                        new Yaml().loadAll(yaml).spliterator(), false)
                .map(object -> (Map<String, Object>) object)
                .toList();
        return new Build(name, yaml, objects);
    }

    List<Map<String, Object>> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.get("kind").equals(kind))
                .toList();
    }

    public Map<String, Object> object(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s: no %s %s".formatted(this, kind, name)));
    }

    static String name(Map<String, Object> object) {
        return text(object, "metadata", "name");
    }

    /** What lies at a path, where a number is a place in a list; null if there is nothing. */
    static Object at(Object object, Object... path) {
        for (Object key : path) {
            if (object instanceof Map<?, ?> map) {
                object = map.get(key);
            } else if (object instanceof List<?> list && (int) key < list.size()) {
                object = list.get((int) key);
            } else {
                return null;
            }
        }
        return object;
    }

    static String text(Object object, Object... path) {
        return String.valueOf(at(object, path));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object object, Object... path) {
        Object map = at(object, path);
        return map == null ? Map.of() : (Map<String, Object>) map;
    }

    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> list(Object object, Object... path) {
        Object list = at(object, path);
        return list == null ? List.of() : (List<Map<String, Object>>) list;
    }

    @SuppressWarnings("unchecked")
    public static List<String> strings(Object list) {
        return list == null ? List.of() : (List<String>) list;
    }

    static Map<String, Object> read(Path file) {
        try {
            return new Yaml().load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
