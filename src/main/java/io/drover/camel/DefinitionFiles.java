package io.drover.camel;

import io.drover.camel.validate.SchemaFiles;
import io.drover.tool.Arguments;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** What the routes of this process were read from: the schemas they name, and the digest of each definition. */
@Component
class DefinitionFiles {

    private final Path directory;
    private final SchemaFiles schemas;
    private final Map<String, Long> digests = new ConcurrentHashMap<>();

    DefinitionFiles(RoutesProperties properties) {
        this.directory = properties.directory();
        this.schemas = new SchemaFiles(directory);
    }

    /**
     * A schema that a route names: a file below the routes directory, or the schema itself.
     *
     * @throws IllegalArgumentException when there is no such file or it is no schema
     */
    Arguments schema(String reference) {
        return schemas.schema(reference);
    }

    /** Where the route files are. */
    Path directory() {
        return directory;
    }

    /** The digest of the definition that a route was built from; 0 for a route that no file holds. */
    long definition(String routeId) {
        return digests.getOrDefault(routeId, 0L);
    }

    void built(String routeId, long digest) {
        digests.put(routeId, digest);
    }

    void removed(String routeId) {
        digests.remove(routeId);
    }
}
