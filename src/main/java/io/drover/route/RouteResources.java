package io.drover.route;

import io.drover.json.Schema;
import io.drover.route.check.SchemaFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Reads what route files name (schemas, texts), and keeps the digest of each route's definition. */
@Component
public class RouteResources {

    private final Path directory;
    private final SchemaFiles schemas;
    private final Map<String, Long> digests = new ConcurrentHashMap<>();

    RouteResources(RoutesProperties properties) {
        this.directory = properties.directory();
        this.schemas = new SchemaFiles(directory);
    }

    /**
     * A schema that a route names: a file below the routes directory, or the schema itself.
     *
     * @throws IllegalArgumentException when there is no such file or it is no schema
     */
    public Schema schema(String reference) {
        return schemas.schema(reference);
    }

    /**
     * A text that a route names: a file below the routes directory ({@code prompts/*.md} or {@code .txt}), or the text itself.
     *
     * @throws IllegalArgumentException when there is no such file
     */
    public String text(String reference) {
        if (!reference.matches("[\\w./-]+\\.(md|txt)")) {
            return reference;
        }
        Path file = directory.resolve(reference).normalize();
        if (!file.startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("'%s' is not a file below %s".formatted(reference, directory));
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Where the route files are. */
    Path directory() {
        return directory;
    }

    /** The digest of the definition that a route was built from; 0 for a route that no file holds. */
    public long definition(String routeId) {
        return digests.getOrDefault(routeId, 0L);
    }

    void built(String routeId, long digest) {
        digests.put(routeId, digest);
    }

    void removed(String routeId) {
        digests.remove(routeId);
    }
}
