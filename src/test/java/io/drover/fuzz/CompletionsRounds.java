package io.drover.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import io.drover.model.CompletionsProbe;
import java.util.List;
import java.util.Random;

/** A completion whose parts have changed at random: it is refused in words, or becomes an answer that can be sent back. */
final class CompletionsRounds {

    private static final String GOOD =
            """
            {"id":"c-1","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":"I look.",\
            "refusal":null,"reasoning_content":"Hm.","tool_calls":[{"id":"a","type":"function","extra_content":{"x":1},\
            "function":{"name":"look","arguments":"{\\"q\\":1}"}}]}}],"error":null,\
            "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4}}}""";

    private static final List<String> LEAVES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e300",
            "99999999999999999999",
            "\"\"",
            "\"x\"",
            "\"length\"",
            "\"null\"",
            "[]",
            "{}",
            "[null]",
            "{\"message\":\"no\"}",
            "{\"type\":\"text\",\"text\":\"x\"}",
            "\"{\\\"q\\\":\"",
            "429",
            "[{\"type\":\"text\",\"text\":\"x\"},7]",
            "\"<|x|>\"",
            "\"a\\nb\"",
            "-0.5",
            "\"12\"");

    private CompletionsRounds() {}

    static void isAnAnswerThatCanBeSentBackOrRefused(Random random) throws Exception {
        JsonNode answer = Json.parse(GOOD);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            answer = changed(answer, random);
        }
        String problem = CompletionsProbe.problem(answer);

        assertThat(problem).as(answer.toString()).isNull();
    }

    private static JsonNode changed(JsonNode node, Random random) throws Exception {
        if (node.isEmpty() || random.nextInt(12) == 0) {
            return Json.parse(LEAVES.get(random.nextInt(LEAVES.size())));
        }
        int chosen = random.nextInt(node.size());
        if (node instanceof ArrayNode array) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode().addAll(array);
            JsonNode before = array.get(chosen);
            if (random.nextInt(6) == 0) {
                all.add(before);
            } else {
                all.set(chosen, changed(before, random));
            }
            return all;
        }
        ObjectNode all = ((ObjectNode) node).deepCopy();
        String name =
                node.propertyStream().skip(chosen).findFirst().orElseThrow().getKey();
        if (random.nextInt(6) == 0) {
            all.remove(name);
        } else {
            all.set(name, changed(node.get(name), random));
        }
        return all;
    }
}
