package io.drover.route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A directory of route files that a test edits as a person would: a file changes at once. */
public record RouteDirectoryFixture(Path directory) {

    public static RouteDirectoryFixture create() {
        try {
            return new RouteDirectoryFixture(Files.createTempDirectory("routes"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(String id, String text) {
        put(file(id).getFileName().toString(), text);
    }

    /** A file of any kind, by its whole name. */
    void put(String name, String text) {
        try {
            Path fresh = Files.writeString(directory.resolve(name + ".tmp"), text);
            Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String read(String id) {
        try {
            return Files.readString(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete(String id) {
        try {
            Files.delete(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those whose name, without its ending, is one of these. */
    void deleteAll(Predicate<String> names) {
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString().replace(".camel.yaml", ""))
                    .filter(names)
                    .forEach(this::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path file(String id) {
        return directory.resolve(id + ".camel.yaml");
    }

    /** A tool that calls the server and says which version of it was called. */
    void tool(String id, String name, String version) {
        write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: tool:%s
                      parameters:
                        readOnlyHint: true
                        timeout: 30s
                        description: version %s
                      steps:
                        - setHeader:
                            name: CamelHttpMethod
                            expression:
                              constant:
                                expression: GET
                        - to:
                            uri: "{{server.url}}/%s-%s"
                        - setBody:
                            expression:
                              constant:
                                expression: %s
                """
                        .formatted(id, name, version, name, version, version));
    }

    /** A workflow that calls a tool and says the versions of both. */
    public void workflow(String id, String tool, String version) {
        write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters:
                        maxAttempts: 1
                      steps:
                        - to:
                            uri: tool:%s
                        - setBody:
                            expression:
                              simple:
                                expression: '{"workflow": "%s", "tool": "${body}"}'
                """
                        .formatted(id, id, tool, version));
    }

    /** A route that other routes, and tests, call. */
    public void answering(String id, String uri, String answer) {
        write(
                id,
                """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: %s
                """
                        .formatted(id, uri, answer));
    }
}
