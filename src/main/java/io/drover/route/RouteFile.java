package io.drover.route;

import io.drover.json.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A route file as it is on disk.
 *
 * @param id     the route's id: the file's name without {@code .camel.yaml}
 * @param digest of the file and of the schemas and prompts that it names
 */
record RouteFile(Path path, String id, String text, long digest) {

    static final String SUFFIX = ".camel.yaml";
    private static final Pattern NAMED_FILE = Pattern.compile("(?<![\\w./-])[\\w./-]+\\.(?:json|md|txt)");

    /** In bytes; a route, a schema or a prompt is a hundredth of it. */
    private static final long LARGEST = 1 << 20;

    /** The id of the route that a file must hold. */
    static String id(Path path) {
        String name = path.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    static RouteFile read(Path directory, Path path) {
        try {
            String text = text(path);
            List<String> contents = new ArrayList<>(List.of(text));
            Matcher named = NAMED_FILE.matcher(text);
            while (named.find()) {
                Path file = directory.resolve(named.group()).normalize();
                if (file.startsWith(directory) && Files.isRegularFile(file)) {
                    contents.add(text(file));
                }
            }
            return new RouteFile(path, id(path), text, Digest.bits(contents.toArray(String[]::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("%s is larger than %d bytes".formatted(file.getFileName(), LARGEST));
        }
        return Files.readString(file);
    }
}
