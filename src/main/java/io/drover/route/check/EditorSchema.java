package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * A JSON Schema (draft-07, which editors know) of a kind of file below the routes directory.
 * An editor completes and explains what it says, and marks what it refuses; {@code validate} has the last word.
 *
 * @param file    the name of the schema
 * @param matches the files that it is about, relative to the routes directory
 */
public record EditorSchema(String file, List<String> matches, JsonNode schema) {

    /** The end of the name of a test file. */
    public static final String TEST_SUFFIX = ".test.yaml";

    private static final EditorSchema TESTS = read("tests", List.of("**/*" + TEST_SUFFIX));

    /** One for each kind of file. Another kind is one more line here. */
    public static List<EditorSchema> all() {
        return List.of(
                new EditorSchema("routes.schema.json", List.of("**/*" + RouteFile.SUFFIX), RouteSchema.document()),
                ofSingleFile("rules"),
                ofSingleFile("flags"),
                ofSingleFile("rollouts"),
                ofSingleFile("evals"),
                TESTS);
    }

    /** Of test files. */
    public static EditorSchema ofTests() {
        return TESTS;
    }

    private static EditorSchema ofSingleFile(String kind) {
        return read(kind, SingleFile.names(kind));
    }

    private static EditorSchema read(String kind, List<String> matches) {
        String name = kind + ".schema.json";
        try (InputStream in = EditorSchema.class.getResourceAsStream(name)) {
            JsonNode schema = new ObjectMapper().readTree(Objects.requireNonNull(in, name));
            return new EditorSchema(name, matches, schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
