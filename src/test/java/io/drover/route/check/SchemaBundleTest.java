package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.json.Json;
import io.drover.json.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas that are made of several files below the routes directory. */
@Quick
class SchemaBundleTest {

    @TempDir
    Path outside;

    private Path routes;

    @BeforeEach
    void directory() throws IOException {
        routes = Files.createDirectory(outside.resolve("routes"));
        file(
                "schemas/order.json",
                """
                {"type": "object", "required": ["to"], "properties": {
                   "to": {"$ref": "common/address.json"},
                   "const": {"$ref": "common/types.json#/$defs/count"},
                   "parts": {"type": "array", "items": {"$ref": "#"}}}}
                """);
        file(
                "schemas/common/address.json",
                """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/address",
                 "type": "object", "properties": {"zip": {"$ref": "#/$defs/zip"}, "care": {"$ref": "#"},
                 "lines": {"$ref": "types.json#/$defs/count"}},
                 "$defs": {"zip": {"type": "string", "maxLength": 5}}}
                """);
        file(
                "schemas/common/types.json",
                """
                {"$defs": {"count": {"type": "integer", "minimum": 1}, "order": {"$ref": "../order.json"}}}
                """);
    }

    private void file(String name, String text) throws IOException {
        Path file = routes.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> problems(String schema, String value) throws Exception {
        return new SchemaFiles(routes).schema(schema).problems(Json.parse(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"to": {}}                                                       | true
            {"to": {"zip": "12345", "lines": 2, "care": {"zip": "1"}}}       | true
            {"to": {"zip": "123456"}}                                        | false
            {"to": {"care": {"care": {"zip": "123456"}}}}                    | false
            {"to": {"lines": 0}}                                             | false
            {"to": {}, "const": 0}                                           | false
            {"to": {}, "parts": [{"to": {}}, {"to": {"zip": "123456"}}]}     | false
            {"to": {}, "parts": [{}]}                                        | false
            """)
    void aReferenceIsReadFromItsFile(String value, boolean valid) throws Exception {
        assertThat(problems("schemas/order.json", value).isEmpty()).isEqualTo(valid);
    }

    @Test
    void aSchemaInTheRouteNamesFilesFromTheRoutesDirectory() throws Exception {
        String inline = "{\"$ref\": \"schemas/common/types.json#/$defs/order\"}";

        assertThat(problems(inline, "{\"to\": {\"zip\": \"1\"}}")).isEmpty();
        assertThat(problems(inline, "{\"to\": {\"zip\": \"123456\"}}")).hasSize(1);
    }

    @Test
    void whatASchemaIsMadeOfIsShownToModels() {
        Schema schema = new SchemaFiles(routes).schema("schemas/order.json");

        assertThat(schema.schema()
                        .at("/$defs/schemas~1common~1address.json/$defs/zip/maxLength")
                        .intValue())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ../../secret.json           | it is not a file below
            secret.json                 | it is not a file below
            link.json                   | it is not a file below
            nowhere.json                | it is not a file below
            named.json#part             | must end in a JSON pointer
            named.json                  | has $anchor
            broken.json                 | is not JSON
            large.json                  | is larger than 1048576 bytes
            file:///etc/hostname        | $ref
            http://127.0.0.1/x.json     | $ref
            /etc/hostname               | $ref
            """)
    void refusesWhatIsNoPart(String reference, String why) throws IOException {
        Files.writeString(outside.resolve("secret.json"), "{}");
        Files.createSymbolicLink(routes.resolve("schemas/link.json"), outside.resolve("secret.json"));
        file("schemas/named.json", "{\"$defs\": {\"x\": {\"$anchor\": \"part\"}}}");
        file("schemas/broken.json", "{");
        file("schemas/large.json", " ".repeat(1 << 20) + "{}");
        file("schemas/top.json", "{\"$ref\": \"%s\"}".formatted(reference));

        assertThatThrownBy(() -> new SchemaFiles(routes).schema("schemas/top.json"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("schema 'schemas/top.json': ")
                .hasMessageContaining(why);
    }

    @Test
    void refusesAChainOfFilesWithoutEnd() throws IOException {
        for (int i = 0; i < 60; i++) {
            file("schemas/%d.json".formatted(i), "{\"$ref\": \"%d.json\"}".formatted(i + 1));
        }

        assertThatThrownBy(() -> new SchemaFiles(routes).schema("schemas/0.json"))
                .hasMessageContaining("refers to more than 50 files");
    }

    @Test
    void anEditOfAPartIsAnEditOfTheRoute() throws IOException {
        file(
                "tool.camel.yaml",
                "- route: {id: tool, from: {uri: 'tool:tool', parameters: {argSchema: schemas/order.json}}}");
        RouteReader reader = new RouteReader(text -> text);
        Path tool = routes.resolve("tool.camel.yaml");
        RouteFile before = reader.read(routes, tool, null);
        assertThat(reader.read(routes, tool, before)).isSameAs(before);

        file("schemas/common/types.json", "{\"$defs\": {\"count\": true, \"order\": true}}");

        assertThat(reader.read(routes, tool, before).digest()).isNotEqualTo(before.digest());
    }
}
