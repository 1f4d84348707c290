package io.drover.scaffold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.route.check.ForeignYaml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An OpenAPI 3 document. Nothing outside it is read: a {@code $ref} leads to a place within. */
final class OpenApiDocument {

    /** In bytes. */
    private static final long LARGEST = 8 << 20;

    private static final int MOST_HOPS = 20;

    private static final List<String> METHODS = List.of("get", "head", "post", "put", "patch", "delete", "options");

    /** What may stand in the URI of a step without a meaning to Camel. */
    private static final Pattern SERVER =
            Pattern.compile("https?://[A-Za-z0-9.-]+(?::\\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?");

    private final JsonNode root;

    private OpenApiDocument(JsonNode root) {
        this.root = root;
    }

    /** @throws RefusedFileException if it is too large, unreadable or of another format */
    static OpenApiDocument read(Path file) throws RefusedFileException {
        JsonNode root = parsed(file, text(file));
        if (root.has("swagger")) {
            throw new RefusedFileException("%s is of the format Swagger %s; it must be OpenAPI 3, so convert it first"
                    .formatted(file, Excerpt.of(root.path("swagger").asText(), 20)));
        }
        if (!root.path("openapi").asText().startsWith("3.")
                || !root.path("paths").isObject()) {
            throw new RefusedFileException(
                    "%s is no OpenAPI document; it must be one of version 3, with the fields openapi and paths"
                            .formatted(file));
        }
        return new OpenApiDocument(root);
    }

    private static String text(Path file) throws RefusedFileException {
        try {
            if (!Files.isRegularFile(file)) {
                throw new RefusedFileException(
                        "%s is no file; --openapi must name an OpenAPI document".formatted(file));
            }
            if (Files.size(file) > LARGEST) {
                throw new RefusedFileException(
                        "%s has %d bytes, and may have %d; leave only the paths in it that become tools, and what they refer to"
                                .formatted(file, Files.size(file), LARGEST));
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new RefusedFileException("%s is not text in UTF-8; convert it first".formatted(file));
        } catch (IOException e) {
            throw new RefusedFileException("%s cannot be read: %s".formatted(file, Excerpt.of(e.getMessage())));
        }
    }

    private static JsonNode parsed(Path file, String text) throws RefusedFileException {
        boolean json = text.stripLeading().startsWith("{");
        try {
            return json ? Json.parse(text) : ForeignYaml.json(text);
        } catch (JsonProcessingException e) {
            throw new RefusedFileException("%s is not JSON: %s".formatted(file, Json.reason(e)));
        } catch (IllegalArgumentException e) {
            throw new RefusedFileException("%s is not YAML as Drover reads it (%s); mend it, or convert it to JSON"
                    .formatted(file, Excerpt.of(e.getMessage())));
        }
    }

    /**
     * In the order of the document.
     *
     * @param leftOut hears of a path that leads nowhere
     */
    List<OpenApiOperation> operations(List<String> leftOut) {
        List<OpenApiOperation> operations = new ArrayList<>();
        root.path("paths").properties().forEach(path -> {
            try {
                JsonNode item = resolve(path.getValue());
                METHODS.stream()
                        .filter(method -> item.path(method).isObject())
                        .map(method -> new OpenApiOperation(this, path.getKey(), item, method, item.path(method)))
                        .forEach(operations::add);
            } catch (LeftOutException e) {
                leftOut.add("%s is left out: %s".formatted(Excerpt.of(path.getKey(), 100), e.getMessage()));
            }
        });
        return operations;
    }

    /** Whether operations ask for a login unless they say otherwise. */
    boolean hasLogin() {
        return !root.path("security").isEmpty();
    }

    /** The address of the first server that has a whole one, or null. */
    @Nullable
    String server() {
        for (JsonNode server : root.path("servers")) {
            String url = server.path("url").asText().replaceAll("/+$", "");
            if (isServer(url)) {
                return url;
            }
        }
        return null;
    }

    static boolean isServer(String url) {
        return url.length() <= 500
                && SERVER.matcher(url).matches()
                && URI.create(url).getHost() != null;
    }

    /**
     * A node, or what its {@code $ref} leads to.
     *
     * @throws LeftOutException if that is nothing, or lies outside the document
     */
    JsonNode resolve(JsonNode node) throws LeftOutException {
        JsonNode found = node;
        for (int hops = 0; found.path("$ref").isTextual(); hops++) {
            String reference = found.path("$ref").textValue();
            found = at(reference);
            if (hops >= MOST_HOPS) {
                throw new LeftOutException("the $ref '%s' leads only to others; let it lead to a value"
                        .formatted(Excerpt.of(reference, 80)));
            }
        }
        return found;
    }

    /** @throws LeftOutException as above */
    JsonNode at(String reference) throws LeftOutException {
        if (!reference.startsWith("#/")) {
            throw new LeftOutException("the $ref '%s' leads out of the document; put what it names into components"
                    .formatted(Excerpt.of(reference, 80)));
        }
        JsonNode found;
        try {
            // the rest of a path may be encoded, as {} is in the name of a path
            found = root.at(URI.create(reference.replace(" ", "%20")).getFragment());
        } catch (IllegalArgumentException e) {
            found = MissingNode.getInstance();
        }
        if (found.isMissingNode()) {
            throw new LeftOutException(
                    "the $ref '%s' leads to nothing; mend the document".formatted(Excerpt.of(reference, 80)));
        }
        return found;
    }
}
