package io.drover.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.Quick;
import io.drover.json.Json;
import io.drover.json.Schema;
import io.drover.route.check.ForeignYaml;
import io.drover.route.check.RouteValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** An OpenAPI document, which a stranger wrote, becomes tools that {@code validate} accepts. */
@Quick
class OpenApiToolsTest {

    private static final Path PETSTORE = Path.of("src/test/resources/openapi/petstore.yaml");
    private static final RouteValidator VALIDATOR = RouteValidator.standalone(new MockEnvironment());

    /** What a generated file may hold that Camel reads. */
    private static final Pattern OURS =
            Pattern.compile("\\$\\{url\\(\\$\\{variable\\.\\w+}\\)}|\\$\\{query\\('[\\w%.~=,-]*'\\)}"
                    + "|\\$\\{variable\\.\\w+}|\\$\\{null}|\\{\\{[\\w-]+\\.url:https?://[\\w./:-]+}}");

    @TempDir
    private Path directory;

    @Test
    void makesOneToolForEachOperation() throws Exception {
        Scaffold.Outcome outcome = write(PETSTORE, "", Set.of());

        assertThat(outcome.written().stream()
                        .map(path -> directory.relativize(path).toString())
                        .filter(name -> name.startsWith("tools")))
                .containsExactly(
                        "tools/listPets.camel.yaml",
                        "tools/create_pet.camel.yaml",
                        "tools/get_pets_petId.camel.yaml",
                        "tools/pet-exists.camel.yaml",
                        "tools/replacePet.camel.yaml",
                        "tools/removePet.camel.yaml");
        assertThat(VALIDATOR.validate(directory).problems()).isEmpty();
        assertThat(outcome.leftOut())
                .containsExactly(
                        "POST /pets/{petId}/photo is left out: its body is not JSON; write the tool by hand",
                        "GET /search?by=name is left out: its path is more than letters, digits and {parameters}, such as a query;"
                                + " write the tool by hand",
                        "GET /elsewhere is left out: the $ref 'https://other.example.com/parameters.yaml#/x' leads out of the"
                                + " document; put what it names into components",
                        "GET /nothing is left out: the $ref '#/components/schemas/Gone' leads to nothing; mend the document");
        assertThat(outcome.notes())
                .containsExactly(
                        "GET /pets: the header 'X-Trace' is no argument; add a step setHeader with a value of yours",
                        "GET /pets: the query parameter 'deep' is no argument, because it is no text, number or repeated list",
                        "POST /pets: the header 'X-Trace' is no argument; add a step setHeader with a value of yours",
                        PETSTORE + " asks for a login; add a step setHeader with {{secret:<name>}} to each tool, see"
                                + " docs/secrets.md");
    }

    @Test
    void declaresWhatTheDocumentSays() throws Exception {
        write(PETSTORE, "", Set.of());

        JsonNode list = route("listPets");
        assertThat(list.path("from").path("parameters"))
                .isEqualTo(
                        Json.parse(
                                """
                        {"description": "List pets. Lists \\"pets\\". Second line: { {secret:token} } and $ {body} and $ simple{body} and RAW (x) # no comment",
                         "tags": "petstore", "argSchema": "schemas/listPets.json", "readOnlyHint": true}"""));
        assertThat(list.path("from").path("steps"))
                .isEqualTo(
                        Json.parse(
                                """
                        [{"setHeader": {"name": "CamelHttpPath", "expression": {"constant": {"expression": "/pets"}}}},
                         {"setHeader": {"name": "CamelHttpQuery", "expression": {"simple": {"expression": "${query('limit,filter%5Btag%5D=filter_tag')}"}}}},
                         {"to": {"uri": "{{petstore.url:https://pets.example.com/v1}}", "parameters": {"httpMethod": "GET"}}}]"""));
        assertThat(schema("listPets"))
                .isEqualTo(
                        Json.parse(
                                """
                        {"type": "object", "properties": {
                           "limit": {"type": "integer", "exclusiveMinimum": 0, "maximum": 100, "description": "How many; at most 100."},
                           "filter_tag": {"type": "array", "items": {"type": "string"}}},
                         "required": [], "additionalProperties": false}"""));
        assertThat(schema("create_pet"))
                .isEqualTo(
                        Json.parse(
                                """
                        {"type": "object", "properties": {"body": {"$ref": "#/$defs/Pet"}}, "required": ["body"], "additionalProperties": false,
                         "$defs": {"Pet": {"type": "object", "required": ["name"], "properties": {
                            "name": {"type": ["string", "null"]}, "parents": {"type": "array", "items": {"$ref": "#/$defs/Pet"}}}}}}"""));
        assertThat(route("get_pets_petId")
                        .path("from")
                        .path("parameters")
                        .path("description")
                        .asText())
                .isEqualTo("One pet. With all it has.");
        assertThat(route("pet-exists")
                        .path("from")
                        .path("parameters")
                        .path("readOnlyHint")
                        .asBoolean())
                .isTrue();
        assertThat(route("removePet")
                        .path("from")
                        .path("parameters")
                        .path("idempotentHint")
                        .asBoolean())
                .isTrue();
        assertThat(route("removePet").path("from").path("steps").toString())
                .contains("/pets/${url(${variable.petId})}", "${null}");
        assertThat(route("replacePet").path("from").path("steps").toString())
                .contains("\"Content-Type\"", "application/vnd.pets+json", "${variable.body}")
                .doesNotContain("marshal");
    }

    /** A schema that contains itself stays finite, and still refuses what does not fit. */
    @Test
    void keepsRecursiveSchemas() throws Exception {
        write(PETSTORE, "", Set.of("create pet!"));

        Schema schema = Schema.ofSchema(Files.readString(directory.resolve("schemas/create_pet.json")));
        assertThat(schema.problems(Json.parse("{\"body\": {\"name\": \"a\", \"parents\": [{\"name\": null}]}}")))
                .isEmpty();
        assertThat(schema.problems(Json.parse("{\"body\": {\"name\": \"a\", \"parents\": [{\"name\": 5}]}}")))
                .isNotEmpty();
    }

    @Test
    void choosesAndNames() throws Exception {
        write(PETSTORE, "shop", Set.of("listPets", "shop_removePet"));

        assertThat(directory.resolve("tools").toFile().list())
                .containsExactlyInAnyOrder("shop_listPets.camel.yaml", "shop_removePet.camel.yaml");
        assertThat(Files.readString(directory.resolve("tools/shop_removePet.camel.yaml")))
                .startsWith("# Made by")
                .contains("\n- route:\n    id: shop_removePet\n")
                .endsWith("httpMethod: DELETE\n")
                .contains("{{shop.url:https://pets.example.com/v1}}", "tags: shop");
        assertThatThrownBy(() -> write(PETSTORE, "shop", Set.of("listPets")))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("is there already, and nothing was written");
        assertThatThrownBy(() -> write(PETSTORE, "", Set.of("listPats")))
                .hasMessageContaining("--only names 'listPats', but")
                .hasMessageContaining("has listPets, create_pet, get_pets_petId");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swagger: '2.0'|is of the format Swagger 2.0; it must be OpenAPI 3, so convert it first",
                "[1]|is no OpenAPI document; it must be one of version 3, with the fields openapi and paths",
                "{\"openapi\": \"2.9\", \"paths\": {}}|is no OpenAPI document",
                "{\"openapi\": 1, }|is not JSON: ",
                "a: [|is not YAML as Drover reads it (line ",
                "{\"openapi\": \"3.1.0\", \"paths\": {}}|names no server with a whole http address; give the address",
                "{\"openapi\": \"3.1.0\", \"paths\": {}, \"servers\": [{\"url\": \"https://a.example/{{x}}\"}]}|names no server",
                "{\"openapi\": \"3.1.0\", \"paths\": {}, \"servers\": [{\"url\": \"https://a.example\"}]}|has no operations"
            })
    void refusesADocument(String text, String message) throws IOException {
        Path document = Files.writeString(directory.resolve("api.yaml"), text);

        assertThatThrownBy(() -> OpenApiTools.read(document, "", Set.of(), null))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageStartingWith(document.toString())
                .hasMessageContaining(message);
    }

    @Test
    void readsNothingThatIsTooLarge() throws IOException {
        Path document = Files.writeString(directory.resolve("api.json"), "{\"a\":\"" + "x".repeat(9 << 20) + "\"}");

        assertThatThrownBy(() -> OpenApiTools.read(document, "", Set.of(), null))
                .hasMessageContaining("bytes, and may have 8388608; leave only the paths");
        assertThatThrownBy(() -> OpenApiTools.read(directory, "", Set.of(), null))
                .hasMessageContaining("is no file; --openapi must name");
    }

    @Test
    void leavesOutWhatIsTooDeepOrEndless() throws Exception {
        ObjectNode deep = JsonNodeFactory.instance.objectNode().put("type", "string");
        for (int i = 0; i < 45; i++) {
            ObjectNode list = JsonNodeFactory.instance.objectNode().put("type", "array");
            list.set("items", deep);
            deep = list;
        }
        ObjectNode document = document("{}");
        body(document, "deep", deep);
        body(document, "endless", Json.parse("{\"$ref\": \"#/components/schemas/Endless\"}"));
        document.set(
                "components", Json.parse("{\"schemas\": {\"Endless\": {\"$ref\": \"#/components/schemas/Endless\"}}}"));

        List<String> leftOut =
                OpenApiTools.read(file(document), "", Set.of(), null).leftOut();

        assertThat(leftOut)
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("its schemas have more than 40 levels or 5000 parts"))
                .anySatisfy(line -> assertThat(line).contains("/endless is left out: "));
    }

    /** Whatever the texts of a document are: the file is YAML, says what it should, and Camel finds nothing of them in it. */
    @Test
    void noTextOfADocumentIsMoreThanText() throws Exception {
        Random random = new Random(8);
        List<String> pieces = List.of(
                "{{",
                "}}",
                "${",
                "$simple{",
                "}",
                "\"",
                "'",
                "\n",
                "\r\n",
                "# ",
                ": ",
                "- ",
                "RAW(",
                "RAW{",
                "|",
                ">",
                "&a",
                "*a",
                "!!x",
                "%",
                "~0041",
                "\u0000",
                "\u202e",
                "\u2028",
                "\ud83d\ude00",
                "\\",
                "body",
                "secret:x",
                "? ",
                "@",
                "`",
                "\t",
                "---\n",
                "...",
                "{",
                "$",
                "$$",
                "a",
                "1",
                "é");
        ObjectNode document = document("{}");
        for (int i = 0; i < 60; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 0; n < 12; n++) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            ObjectNode operation =
                    document.withObject("/paths").putObject("/a" + i).putObject("post");
            operation
                    .put("operationId", text + "x")
                    .put("summary", text.toString())
                    .put("description", text + "y");
            ObjectNode parameter = operation.putArray("parameters").addObject();
            parameter.put("in", "query").put("name", text + "z").put("description", text.toString());
            parameter.putObject("schema").put("type", "string");
        }

        Path api = directory.resolve("api.json"); // as it is, also with a character that JSON may not hold
        Files.writeString(api, document.toString().replace("\\u0000", ""));
        Scaffold.Outcome outcome =
                new Scaffold(directory.resolve("routes"), VALIDATOR).write(OpenApiTools.read(api, "", Set.of(), null));

        assertThat(outcome.leftOut()).isEmpty();
        assertThat(outcome.written()).hasSize(120);
        assertThat(VALIDATOR.validate(directory.resolve("routes")).problems()).isEmpty();
        for (Path file : outcome.written()) {
            String text = Files.readString(file);
            if (file.toString().endsWith(".yaml")) {
                String route = text.substring(text.indexOf("- route"));
                assertThat(ForeignYaml.json(route)
                                .path(0)
                                .path("route")
                                .path("from")
                                .path("uri")
                                .asText())
                        .isEqualTo("tool:" + file.getFileName().toString().replace(".camel.yaml", ""));
                assertThat(OURS.matcher(route).replaceAll(""))
                        .doesNotContain("{{", "${", "$simple{", "RAW(", "RAW{", "\u202e");
            } else {
                assertThat(Json.parse(text).path("properties")).hasSize(1);
            }
        }
    }

    private static ObjectNode document(String paths) throws Exception {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0");
        document.putArray("servers").addObject().put("url", "https://a.example");
        document.set("paths", Json.parse(paths));
        return document;
    }

    private static void body(ObjectNode document, String name, JsonNode schema) {
        ObjectNode request = document.withObject("/paths")
                .putObject("/" + name)
                .putObject("post")
                .putObject("requestBody")
                .put("required", true);
        request.putObject("content").putObject("application/json").set("schema", schema);
    }

    private Path file(ObjectNode document) throws IOException {
        return Files.writeString(directory.resolve("api.json"), document.toString());
    }

    private Scaffold.Outcome write(Path document, String prefix, Set<String> only) throws Exception {
        return new Scaffold(directory, VALIDATOR).write(OpenApiTools.read(document, prefix, only, null));
    }

    private JsonNode route(String name) throws IOException {
        return ForeignYaml.json(Files.readString(directory.resolve("tools/%s.camel.yaml".formatted(name))))
                .path(0)
                .path("route");
    }

    private JsonNode schema(String name) throws Exception {
        return Json.parse(Files.readString(directory.resolve("schemas/%s.json".formatted(name))));
    }
}
