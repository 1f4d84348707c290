package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.Quick;
import io.drover.json.Json;
import io.drover.json.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in for a result fits its schema, and says as much of the call as that allows. */
@Quick
class EchoTest {

    private static final String ARGUMENTS = "{\"id\":\"O-1\",\"amount\":5,\"list\":[1,2]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    {"type":"object","properties":{"id":{"type":"string"}},"additionalProperties":false}      | {"id":"O-1"}
                    {"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}                | {"id":0}
                    {"type":"object","properties":{"amount":{"type":"number"}},"required":["amount"]}         | {"amount":5}
                    {"type":"object","properties":{"ok":{"type":"boolean"},"x":{}},"required":["ok"]}         | {"ok":false}
                    {"type":"object","properties":{"s":{"enum":["done","open"]}},"required":["s"]}            | {"s":"done"}
                    {"type":"object","properties":{"s":{"const":"done"}},"required":["s"]}                    | {"s":"done"}
                    {"type":"object","properties":{"s":{"type":"string","minLength":3}},"required":["s"]}     | {"s":"---"}
                    {"type":"object","properties":{"n":{"type":"integer","minimum":7}},"required":["n"]}      | {"n":7}
                    {"type":"object","properties":{"n":{"type":["null","string"]}},"required":["n"]}          | {"n":null}
                    {"type":"array","items":{"type":"string"},"minItems":2}                                   | ["",""]
                    {"type":"string"}                                                                         | ""
                    {"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"id":{"type":"string"}}}}} | {"id":"O-1"}
                    {"oneOf":[{"type":"string"},{"type":"object"}]}                                           | ""
                    """)
    void fitsTheSchema(String text, String echo) throws JsonProcessingException {
        Schema schema = Schema.ofSchema(text);

        JsonNode made = Echo.of(Json.parse(ARGUMENTS), schema);

        assertThat(made).isEqualTo(Json.parse(echo));
        assertThat(schema.problems(made)).isEmpty();
    }

    @Test
    void isMarkedWhereThereIsNoSchema() throws JsonProcessingException {
        assertThat(Echo.of(Json.parse("{\"id\":1}"), null)).isEqualTo(Json.parse("{\"id\":1,\"dryRun\":true}"));
        assertThat(Echo.of(Json.parse("{\"dryRun\":1}"), null)).isEqualTo(Json.parse("{\"dryRun\":1}"));
    }

    /** Such a schema cannot be met, and a refusal says so; it must not take for ever. */
    @Test
    void endsWhereASchemaHoldsItself() {
        StringBuilder properties = new StringBuilder();
        StringBuilder required = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            properties.append(i == 0 ? "" : ",").append("\"p%d\":{\"$ref\":\"#\"}".formatted(i));
            required.append(i == 0 ? "" : ",").append("\"p%d\"".formatted(i));
        }
        Schema schema = Schema.ofSchema(
                "{\"type\":\"object\",\"properties\":{%s},\"required\":[%s]}".formatted(properties, required));

        JsonNode made = Echo.of(Json.tree(java.util.Map.of()), schema);

        assertThat(schema.problems(made)).isNotEmpty();
    }
}
