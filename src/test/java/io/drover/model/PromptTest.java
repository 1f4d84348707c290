package io.drover.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.model.Answer.WantedCall;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model has said, what is sent back every server takes. */
@Tag("quick")
class PromptTest {

    @Test
    void eachCallHasAnIdOfItsOwn() {
        Set<String> ids = new HashSet<>();
        for (int number = 1; number <= 100_000; number++) {
            ids.add(Prompt.Call.of(new WantedCall("", "look", "{}", null), number)
                    .id());
        }

        assertThat(ids).hasSize(100_000).allMatch(id -> id.matches("[a-zA-Z0-9]{9}"));
    }

    @ParameterizedTest
    @CsvSource({
        "look, look",
        "functions.look, functions_look",
        "look<|channel|>x, look__channel__x",
        "'', unnamed",
        "größe, gr__e"
    })
    void aNameHasLettersThatEveryServerTakes(String said, String name) {
        assertThat(Prompt.Call.of(new WantedCall("", said, "{}", null), 1).name())
                .isEqualTo(name);
        assertThat(Prompt.Call.of(new WantedCall("", "x".repeat(9_000), "{}", null), 1)
                        .name())
                .hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"q\": \"x", "", "null", "[]", "\"x\"", "{\"a\":1,\"a\":2}", "{\"q\":\"a\nb\"}", "{} {}"})
    void argumentsAreAnObject(String said) throws Exception {
        JsonNode sent = Json.parse(
                Prompt.Call.of(new WantedCall("", "look", said, null), 1).arguments());

        assertThat(sent.isObject()).isTrue();
        assertThat(sent.path("malformed").asText()).isEqualTo(said.replace('\n', ' '));
    }

    static Stream<String> schemas() {
        return Stream.of(
                "{\"$ref\":\"#/$defs/F\",\"$defs\":{\"F\":{\"type\":\"object\"}}}",
                "{\"type\":\"object\",\"properties\":{\"f\":{\"$ref\":\"#/definitions/F\"}},\"definitions\":{\"F\":{}}}",
                "{\"type\":\"object\",\"allOf\":[{\"required\":[\"a\"]}]}",
                "{\"type\":\"object\",\"anyOf\":[{\"required\":[\"a\"]}]}",
                "{\"type\":\"object\",\"oneOf\":[{\"required\":[\"a\"]}]}",
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
                "{\"type\":\"object\",\"patternProperties\":{\"^x\":{\"type\":\"string\"}}}",
                "{\"type\":\"object\",\"properties\":{\"p\":{\"prefixItems\":[{},{}],\"nullable\":true}}}",
                "{\"type\":\"object\",\"dependentRequired\":{\"a\":[\"b\"]},\"minProperties\":1}");
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void nothingOfASchemaIsLost(String schema) throws Exception {
        JsonNode said = Json.parse(schema);
        Prompt.Tool tool = new Prompt.Tool("look", "Looks up", said);

        JsonNode whole = ToolSchemas.whole(tool).parameters();
        said.properties().forEach(part -> assertThat(whole.get(part.getKey())).isEqualTo(part.getValue()));
        assertThat(whole.path("type").asText()).isEqualTo("object");
        assertThat(whole.path("properties").isObject()).isTrue();

        Prompt.Tool plain = ToolSchemas.plainRoot(tool);
        said.properties().forEach(part -> assertThat(plain.parameters().has(part.getKey())
                        || plain.description().contains("\"%s\":%s".formatted(part.getKey(), part.getValue())))
                .as(part.getKey())
                .isTrue());
        assertThat(plain.parameters().properties())
                .extracting(java.util.Map.Entry::getKey)
                .doesNotContain("anyOf", "allOf", "oneOf", "$ref", "patternProperties");
    }

    @Test
    void aReferenceIsReplacedByWhatItMeans() throws Exception {
        Prompt.Tool tool = new Prompt.Tool(
                "look",
                "Looks up",
                Json.parse(
                        """
                        {"type":"object","properties":{"f":{"$ref":"#/$defs/F","title":"A filter"},"t":{"$ref":"#/$defs/T"}},\
                        "$defs":{"F":{"type":"string"},"T":{"type":"object","properties":{"next":{"$ref":"#/$defs/T"}}}}}"""));

        Prompt.Tool sent = ToolSchemas.withoutReferences(tool);

        assertThat(sent.parameters().at("/properties/f"))
                .isEqualTo(Json.parse("{\"type\":\"string\",\"title\":\"A filter\"}"));
        assertThat(sent.parameters().toString()).doesNotContain("$ref", "$defs");
        assertThat(sent.description()).as("it contains itself").contains("$defs", "\"next\"");
    }

    @Test
    void otherArgumentsAreRefusedWhereTheSchemaDeclaresAll() throws Exception {
        JsonNode declared = Json.parse("{\"type\":\"object\",\"properties\":{\"a\":{}}}");
        JsonNode anything = Json.parse("true");

        assertThat(ToolSchemas.whole(new Prompt.Tool("a", "", declared))
                        .parameters()
                        .path("additionalProperties")
                        .isBoolean())
                .isTrue();
        assertThat(ToolSchemas.whole(new Prompt.Tool("a", "", anything))
                        .parameters()
                        .path("type")
                        .asText())
                .isEqualTo("object");
    }
}
