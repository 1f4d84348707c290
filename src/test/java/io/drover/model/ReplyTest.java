package io.drover.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drover.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model says in odd forms, as it is taken in. */
@Tag("quick")
class ReplyTest {

    private static final String CALL = "{\"id\":\"c1\",\"function\":{\"name\":\"look\",\"arguments\":%s}}";

    private static Answer read(String message, @Nullable String reason, String usage) throws JsonProcessingException {
        String body = "{\"choices\":[{%s\"message\":%s}]%s}"
                .formatted(
                        reason == null ? "" : "\"finish_reason\":%s,".formatted(reason),
                        message,
                        usage.isEmpty() ? "" : ",\"usage\":" + usage);
        Prompt prompt = new Prompt(List.of(), List.of(new Prompt.Tool("look", "", Json.parse("{}"))), null);
        return Answer.of(
                CompletionsReply.of(Json.parse(body)),
                new Question(prompt, 1000, new Allowance(null, null), answer -> answer),
                CompletionsProbe.SETTINGS,
                "some");
    }

    private static String message(String content, String calls) {
        return "{\"role\":\"assistant\",\"content\":%s,\"tool_calls\":[%s]}".formatted(content, calls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"stop\"", "\"eos\"", "\"eos_token\"", "\"COMPLETE\"", "\"\"", "null", "\"end_turn\"", "17"})
    void textIsAnAnswerWhereTheModelHasSaidEverything(String reason) throws Exception {
        assertThat(read("{\"content\":\"done\"}", reason, "").text()).isEqualTo("done");
        assertThat(read("{\"content\":\"done\"}", null, "").text()).isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<tool_call>\\n{}\\n</tool_call>",
                "\\n[TOOL_CALLS] [{}]",
                "<think>I pay.</think>\\n<tool_call>{}",
                "I look first.\\n<tool_call>\\n{\\\"name\\\": \\\"look\\\", \\\"arguments\\\": {}}\\n</tool_call>",
                "Let me look.\\n\\n[TOOL_CALLS]look{}",
                "First:\\n```tool_code\\nlook()\\n```",
                "<|channel|>commentary to=functions.look <|message|>{}",
                "<|python_tag|>look.call()",
                "<function_calls>\\n<invoke name=\\\"look\\\">",
                "<\uff5cDSML\uff5cfunction_calls>look",
                "{\\\"name\\\": \\\"look\\\", \\\"parameters\\\": {\\\"q\\\": 1}}",
                "```json\\n[{\\\"type\\\":\\\"function\\\",\\\"function\\\":{\\\"name\\\":\\\"look\\\",\\\"arguments\\\":{}}}]\\n```",
                "<function=pay>{}</function>",
                "<|tool_calls_section_begin|>",
                "<\uff5ctool\u2581calls\u2581begin\uff5c>"
            })
    void aCallThatTheServerLeftInTheTextIsNoAnswer(String content) {
        assertThatThrownBy(() -> read("{\"content\":\"%s\"}".formatted(content), "\"stop\"", ""))
                .isInstanceOf(ModelAnswerException.class)
                .hasMessageContaining("wrote a call of a tool as text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It writes <tool_call> where it wants look.",
                "In a template:\\n<tool_call>{...}</tool_call>",
                "{\\\"name\\\": \\\"other\\\", \\\"parameters\\\": {}}",
                "{\\\"name\\\": \\\"look\\\", \\\"id\\\": 7}",
                "[]",
                "{}"
            })
    void wordsAboutCallsAreAnAnswer(String content) throws Exception {
        assertThat(read("{\"content\":\"%s\"}".formatted(content), "\"stop\"", "")
                        .text())
                .isNotEmpty();
    }

    /** Once, each blank was another place from which the whole rest was searched: hours for a megabyte. */
    @ParameterizedTest
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(strings = {"```%sx", "```json%s{", "%s<think>", "<think>%s", "[ \n%s"})
    void blanksAreNoCallAndSoonRead(String around) {
        String answer = around.formatted(" ".repeat(1_000_000));

        assertThat(WrittenCall.isIn(
                        answer, List.of(new Prompt.Tool("look", "", JsonNodeFactory.instance.objectNode()))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "length, true",
        "max_tokens, true",
        "MAX_TOKENS, true",
        "model_length, true",
        "content_filter, true",
        "SAFETY, true",
        "refusal, true",
        "max_new_tokens_reached, true",
        "token_limit, true",
        "truncated, true",
        "ERROR_TOXIC, true",
        "safety_violation, true",
        "error, false",
        "internal_error, false",
        "time_limit, false",
        "insufficient_system_resource, false"
    })
    void halfATextIsNoAnswer(String reason, boolean permanent) {
        assertThatThrownBy(() -> read("{\"content\":\"The second step is to\"}", "\"%s\"".formatted(reason), ""))
                .isInstanceOf(ModelAnswerException.class)
                .hasMessageContaining(reason)
                .extracting(e -> ((ModelAnswerException) e).isPermanent())
                .isEqualTo(permanent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":null,\"refusal\":\"I cannot help.\"}",
                "{\"content\":\"half\",\"refusal\":\"I cannot help.\"}",
                "{\"content\":[{\"type\":\"refusal\",\"refusal\":\"I cannot help.\"}]}"
            })
    void aRefusalIsNoAnswer(String message) {
        assertThatThrownBy(() -> read(message, "\"stop\"", ""))
                .hasMessage("the model refused: I cannot help.")
                .extracting(e -> ((ModelAnswerException) e).isPermanent())
                .isEqualTo(true);
    }

    /** Servers lose calls that they cannot read, and some give this reason where no call was meant. */
    @ParameterizedTest
    @ValueSource(strings = {"tool_calls", "function_call", "tool_use", "TOOL_EXECUTION"})
    void aTextThatEndsWithCallsWithoutCallsIsAskedAbout(String reason) throws Exception {
        Answer answer = read("{\"content\":\"I look.\"}", "\"%s\"".formatted(reason), "");

        assertThat(answer.lacksItsCall()).isTrue();
        assertThat(answer.text()).isEqualTo("I look.");
        assertThatThrownBy(() -> read("{\"content\":\" \"}", "\"%s\"".formatted(reason), ""))
                .hasMessageContaining("called none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "tool_calls", "eos", "function_call", "length"})
    void callsAreCallsWhateverTheReason(String reason) throws Exception {
        Answer answer = read(message("null", CALL.formatted("\"{}\"")), "\"%s\"".formatted(reason), "");

        assertThat(answer.calls()).extracting(Answer.WantedCall::tool).containsExactly("look");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"{\\\"q\\\":1}\" | stop | {\"q\":1}",
                "{\"q\":1} | stop | {\"q\":1}",
                "\"\\\"{\\\\\\\"q\\\\\\\":1}\\\"\" | stop | {\"q\":1}",
                "null | stop | {}",
                "\"\" | stop | {}",
                "\"null\" | stop | {}",
                "\"\" | length | ''",
                "\"{\\\"q\\\":\" | length | {\"q\":"
            })
    void argumentsHaveOneForm(String said, String reason, String arguments) throws Exception {
        Answer answer = read(message("null", CALL.formatted(said)), "\"%s\"".formatted(reason), "");

        assertThat(answer.calls().getFirst().arguments()).isEqualTo(arguments);
    }

    @Test
    void theOlderFormOfACallIsOneToo() throws Exception {
        Answer answer = read(
                "{\"content\":null,\"function_call\":{\"name\":\"functions.look\",\"arguments\":\"{}\"}}",
                "\"function_call\"",
                "");

        assertThat(answer.calls()).containsExactly(new Answer.WantedCall("call-0", "look", "{}", null));
    }

    @ParameterizedTest
    @CsvSource({
        "look, look",
        "functions.look, look",
        "look<|channel|>commentary, look",
        "' look ', look",
        "payments.look, payments.look",
        "other, other"
    })
    void aNameIsRepairedWhereOnlyItsSpellingIsOdd(String said, String name) throws Exception {
        String call = "{\"function\":{\"name\":\"%s\",\"arguments\":\"{}\"}}".formatted(said);

        assertThat(read(message("null", call), "\"stop\"", "")
                        .calls()
                        .getFirst()
                        .tool())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"done\" | done",
                "[{\"type\":\"text\",\"text\":\"do\"},{\"type\":\"text\",\"text\":\"ne\"}] | done",
                "[{\"type\":\"thinking\",\"thinking\":[]},{\"type\":\"text\",\"text\":\"done\"}] | done",
                "[\"done\"] | done"
            })
    void textMayComeInParts(String content, String text) throws Exception {
        assertThat(read("{\"content\":%s}".formatted(content), "\"stop\"", "").text())
                .isEqualTo(text);
    }

    /** What is counted lies between nothing and what was reserved: 1000 tokens in, 500 out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120} | 100 | 0 | 20",
                "{\"prompt_tokens\":100,\"completion_tokens\":0} | 100 | 0 | 0",
                "{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0} | 1000 | 0 | 500",
                "{\"prompt_tokens\":0,\"completion_tokens\":20,\"total_tokens\":20} | 1000 | 0 | 20",
                "{\"prompt_tokens\":0,\"prompt_tokens_details\":{\"cached_tokens\":9},\"completion_tokens\":2} | 9 | 9 | 2",
                "{\"prompt_tokens\":-5000000,\"completion_tokens\":-20} | 1000 | 0 | 500",
                "{\"prompt_tokens\":99999999999999999999999,\"completion_tokens\":1e300} | 1000 | 0 | 500",
                "{\"prompt_tokens\":12,\"completion_tokens\":30,\"prompt_tokens_details\":{\"cached_tokens\":40000}} |"
                        + " 1000 | 1000 | 30",
                "{\"prompt_tokens\":12,\"completion_tokens\":30,\"prompt_tokens_details\":{\"cached_tokens\":-7}} | 12"
                        + " | 0 | 30",
                "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":170} | 100 | 0 | 70",
                "{\"prompt_tokens\":\"100\",\"completion_tokens\":20.0} | 100 | 0 | 20",
                "{\"prompt_tokens\":\"many\",\"completion_tokens\":null} | 1000 | 0 | 500",
                "{\"prompt_tokens\":true,\"completion_tokens\":[1]} | 1000 | 0 | 500",
                "{\"input_tokens\":100,\"output_tokens\":20} | 100 | 0 | 20",
                "[] | 1000 | 0 | 500",
                "null | 1000 | 0 | 500",
                "'' | 1000 | 0 | 500"
            })
    void usageIsNotBelievedFurtherThanACallCanGo(String usage, long in, long cached, long out) throws Exception {
        Answer answer = read("{\"content\":\"done\"}", "\"stop\"", usage);

        assertThat(answer.usage()).isEqualTo(new Usage(in, cached, out));
        assertThat(answer.usd()).isBetween(java.math.BigDecimal.ZERO, new java.math.BigDecimal("0.006"));
    }

    @Test
    void whatAnEarlierReleaseBelievedLiftsNoLimitToday() {
        Answer answer = Answer.ofValue(
                Map.of("calls", List.of(), "text", "x", "usage", Map.of("in", -5, "cached", -1, "out", -3), "usd", -2));

        assertThat(answer.usage()).isEqualTo(Usage.NONE);
        assertThat(answer.usd()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"upstream rate limit\",\"code\":429}} | 429",
                "{\"error\":{\"message\":\"no\",\"code\":\"rate_limit_exceeded\"}} | 429",
                "{\"error\":{\"message\":\"no\",\"type\":\"overloaded_error\"}} | 529",
                "{\"error\":{\"message\":\"no\",\"code\":\"context_length_exceeded\"}} | 400",
                "{\"error\":{\"message\":\"no\",\"code\":\"503\"}} | 503",
                "{\"error\":\"model 'x' not found\"} | 502",
                "{\"error\":{\"code\":429}} | 429",
                "{\"object\":\"error\",\"message\":\"no\",\"code\":400} | 400",
                "{\"detail\":\"no\"} | 502",
                "[{\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"INVALID_ARGUMENT\"}}] | 400",
                "{\"choices\":[{\"error\":{\"message\":\"no\",\"code\":502},\"finish_reason\":\"error\"}]} | 502",
                "{\"error\":true,\"message\":\"no\"} | 502"
            })
    void anErrorIsAnErrorWhateverItsStatus(String body, int status) throws Exception {
        ProviderException error = ProviderException.in(Json.parse(body), Map.of(), "http://localhost");

        assertThat(error).isNotNull();
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.isBusy()).isEqualTo(List.of(429, 503, 529).contains(status));
        assertThat(error.isPermanent()).as("the classes of HTTP decide").isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | {\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing"
                        + " details.\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}} | true",
                "429 | {\"error\":{\"message\":\"no\",\"code\":\"billing_hard_limit_reached\"}} | true",
                "403 | {\"error\":{\"message\":\"no\",\"code\":\"billing_not_active\"}} | true",
                "402 | {\"error\":{\"message\":\"Insufficient Balance\"}} | true",
                "402 | payment required | true",
                "400 | {\"error\":{\"message\":\"Your credit balance is too low to access the API.\"}} | true",
                "429 | {\"error\":{\"message\":\"litellm.RateLimitError: insufficient_quota\",\"code\":\"429\"}} | true",
                "429 | {\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing"
                        + " details.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"retryDelay\":\"34s\"}]}} | false",
                "429 | {\"error\":{\"message\":\"Rate limit reached for requests\",\"code\":\"rate_limit_exceeded\"}} | false",
                "503 | insufficient_quota | false"
            })
    void anAccountWithoutCreditIsNotWaitedFor(int status, String body, boolean without) {
        ProviderException error = new ProviderException(status, Map.of(), "http://localhost", body);

        assertThat(error.isPermanent()).isEqualTo(without);
        assertThat(error.isBusy()).isEqualTo(!without);
        assertThat(error.remedy().contains("no credit left")).isEqualTo(without);
    }

    @Test
    void anAccountWithoutCreditMayBeSaidIn200() throws Exception {
        String body = "{\"error\":{\"message\":\"no\",\"type\":\"insufficient_quota\",\"code\":null}}";

        ProviderException error = ProviderException.in(Json.parse(body), Map.of(), "http://localhost");

        assertThat(error).isNotNull();
        assertThat(error.isPermanent()).isTrue();
        assertThat(error.isBusy()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"error\":null}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"error\":{\"message\":\"\",\"type\":\"\",\"code\":null}}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"error\":\"\"}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"message\":\"ok\"}"
            })
    void anEmptyErrorIsNone(String body) throws Exception {
        assertThat(ProviderException.in(Json.parse(body), Map.of(), "http://localhost"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Rate limit reached. Please try again in 6m0.5s. | 6m0.5s",
                "Please retry after 20 ms | 20ms",
                "{\"error\":{\"details\":[{\"retryDelay\":\"34s\"}]}} | 34s"
            })
    void whenToAskAgainMayStandInTheWords(String body, String after) {
        assertThat(new ProviderException(429, Map.of(), "http://localhost", body).headers())
                .containsEntry("Retry-After", after);
    }

    @Test
    void aLongTimeIsNone() {
        String body = "try again in " + "1d".repeat(200_000) + "s";

        assertThat(new ProviderException(429, Map.of(), "http://localhost", body).headers())
                .doesNotContainKey("Retry-After");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {}", "data:{}", "\n: hello", "event: message", "id: 1", "retry: 5"})
    void eventsAreKnownByTheirBeginning(String beginning) {
        assertThat(CompletionEvents.are(beginning + "\n\n")).isTrue();
        assertThat(CompletionEvents.are("{\"id\": 1}")).isFalse();
    }

    @Test
    void anAnswerInEventsIsPutTogether() throws Exception {
        JsonNode whole = CompletionEvents.whole(
                """
                : keep-alive

                data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"I "},"finish_reason":null}]}

                data: {"choices":[{"delta":{"content":"look.","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"look","arguments":"{\\"q\\""}}]}}]}

                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}

                data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}

                data: [DONE]
                """);
        Reply reply = CompletionsReply.of(whole);

        assertThat(reply.text()).isEqualTo("I look.");
        assertThat(reply.calls()).containsExactly(new Reply.Call("a", "look", "{\"q\":1}", null));
        assertThat(reply.finish()).isEqualTo(Finish.CALLS);
        assertThat(reply.usage().within(new Usage(100, 0, 100))).isEqualTo(new Usage(5, 0, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {'choices':[{'delta':{'content':'The refund is'}}]}",
                "data: {'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'look'}}]}}]}",
                "data: {'choices':[{'delta':{'content':'x'},'finish_reason':null}]}\n\n: keep-alive",
                "event: ping\ndata: {}"
            })
    void eventsThatEndBeforeTheAnswerDoesAreNone(String events) {
        assertThatThrownBy(() -> CompletionEvents.whole(events.replace('\'', '"')))
                .isInstanceOf(ModelAnswerException.class)
                .hasMessage("the server ended its events before the answer was complete");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // Gemini counts every call as the first one
                "[{'index':0,'id':'a','function':{'name':'look','arguments':'{}'}}] |"
                        + " [{'index':0,'id':'b','function':{'name':'look','arguments':'{}'}}]",
                "[{'id':'a','function':{'name':'look','arguments':'{'}},{'function':{'arguments':'}'}}] |"
                        + " [{'id':'b','function':{'name':'look','arguments':'{}'}}]",
                "[{'function':{'name':'look','arguments':'{}'}}] | [{'function':{'name':'look','arguments':'{}'}}]",
                "[{'index':0,'id':'a','function':{'name':'look','arguments':'{'}}] |"
                        + " [{'index':1,'id':'b','function':{'name':'look','arguments':'{}'}},"
                        + "{'index':0,'id':'a','function':{'name':'look','arguments':'}'}}]"
            })
    void callsAreToldApartWhateverTheyAreCountedBy(String first, String second) throws Exception {
        String event = "data: {\"choices\":[{\"delta\":{\"tool_calls\":%s}}]}\n\n";
        String events = event.formatted(first.replace('\'', '"')) + event.formatted(second.replace('\'', '"'));

        assertThat(CompletionsReply.of(CompletionEvents.whole(events + "data: [DONE]"))
                        .calls())
                .extracting(Reply.Call::name, Reply.Call::arguments)
                .containsExactly(tuple("look", "{}"), tuple("look", "{}"));
    }

    @Test
    void anEventMayHoldTheWholeMessage() throws Exception {
        JsonNode whole = CompletionEvents.whole(
                "data: {\"choices\":[{\"message\":{\"content\":\"done\"},\"finish_reason\":\"stop\"}]}\n\n");

        assertThat(CompletionsReply.of(whole).text()).isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {'error':{'message':'no','code':503}}",
                "data: {'object':'error','message':'no','code':503}"
            })
    void anErrorAmongTheEventsIsTheAnswer(String event) throws Exception {
        String events = "data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n" + event.replace('\'', '"');

        ProviderException error = ProviderException.in(CompletionEvents.whole(events), Map.of(), "http://localhost");

        assertThat(error).isNotNull();
        assertThat(error.isBusy()).isTrue();
    }
}
