package io.drover.route.check;

import io.drover.json.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A file beside the route files of which there is one, read and checked once.
 *
 * @param <T> what it holds
 */
public abstract sealed class SingleFile<T> permits RulesFile, FlagsFile, RolloutsFile, EvalsFile {

    /** In characters. */
    private static final int LONGEST = 256 * 1024;

    private final Source source;
    private final @Nullable T content;
    private final List<Problem> problems;
    private final List<Problem> warnings;

    /** @param content asked only where there is no problem */
    SingleFile(Source source, Collection<Problem> problems, Collection<Problem> warnings, Supplier<T> content) {
        this.source = source;
        this.content = problems.isEmpty() ? content.get() : null;
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /** Whether it is the name of a file of this kind, relative to the routes directory. */
    static boolean isName(String kind, String name) {
        return names(kind).contains(name);
    }

    /** Where it may be; a folder of its own can be a mounted ConfigMap. */
    static List<String> names(String kind) {
        return List.of(kind + ".yaml", "%s/%s.yaml".formatted(kind, kind));
    }

    /** The path relative to the routes directory. */
    public final String name() {
        return source.name;
    }

    /** The digest of its text; zero where it cannot be read. */
    public final long digest() {
        return source.text == null ? 0 : Digest.bits(source.text);
    }

    /** What it holds, or null where a problem keeps that from being used. */
    public final @Nullable T content() {
        return content;
    }

    /** Why it cannot be used, in the order of the lines; empty if it can. */
    public final List<Problem> problems() {
        return problems;
    }

    /** What is not as its author may think, though it can be used: a name that nothing has yet, for example. */
    public final List<Problem> warnings() {
        return warnings;
    }

    /** Whether it holds the same text as another. */
    public final boolean says(SingleFile<T> other) {
        return source.name.equals(other.source.name) && Objects.equals(source.text, other.source.text);
    }

    /** Whether the directory still holds what was read. */
    public final boolean isStillAt(Path directory) {
        try {
            return Source.there(directory, source.kind).equals(List.of(source.name))
                    && NamedFiles.text(directory.resolve(source.name)).equals(source.text);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * What was found.
     *
     * @param kind what it holds, in one word, which is its name
     * @param text null where it cannot be read
     */
    record Source(String kind, String name, @Nullable String text, @Nullable String problem) {

        /** Null where there is no file. */
        static @Nullable Source in(Path directory, String kind) {
            List<String> there = there(directory, kind);
            if (there.isEmpty()) {
                return null;
            }
            String name = there.getFirst();
            if (there.size() > 1) {
                String both = "there is %s too; put all %s into one file".formatted(there.get(1), kind);
                return new Source(kind, name, null, both);
            }
            try {
                return new Source(kind, name, NamedFiles.text(directory.resolve(name)), null);
            } catch (IOException e) {
                return new Source(kind, name, null, NamedFiles.problem(e));
            }
        }

        private static List<String> there(Path directory, String kind) {
            return names(kind).stream()
                    .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }

        /** What a reader makes of it, or of the line at which it fails and why. */
        <R> R read(Function<@Nullable Yaml, R> reader, BiFunction<Integer, String, R> failed) {
            if (text == null) {
                return failed.apply(1, Objects.requireNonNull(problem, "a file without a text has a problem"));
            }
            if (text.length() > LONGEST) {
                return failed.apply(
                        1, "it has %d characters; it must have at most %d".formatted(text.length(), LONGEST));
            }
            try {
                return reader.apply(Yaml.parse(text));
            } catch (MarkedYamlEngineException e) {
                int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
                return failed.apply(line, "not YAML: " + e.getProblem());
            } catch (YamlEngineException e) {
                String first =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                return failed.apply(1, "not YAML: " + first);
            }
        }
    }
}
