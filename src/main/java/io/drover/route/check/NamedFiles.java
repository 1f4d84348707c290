package io.drover.route.check;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The schemas and prompts below the routes directory that route files name, and those that these name. */
final class NamedFiles {

    private static final Pattern NAME = Pattern.compile("(?<![\\w./-])[\\w./-]+\\.(?:json|md|txt)");

    /** In bytes; a route, a schema or a prompt is a hundredth of it. */
    private static final long LARGEST = 1 << 20;

    private static final int MOST = 100;

    private NamedFiles() {}

    /**
     * The texts of all files that a route file names: by a path from the routes directory. A schema names others by a path
     * from itself.
     *
     * @throws IOException when one of them is no UTF-8 text or larger than 1 MiB
     */
    static Iterable<String> texts(Path directory, String routeText) throws IOException {
        Map<Path, String> texts = new LinkedHashMap<>();
        collect(directory, directory, routeText, texts);
        return texts.values();
    }

    private static void collect(Path directory, Path base, String text, Map<Path, String> texts) throws IOException {
        Matcher named = NAME.matcher(text);
        while (named.find() && texts.size() < MOST) {
            Path file = base.resolve(named.group()).normalize();
            if (file.startsWith(directory) && Files.isRegularFile(file) && !texts.containsKey(file)) {
                String found = text(file);
                texts.put(file, found);
                if (file.toString().endsWith(".json")) {
                    collect(directory, file.resolveSibling(""), found, texts);
                }
            }
        }
    }

    /**
     * A file below a directory, wherever its links lead within it.
     *
     * @throws IOException when it is not there, not below the directory, no UTF-8 text or larger than 1 MiB
     */
    static String text(Path directory, Path file) throws IOException {
        Path path = file.normalize();
        if (!path.startsWith(directory.normalize())
                || !Files.isRegularFile(path)
                || !path.toRealPath().startsWith(directory.toRealPath())) {
            throw new IOException("it is not a file below " + directory);
        }
        return text(path);
    }

    /** What an exception says of a file that cannot be read. */
    static String problem(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "the file is not there any more, or is a link that leads nowhere";
            case AccessDeniedException e -> "the file may not be read by this user";
            case CharacterCodingException e -> "the file is not UTF-8 text";
            default -> "the file cannot be read: " + failure.getMessage();
        };
    }

    /** @throws IOException when it is no file, no UTF-8 text or larger than 1 MiB */
    static String text(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("%s is larger than %d bytes".formatted(file.getFileName(), LARGEST));
        }
        if (!Files.isRegularFile(file)) { // to read a pipe would take until somebody writes into it
            throw new IOException("%s is not a file".formatted(file.getFileName()));
        }
        return Files.readString(file);
    }
}
