package io.drover.camel;

import io.drover.tool.Arguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** What the routes of this process were read from: the schemas they name, and the digest of each definition. */
@Component
class DefinitionFiles {

    private final Path directory;
    private final Map<String, Long> digests = new ConcurrentHashMap<>();

    DefinitionFiles(RoutesProperties properties) {
        this.directory = properties.directory();
    }

    /**
     * A schema that a route names: a file below the routes directory, or the schema itself.
     *
     * @throws IllegalArgumentException when there is no such file or it is no schema
     */
    Arguments schema(String reference) {
        if (reference.strip().startsWith("{")) {
            return Arguments.ofSchema(reference);
        }
        Path file = directory.resolve(reference).normalize();
        if (!file.startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("schema '%s' is not a file below %s".formatted(reference, directory));
        }
        try {
            return Arguments.ofSchema(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("schema '%s': %s".formatted(reference, e.getMessage()), e);
        }
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
