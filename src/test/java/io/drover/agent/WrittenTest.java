package io.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.json.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON document in what a model wrote around it. */
@Tag("quick")
class WrittenTest {

    private static final Schema SCHEMA = Schema.ofSchema(
            "{\"type\":\"object\",\"required\":[\"kind\"],\"properties\":{\"kind\":{\"enum\":[\"a\",\"b\"]}}}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"a\"}",
                "\n {\"kind\":\"a\"}\n",
                "```json\n{\"kind\":\"a\"}\n```",
                "```\n{\"kind\":\"a\"}\n```",
                "```json {\"kind\":\"a\"} ```",
                "Here is the document:\n\n```json\n{\"kind\":\"a\"}\n```",
                "```json\n{\"kind\":\"a\"}\n```\n\nLet me know if you need more.",
                "{\"kind\":\"a\"}\n\nI chose this because the ticket is a question.",
                "It is {\"kind\":\"a\"}, see [1] and {maybe}.",
                "<think>\nA verdict { maybe } {\"kind\":\"b\"}.\n</think>\n\n{\"kind\":\"a\"}",
                "It should be {\"kind\":\"b\"}?\n</think>\n{\"kind\":\"a\"}",
                "<thinking>x</thinking>```json\n{\"kind\":\"a\"}\n```",
                "Not {\"kind\":\"c\"} but {\"kind\":\"a\"}",
                "{\"kind\":\"a\"} and again {\"kind\": \"a\"}",
                "say \"{\" and then {\"kind\":\"a\"}"
            })
    void isFound(String text) throws Exception {
        assertThat(new Written(text).document(SCHEMA).path("kind").asText()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<think>~He is angry.~</think>~~Dear Ada,|Dear Ada,",
                "~ <reasoning>a</reasoning>Dear Ada,~|Dear Ada,",
                "He is angry.~</think>~~Dear Ada,|Dear Ada,",
                "Dear Ada, <think> begins and </think> ends a thought|Dear Ada, <think> begins and </think> ends a thought",
                "close it with </think> and go on|close it with </think> and go on",
                "' Dear Ada, '|' Dear Ada, '",
                "<think>He is|''",
                "<think>He is</think>~|''"
            })
    void thoughtsAreNoWordsForPeople(String answer, String words) {
        assertThat(Written.words(answer.replace('~', '\n'))).isEqualTo(words);
    }

    @Test
    void oneOfTwoThatFitIsNotGuessed() {
        assertThatThrownBy(() -> new Written("{\"kind\":\"a\"} or {\"kind\":\"b\"}").document(SCHEMA))
                .hasMessage("it holds several JSON documents that fit");
    }

    @Test
    void oneThatDoesNotFitIsToldFrom() throws Exception {
        assertThat(SCHEMA.problems(new Written("I say ```json\n{\"kind\":\"c\"}\n```").document(SCHEMA)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"it is of kind a", "", "{\"kind\":"})
    void aTextWithoutOneIsNone(String text) {
        assertThatThrownBy(() -> new Written(text).document(SCHEMA))
                .isInstanceOf(com.fasterxml.jackson.core.JsonProcessingException.class);
    }

    @Test
    void aTextOfBracketsTakesNoTime() {
        assertThatThrownBy(() -> new Written("[{".repeat(500_000)).document(SCHEMA))
                .isInstanceOf(com.fasterxml.jackson.core.JsonProcessingException.class);
    }
}
