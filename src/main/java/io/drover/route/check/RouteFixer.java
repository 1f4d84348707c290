package io.drover.route.check;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Mends what has one right spelling: shorthand becomes Camel's canonical form, and a file gets the name that its route
 * has as its id. Everything else is left to people, and reported by {@link RouteValidator}.
 */
public final class RouteFixer {

    /** An id that is a good name for a file on every system. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final String YAML = "(?i)(?:\\.camel)?\\.ya?ml$";

    private final Path directory;
    private final List<String> said = new ArrayList<>();

    private RouteFixer(Path directory) {
        this.directory = directory;
    }

    /**
     * Mends the files below a directory.
     *
     * @return a sentence about each file that is another now
     */
    public static List<String> fix(Path directory) throws IOException {
        RouteFixer fixer = new RouteFixer(directory);
        for (Path file : MisnamedFiles.of(directory)) {
            fixer.rename(file, null);
        }
        for (Path file : RouteReader.files(directory)) {
            fixer.rewrite(file);
        }
        for (Path file : RouteReader.files(directory)) {
            fixer.rename(file, RouteFile.id(file));
        }
        return fixer.said;
    }

    private void rewrite(Path file) throws IOException {
        String text = text(file);
        if (text == null) {
            return;
        }
        String id = RouteFile.id(file);
        String canonical = CanonicalText.of(text);
        String fixed = ID.matcher(id).matches() ? CanonicalText.withId(canonical, id) : canonical;
        if (!fixed.equals(text)) {
            replace(file, fixed);
            said.add("%s: rewritten in Camel's canonical form".formatted(name(file)));
        }
    }

    /** @param known the id that the name stands for, or null where nothing loads a file of this name */
    private void rename(Path file, @Nullable String known) throws IOException {
        Yaml route = route(file);
        if (route == null) {
            return;
        }
        String id = known == null && route.text("id").isEmpty()
                ? file.getFileName().toString().replaceFirst(YAML, "")
                : route.text("id");
        if (id.equals(known) || !ID.matcher(id).matches()) {
            return;
        }
        Path target = file.resolveSibling(id + RouteFile.SUFFIX);
        if (isTaken(file, id)) {
            said.add("%s: not renamed to %s, because another file has that name; give the route another id"
                    .formatted(name(file), name(target)));
            return;
        }
        String before = file.getFileName().toString();
        Files.move(file, target);
        said.add("%s: renamed to %s, which is its route's id%s".formatted(name(file), name(target), listed(before)));
    }

    private boolean isTaken(Path file, String id) {
        return RouteReader.files(directory).stream()
                .anyMatch(other -> !other.equals(file)
                        && RouteFile.id(other).toLowerCase(Locale.ROOT).equals(id.toLowerCase(Locale.ROOT)));
    }

    private String listed(String before) throws IOException {
        Path list = directory.resolve("kustomization.yaml");
        return Files.isRegularFile(list) && Files.readString(list).contains(before)
                ? "; kustomization.yaml lists it by its old name, so change that"
                : "";
    }

    /** The one route of a file, which Camel also reads without its name, or null. */
    private static @Nullable Yaml route(Path file) {
        String text = text(file);
        try {
            Yaml root = text == null ? null : Yaml.parse(text);
            if (root == null || root.items().size() != 1) {
                return null;
            }
            Yaml entry = root.items().getFirst();
            return entry.get("from") != null ? entry : entry.get("route");
        } catch (YamlEngineException e) {
            return null;
        }
    }

    /** Null where it cannot be read as a route file is, which validate reports. */
    private static @Nullable String text(Path file) {
        try {
            return NamedFiles.text(file);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whole or not at all. */
    private static void replace(Path file, String text) throws IOException {
        Path real = file.toRealPath(); // a link stays one
        Path written = Files.createTempFile(real.resolveSibling(""), "..fixed", null);
        try {
            Files.copy(real, written, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(written, text);
            try {
                Files.move(written, real, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(written, real, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private String name(Path file) {
        return RouteReader.name(directory, file);
    }
}
