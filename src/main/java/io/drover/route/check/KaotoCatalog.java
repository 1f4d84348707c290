package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A catalog for Kaoto: one that Kaoto publishes, for the version of Camel that Drover has, with Drover's endpoints.
 * Kaoto publishes its catalogs as the npm package {@code @kaoto/camel-catalog}.
 */
public final class KaotoCatalog {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX = "index.json";
    private static final String FOLDER = "drover";
    private static final String COMPONENTS = "components.json";
    private static final String RUNTIME = "Spring Boot";

    /** Kaoto's own files have up to 20 MB. */
    private static final long LONGEST = 64L << 20;

    private final Path base;

    private KaotoCatalog(Path base) {
        this.base = base;
    }

    /**
     * Writes the catalog.
     *
     * @param base the directory with the published catalog's {@code index.json}
     * @return the file whose address Kaoto is given
     * @throws IllegalArgumentException where the directory holds no catalog that fits; the message says what it holds
     */
    public static Path write(Path base, Path out) throws IOException {
        return new KaotoCatalog(base).writeTo(out);
    }

    private Path writeTo(Path out) throws IOException {
        JsonNode published = read(base.resolve(INDEX));
        ObjectNode definition = definition(published).deepCopy();
        Path index = inside(base, definition.path("fileName").asText());
        ObjectNode catalog = (ObjectNode) read(index);
        Path folder = Files.createDirectories(out.resolve(FOLDER));
        for (String file : files(catalog)) {
            Files.copy(
                    inside(index.resolveSibling(""), file),
                    folder.resolve(Path.of(file).getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        ObjectNode components = (ObjectNode) catalog.path("catalogs").path("components");
        String before = components.path("file").asText();
        write(folder.resolve(COMPONENTS), withOurs(read(inside(index.resolveSibling(""), before))));
        Files.delete(folder.resolve(Path.of(before).getFileName()));
        components.put("file", COMPONENTS);
        String name = "Drover (%s)".formatted(definition.path("name").asText());
        write(folder.resolve(INDEX), catalog.put("name", name));

        ObjectNode library = JSON.createObjectNode();
        library.set("version", published.path("version"));
        library.put("name", "Drover");
        library.putArray("definitions").add(definition.put("name", name).put("fileName", FOLDER + "/" + INDEX));
        return write(out.resolve(INDEX), library);
    }

    /** The one of Spring Boot with the same minor version of Camel. */
    private ObjectNode definition(JsonNode published) {
        String camel = Components.CATALOG.getCatalogVersion();
        String minor = camel.substring(0, camel.lastIndexOf('.') + 1);
        Set<String> there = new LinkedHashSet<>();
        for (JsonNode one : published.path("definitions")) {
            String version = one.path("version").asText();
            there.add(one.path("name").asText());
            if (one.path("runtime").asText().equals(RUNTIME)
                    && version.matches("[\\d.]+")
                    && version.startsWith(minor)
                    && one instanceof ObjectNode definition) {
                return definition;
            }
        }
        throw new IllegalArgumentException(
                "%s holds no catalog of Camel %sx for %s; it holds %s; take another version of @kaoto/camel-catalog"
                        .formatted(base.resolve(INDEX), minor, RUNTIME, Excerpt.of(there.toString(), 300)));
    }

    private static List<String> files(JsonNode catalog) {
        List<String> files = new ArrayList<>();
        for (String kind : List.of("catalogs", "schemas")) {
            catalog.path(kind).forEach(one -> files.add(one.path("file").asText()));
        }
        return files;
    }

    private static JsonNode withOurs(JsonNode components) {
        ObjectNode all = (ObjectNode) components;
        for (String name : new TreeSet<>(Components.OURS)) {
            ObjectNode ours = descriptor(name);
            ours.set("propertiesSchema", form(ours.path("properties")));
            all.set(name, ours);
        }
        return all;
    }

    private static ObjectNode descriptor(String name) {
        try {
            return (ObjectNode) JSON.readTree(Components.CATALOG.componentJSonSchema(name));
        } catch (IOException e) {
            throw new IllegalStateException("the descriptor of %s is no JSON".formatted(name), e);
        }
    }

    /** The form that Kaoto shows for an endpoint's options. */
    private static ObjectNode form(JsonNode options) {
        ObjectNode form = JSON.createObjectNode();
        form.put("$schema", "http://json-schema.org/draft-07/schema#").put("type", "object");
        ObjectNode properties = form.putObject("properties");
        options.properties().forEach(option -> {
            JsonNode said = option.getValue();
            if (said.path("required").asBoolean()) {
                form.withArray("required").add(option.getKey());
            }
            properties.set(option.getKey(), field(said));
        });
        return form;
    }

    private static ObjectNode field(JsonNode said) {
        ObjectNode field = JSON.createObjectNode();
        String type = said.path("type").asText();
        field.put("title", said.path("displayName").asText());
        field.put("description", said.path("description").asText());
        field.put("$comment", "group:" + said.path("group").asText());
        switch (type) {
            case "boolean", "integer", "number", "object" -> field.put("type", type);
            case "duration" -> field.put("type", "string").put("format", "duration");
            default -> field.put("type", "string");
        }
        if (said.has("defaultValue")) {
            field.set("default", said.path("defaultValue"));
        }
        if (said.has("enum")) {
            field.set("enum", said.path("enum"));
        }
        return field;
    }

    /** A file of the published catalog; its index may name none outside of it. */
    private static Path inside(Path directory, String name) {
        Path file = directory.resolve(name).normalize();
        if (name.isEmpty() || !file.startsWith(directory.normalize())) {
            throw new IllegalArgumentException("%s names the file '%s', which is not in its directory"
                    .formatted(directory.resolve(INDEX), Excerpt.of(name)));
        }
        return file;
    }

    private static JsonNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "there is no %s; the directory must be dist/camel-catalog of the npm package @kaoto/camel-catalog"
                            .formatted(file));
        }
        if (Files.size(file) > LONGEST) {
            throw new IllegalArgumentException(
                    "%s is longer than 64 MiB, so it is no file of a catalog".formatted(file));
        }
        JsonNode document = JSON.readTree(file.toFile());
        if (!document.isObject()) {
            throw new IllegalArgumentException("%s must be an object in JSON".formatted(file));
        }
        return document;
    }

    private static Path write(Path file, JsonNode document) throws IOException {
        JSON.writeValue(file.toFile(), document);
        return file;
    }
}
