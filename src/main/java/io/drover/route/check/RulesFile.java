package io.drover.route.check;

import io.drover.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The file of rules, read and checked once. */
public final class RulesFile {

    /** Where it may be; a folder of its own can be a mounted ConfigMap. */
    private static final List<String> NAMES = List.of("rules.yaml", "rules/rules.yaml");

    /** In characters. */
    private static final int LONGEST = 256 * 1024;

    private final String name;
    private final @Nullable String text;
    private final @Nullable Rules rules;
    private final List<Problem> problems;
    private final List<Problem> warnings;

    private RulesFile(String name, @Nullable String text, RulesReader.Read read) {
        this.name = name;
        this.text = text;
        this.rules = read.problems().isEmpty() ? new Rules(read.rules()) : null;
        this.problems = List.copyOf(read.problems());
        this.warnings = List.copyOf(read.warnings());
    }

    /** Whether it is that of a file of rules, relative to the routes directory. */
    public static boolean isName(String name) {
        return NAMES.contains(name);
    }

    /** The path relative to the routes directory. */
    public String name() {
        return name;
    }

    /** The rules, or null where a problem keeps them from being used. */
    public @Nullable Rules rules() {
        return rules;
    }

    /** Why they cannot be used, in the order of the lines; empty if they can. */
    public List<Problem> problems() {
        return problems;
    }

    /** What is not as its author may think: a name that does not exist, for example. */
    public List<Problem> warnings() {
        return warnings;
    }

    /** Whether it holds the same text as another. */
    public boolean says(RulesFile other) {
        return name.equals(other.name) && Objects.equals(text, other.text);
    }

    /** Whether the directory still holds what was read. */
    public boolean isStillAt(Path directory) {
        try {
            return names(directory).equals(List.of(name))
                    && NamedFiles.text(directory.resolve(name)).equals(text);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> names(Path directory) {
        return NAMES.stream()
                .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** Null where there is no file. */
    static @Nullable RulesFile read(Path directory, RouteSet routes) {
        List<String> names = names(directory);
        if (names.isEmpty()) {
            return null;
        }
        String name = names.getFirst();
        if (names.size() > 1) {
            String both = "there is %s too; put all rules into one file".formatted(names.get(1));
            return new RulesFile(name, null, RulesReader.Read.failed(name, 1, both));
        }
        try {
            String text = NamedFiles.text(directory.resolve(name));
            return new RulesFile(name, text, read(name, text, routes));
        } catch (IOException e) {
            return new RulesFile(name, null, RulesReader.Read.failed(name, 1, NamedFiles.problem(e)));
        }
    }

    private static RulesReader.Read read(String name, String text, RouteSet routes) {
        if (text.length() > LONGEST) {
            return RulesReader.Read.failed(
                    name, 1, "it has %d characters; it must have at most %d".formatted(text.length(), LONGEST));
        }
        try {
            return new RulesReader(name, routes).read(Yaml.parse(text));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            return RulesReader.Read.failed(name, line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            return RulesReader.Read.failed(
                    name,
                    1,
                    "not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
