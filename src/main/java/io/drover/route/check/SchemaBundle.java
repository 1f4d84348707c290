package io.drover.route.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes one schema out of a schema and the files below the routes directory that its {@code $ref}s name.
 * Each path is relative to the file that names it.
 * Each file becomes a part of {@code $defs}, as JSON Schema 2020-12 bundles (section 9.3.1), but without ids: a
 * reference to a file becomes a reference to its part.
 */
final class SchemaBundle {

    private static final int MOST_FILES = 50;

    private static final String REF = "$ref";
    private static final String PARTS = "$defs";
    private static final String ID = "$id";

    /** Their members are schemas, whatever their names. */
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", PARTS, "definitions", "dependentSchemas");

    /** Below these a {@code $ref} is a value, not a keyword. */
    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples", "example");

    /** Keywords that would mean something else in a part than in a file. */
    private static final Set<String> NOT_IN_PARTS = Set.of(ID, "$anchor", "$dynamicRef", "$dynamicAnchor");

    private final Path directory;
    private final Path top;
    private final Map<Path, JsonNode> parts = new LinkedHashMap<>();

    private SchemaBundle(Path directory, Path top) {
        this.directory = directory;
        this.top = top;
    }

    /**
     * @param directory where the route files are
     * @param file      that the schema was read from, or any name in the directory that its references stand for
     * @return the document itself where it refers to no other
     * @throws IllegalArgumentException when a reference leads out of the directory, or what it names cannot be a part
     */
    static String of(Path directory, Path file, String document) {
        SchemaBundle bundle = new SchemaBundle(directory.normalize(), file.normalize());
        JsonNode root;
        try {
            root = Json.parse(document);
        } catch (JsonProcessingException e) {
            return document; // who reads it next says why
        }
        if (!(root instanceof ObjectNode schema)) {
            return document;
        }
        bundle.schema(schema, bundle.top);
        if (bundle.parts.isEmpty()) {
            return document;
        }
        ObjectNode all = schema.path(PARTS) instanceof ObjectNode there ? there : schema.putObject(PARTS);
        bundle.parts.forEach((path, part) -> all.set(bundle.name(path), part));
        return Json.write(schema);
    }

    private void schema(JsonNode node, Path file) {
        if (node instanceof ArrayNode) {
            node.forEach(item -> schema(item, file));
        }
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        if (!file.equals(top)) {
            NOT_IN_PARTS.stream().filter(object::has).findFirst().ifPresent(keyword -> {
                throw new IllegalArgumentException(
                        "%s has %s, which a file that another schema refers to must not have; refer to it by its path and a JSON pointer"
                                .formatted(name(file), keyword));
            });
        }
        if (object.path(REF).isTextual()) {
            object.set(REF, TextNode.valueOf(target(object.path(REF).textValue(), file)));
        }
        object.properties().forEach(member -> {
            if (MAPS.contains(member.getKey())) {
                member.getValue().forEach(value -> schema(value, file));
            } else if (!VALUES.contains(member.getKey())) {
                schema(member.getValue(), file);
            }
        });
    }

    /** What a reference of a file is called in the bundle. */
    private String target(String reference, Path file) {
        int hash = reference.indexOf('#');
        String path = hash < 0 ? reference : reference.substring(0, hash);
        String pointer = hash < 0 ? "" : reference.substring(hash + 1);
        if (path.contains(":") || path.startsWith("/")) {
            return reference; // it is no file of ours, so it is refused when the schema is loaded
        }
        Path named = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        if (named.equals(top)) {
            return "#" + pointer;
        }
        if (!pointer.isEmpty() && !pointer.startsWith("/")) {
            throw new IllegalArgumentException(
                    "the $ref '%s' of %s must end in a JSON pointer, such as %s#/$defs/address"
                            .formatted(Excerpt.of(reference), name(file), path));
        }
        part(named, reference, file);
        return "#/%s/%s%s".formatted(PARTS, name(named).replace("~", "~0").replace("/", "~1"), pointer);
    }

    private void part(Path path, String reference, Path file) {
        if (parts.containsKey(path)) {
            return;
        }
        if (parts.size() == MOST_FILES) {
            throw new IllegalArgumentException("%s refers to more than %d files; put what belongs together into one"
                    .formatted(name(top), MOST_FILES));
        }
        try {
            JsonNode part = Json.parse(NamedFiles.text(directory, path));
            parts.put(path, part); // first, because files may refer to each other
            if (part instanceof ObjectNode object) {
                object.remove(Set.of(ID, "$schema")); // it is found by its path
            }
            schema(part, path);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s is not JSON: %s".formatted(name(path), Json.reason(e)), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the $ref '%s' of %s: %s".formatted(Excerpt.of(reference), name(file), e.getMessage()), e);
        }
    }

    private String name(Path path) {
        return RouteReader.name(directory, path);
    }
}
