package io.drover.route.check;

import io.drover.flag.FlagSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The file of flags, read and checked once. */
public final class FlagsFile {

    /** Where it may be; a folder of its own can be a mounted ConfigMap. */
    private static final List<String> NAMES = List.of("flags.yaml", "flags/flags.yaml");

    /** In characters. */
    private static final int LONGEST = 256 * 1024;

    private final String name;
    private final @Nullable String text;
    private final @Nullable FlagSet flags;
    private final List<Problem> problems;

    private FlagsFile(String name, @Nullable String text, FlagsReader.Read read) {
        this.name = name;
        this.text = text;
        this.flags = read.problems().isEmpty() ? new FlagSet(read.flags()) : null;
        this.problems = List.copyOf(read.problems());
    }

    /** Whether it is that of a file of flags, relative to the routes directory. */
    public static boolean isName(String name) {
        return NAMES.contains(name);
    }

    /** The path relative to the routes directory. */
    public String name() {
        return name;
    }

    /** The flags, or null where a problem keeps them from being used. */
    public @Nullable FlagSet flags() {
        return flags;
    }

    /** Why they cannot be used, in the order of the lines; empty if they can. */
    public List<Problem> problems() {
        return problems;
    }

    /** Whether it holds the same text as another. */
    public boolean says(FlagsFile other) {
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
    public static @Nullable FlagsFile read(Path directory) {
        List<String> names = names(directory);
        if (names.isEmpty()) {
            return null;
        }
        String name = names.getFirst();
        if (names.size() > 1) {
            String both = "there is %s too; put all flags into one file".formatted(names.get(1));
            return new FlagsFile(name, null, FlagsReader.Read.failed(name, 1, both));
        }
        try {
            String text = NamedFiles.text(directory.resolve(name));
            return new FlagsFile(name, text, read(name, text));
        } catch (IOException e) {
            return new FlagsFile(name, null, FlagsReader.Read.failed(name, 1, NamedFiles.problem(e)));
        }
    }

    private static FlagsReader.Read read(String name, String text) {
        if (text.length() > LONGEST) {
            return FlagsReader.Read.failed(
                    name, 1, "it has %d characters; it must have at most %d".formatted(text.length(), LONGEST));
        }
        try {
            return new FlagsReader(name).read(Yaml.parse(text));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            return FlagsReader.Read.failed(name, line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return FlagsReader.Read.failed(name, 1, "not YAML: " + first);
        }
    }
}
