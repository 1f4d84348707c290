package io.drover.route.check;

import io.drover.json.Schema;
import java.io.IOException;
import java.nio.file.Path;

/** The JSON Schemas that routes name. */
public final class SchemaFiles {

    private final Path directory;

    public SchemaFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * A schema that a route names: a file below the routes directory, or the schema itself. Its references may name other
     * files below that directory.
     *
     * @throws IllegalArgumentException when there is no such file or it is no schema
     */
    public Schema schema(String reference) {
        if (reference.strip().startsWith("{")) {
            return Schema.ofSchema(SchemaBundle.of(directory, directory.resolve("the schema"), reference));
        }
        Path file = directory.resolve(reference).normalize();
        try {
            return Schema.ofSchema(SchemaBundle.of(directory, file, NamedFiles.text(directory, file)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("schema '%s': %s".formatted(reference, e.getMessage()), e);
        }
    }
}
