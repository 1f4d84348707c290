package io.drover.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.json.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random documents at the door for JSON, sound and broken. */
final class JsonRounds {

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u",
            "d800",
            "0000",
            "null",
            "true",
            "1e",
            "E+",
            "-",
            ".",
            "9",
            "99999999999999999999",
            "\"a\":",
            "\"a\":1,",
            " ",
            "\n",
            "\0",
            "\ud83d",
            "\ude00",
            "NaN",
            "/*",
            "'");

    private static final Schema SCHEMA = Schema.ofSchema(
            """
            {"$ref":"#/$defs/any","$defs":{"any":{"anyOf":[
              {"type":"object","additionalProperties":{"$ref":"#/$defs/any"},"propertyNames":{"pattern":"^(a|b|[^c]+)*$"}},
              {"type":"array","uniqueItems":true,"items":{"$ref":"#/$defs/any"}},
              {"type":"number","multipleOf":0.5,"maximum":1e30},
              {"type":"string","format":"email"},
              {"type":["boolean","null"]}]}}}
            """);

    private JsonRounds() {}

    static void whatIsLetInKeepsItsValueAndItsSpelling(Random random) throws JsonProcessingException {
        String document = value(random, 0);
        JsonNode node = Json.parse(document);
        String canonical = Json.canonical(node);

        assertThat(Json.canonical(Json.parse(canonical))).isEqualTo(canonical);
        assertThat(Json.canonical(Json.parse(Json.write(node)))).isEqualTo(canonical);
        assertThat(Json.canonical(Json.tree(Json.value(document)))).isEqualTo(canonical);
        assertThat(Json.canonical(Json.tree(Json.recorded(document)))).isEqualTo(canonical);
        assertThat(Json.parse(canonical)).isEqualTo(node);
        assertThat(Json.problem(node)).isNull();
        assertThat(SCHEMA.problems(node)).hasSizeLessThanOrEqualTo(10).allMatch(problem -> problem.length() < 350);
    }

    static void whatIsBrokenIsRefusedInShortWords(Random random) {
        StringBuilder document = new StringBuilder(random.nextBoolean() ? value(random, 0) : "");
        for (int i = random.nextInt(30); i >= 0; i--) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            document.insert(random.nextInt(document.length() + 1), piece.repeat(1 + random.nextInt(3)));
        }
        try {
            JsonNode node = Json.parse(document.toString());
            SCHEMA.problems(node);
            assertThat(Json.canonical(Json.parse(Json.canonical(node)))).isEqualTo(Json.canonical(node));
        } catch (JsonProcessingException e) {
            assertThat(Json.reason(e)).hasSizeLessThan(350).doesNotContain("\n", "\0");
        }
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 6 ? 4 : 7)) {
            case 0 -> List.of("null", "true", "false").get(random.nextInt(3));
            case 1, 2 -> number(random);
            case 3 -> text(random);
            case 4 -> "[" + String.join(",", values(random, depth)) + "]";
            default -> {
                List<String> members = new ArrayList<>();
                int i = 0;
                for (String value : values(random, depth)) {
                    members.add("\"" + (char) ('a' + i++) + text(random).substring(1) + ":" + value);
                }
                Collections.shuffle(members, random);
                yield "{" + String.join(" , ", members) + "}";
            }
        };
    }

    private static List<String> values(Random random, int depth) {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(value(random, depth + 1));
        }
        return values;
    }

    /** One value in one of its spellings. */
    private static String number(Random random) {
        BigDecimal number =
                new BigDecimal(new java.math.BigInteger(random.nextInt(200), random), random.nextInt(40) - 20);
        String spelled = random.nextBoolean() ? number.toString() : number.toPlainString();
        return (random.nextBoolean() ? "-" : "") + (spelled.length() > 90 ? "7" : spelled);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(12); i > 0; i--) {
            int c = random.nextInt(4) == 0 ? 1 + random.nextInt(0x10FFFE) : 'a' + random.nextInt(26);
            if (c >= 0xD800 && c < 0xE000 || c < ' ' || c == '"' || c == '\\') {
                text.append("\\u%04x".formatted(c >= 0xD800 && c < 0xE000 ? '\u20AC' : c));
            } else {
                text.appendCodePoint(c);
            }
        }
        return text.append('"').toString();
    }
}
