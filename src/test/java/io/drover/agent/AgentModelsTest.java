package io.drover.agent;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.json.Json;
import io.drover.local.SampleModel.Reply;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents on models that answer oddly: the task comes to the right end, and nothing is counted that was not used. */
class AgentModelsTest extends AgentTestBase {

    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120}";

    private static Reply raw(String body) {
        return new Reply.Raw(200, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply error(int status, Map<String, String> headers, String body) {
        return new Reply.Raw(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply choice(String reason, String message) {
        return raw("{\"choices\":[{\"finish_reason\":\"%s\",\"message\":%s}],%s}".formatted(reason, message, USAGE));
    }

    /** Why a strict server would refuse the conversation, or null. */
    private static String problem(JsonNode request) throws Exception {
        Set<String> ids = new HashSet<>();
        for (JsonNode message : request.path("messages")) {
            if (!message.has("content")) {
                return "'content' is required";
            }
            for (JsonNode call : message.path("tool_calls")) {
                if (!ids.add(call.path("id").asText())
                        || !call.path("id").asText().matches("[a-zA-Z0-9]{9}")
                        || !call.at("/function/name").asText().matches("[a-zA-Z0-9_-]{1,64}")
                        || !Json.parse(call.at("/function/arguments").asText()).isObject()) {
                    return "malformed call " + call;
                }
            }
            if (message.path("role").asText().equals("tool")
                    && !ids.contains(message.path("tool_call_id").asText())) {
                return "a result without a call";
            }
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "length     ~ [{'id':'a','function':{'name':'look','arguments':'{^what^: ^N'}}] ~ invalid_arguments",
                "length     ~ [{'id':'a','function':{'name':'look','arguments':''}}] ~ invalid_arguments",
                "tool_calls ~ [{'id':'a','function':{'name':'look<|channel|>commentary','arguments':'{^what^:^N^}'}}]"
                        + " ~ ok",
                "tool_calls ~ [{'id':'a','function':{'name':'functions.look','arguments':'{^what^:^N^}'}}] ~ ok",
                "tool_calls ~ [{'id':'a','function':{'name':'größer als','arguments':'{}'}}] ~ unknown_tool",
                "tool_calls ~"
                        + " [{'id':'','function':{'name':'look','arguments':'{^what^:^1N^}'}},{'id':'','function':{'name':'look','arguments':'{^what^:^2N^}'}}]"
                        + " ~ ok",
                "stop       ~"
                        + " [{'id':'a','function':{'name':'look','arguments':'{^what^:^1N^}'}},{'id':'a','function':{'name':'look','arguments':'{^what^:^2N^}'}}]"
                        + " ~ ok",
                "tool_calls ~ [{'function':{'name':'look','arguments':{'what':'N'}}}] ~ ok"
            },
            quoteCharacter = '`')
    void whatIsSentBackIsInAFormThatEveryServerTakes(String reason, String calls, String heard) throws Exception {
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request -> {
            int turn = MODEL.requests().size();
            String said = calls.replace("N", "n" + turn).replace("^", "\\\"").replace('\'', '"');
            return turn <= 2
                    ? choice(reason, "{\"role\":\"assistant\",\"tool_calls\":%s}".formatted(said))
                    : text("done");
        });

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("done");

        for (JsonNode request : MODEL.requests()) {
            assertThat(problem(request)).isNull();
        }
        assertThat(toolResults(MODEL.requests().getLast()))
                .allSatisfy(
                        result -> assertThat(result.path("content").asText()).contains(heard));
    }

    /** It has paid for both: the complete call is made, and the model is told that the other one was cut. */
    @Test
    void ofAnAnswerThatIsCutWithinItsCallsTheCompleteOnesAreMade() throws Exception {
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        int before = SERVER.requests("/look").size();
        mind(request -> MODEL.requests().size() == 1
                ? choice(
                        "length",
                        """
                        {"role":"assistant","tool_calls":[\
                        {"id":"a","function":{"name":"look","arguments":"{\\"what\\":\\"whole %s\\"}"}},\
                        {"id":"b","function":{"name":"look","arguments":"{\\"what\\":\\"ha"}}]}"""
                                .formatted(question))
                : text("done"));

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("done");

        assertThat(SERVER.requests("/look")).hasSize(before + 1);
        assertThat(toolResults(MODEL.requests().getLast()))
                .hasSize(2)
                .extracting(result -> result.path("content").asText())
                .satisfiesExactly(first -> assertThat(first).contains("ok"), second -> assertThat(second)
                        .contains("invalid_arguments"));
        assertThat(problem(MODEL.requests().getLast())).isNull();
    }

    /** The server lost the call, or gives that reason although the model is done: the model knows which. */
    @ParameterizedTest
    @CsvSource({"call, 3", "text, 2", "text again, 2"})
    void aTextThatEndsWithACallThatDidNotComeIsAskedAboutOnce(String then, int questions) throws Exception {
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request -> {
            int turn = MODEL.requests().size();
            if (turn == 1) {
                return choice("tool_calls", "{\"role\":\"assistant\",\"content\":\"I look it up.\",\"tool_calls\":[]}");
            }
            return switch (then) {
                case "call" -> turn == 2 ? call("look", "{\"what\":\"x\"}") : text("done");
                case "text" -> text("done");
                default -> choice("tool_calls", "{\"role\":\"assistant\",\"content\":\"done\"}");
            };
        });

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("done");

        assertThat(MODEL.requests()).hasSize(questions);
        assertThat(MODEL.requests().get(1).path("messages").findValuesAsText("content"))
                .contains("I look it up.")
                .anyMatch(said -> said.contains("no call came"));
        assertThat(problem(MODEL.requests().getLast())).isNull();
    }

    /** What surely is no answer of a model costs nothing; what may be one counts as reserved. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/html        | <!DOCTYPE html><html><head><title>Sign in</title></head></html> | Sign in     | true",
                "text/html        | <html><body>Maintenance</body></html>                           | a page      | true",
                "text/plain       | Ollama is running                                               | is running  | true",
                "application/xml  | <?xml version='1.0'?><Error/>                                   | a page      | true",
                "application/json | {\"object\":\"list\",\"data\":[]}                                   | another service | true",
                "application/json | {\"choices\":[{\"mess                                            | not usable JSON | false",
                "application/json | {\"choices\":[]}                                                | no choices  | false"
            })
    void anAnswerOfNoModelCostsNothing(String type, String body, String problem, boolean free) {
        BigDecimal before = reserved();
        mind(request -> new Reply.Raw(200, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8)));

        assertThat(dead("asking-dear", question)).contains(problem);

        assertThat(reserved().compareTo(before) == 0).isEqualTo(free);
    }

    private BigDecimal reserved() {
        return jdbc.sql("select coalesce(sum(used_usd), 0) from budget where scope = 'workflow.asking-dear'")
                .query(BigDecimal.class)
                .single();
    }

    @Test
    void theLongestAnswerIsSaidOnTheWire() throws Exception {
        mind(request -> text("done"));

        completed("ask", question);

        assertThat(MODEL.requests().getFirst().path("max_tokens").asInt()).isEqualTo(4096);
    }

    @Test
    void aServerThatWantsTheOtherNameOfTheLimitIsSentThat() throws Exception {
        mind(request -> request.has("max_tokens")
                ? error(
                        400,
                        Map.of(),
                        "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'"
                                + " instead.\"}}")
                : text("done"));

        assertThat(completed("asking-dear", question).asText()).isEqualTo("done");
        assertThat(MODEL.requests()).hasSize(2);
        assertThat(completed("asking-dear", question).asText()).isEqualTo("done");
        assertThat(MODEL.requests()).as("it is remembered").hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "length         | {\"content\":\"The second step is to\"} | max-output-tokens (4096)",
                "content_filter | {\"content\":\"To restart the database you first\"} | content_filter",
                "stop           | {\"content\":null,\"refusal\":\"I cannot help with that.\"} | the model refused: I"
                        + " cannot help with that."
            })
    void whatIsNoAnswerIsNotTakenForOne(String reason, String message, String error) {
        mind(request -> choice(reason, message));

        assertThat(dead("ask", question)).contains(error);
        assertThat(MODEL.requests()).hasSize(1);
    }

    @Test
    void thoughtsAreNoPartOfAnAnswer() throws Exception {
        mind(request -> choice("stop", "{\"content\":\"<think>He is angry.</think>\\n\\nDear Ada\"}"));

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("Dear Ada");
    }

    @Test
    void anAnswerOfThoughtsAloneIsAskedForAgain() throws Exception {
        mind(request -> request.path("messages").size() > 2
                ? text("done")
                : choice("stop", "{\"content\":\"<think>He is angry.\"}"));

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("done");
        assertThat(MODEL.requests()).hasSize(2);
    }

    @Test
    void theProvidersReasonIsShown() {
        mind(request -> error(
                400,
                Map.of(),
                "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\\n"
                        + "Your key sk-abcdefghijklmnop1234.\",\"code\":\"context_length_exceeded\"}}"));

        String error = dead("ask", question);

        assertThat(error)
                .contains("HTTP 400", "maximum context length is 8192 tokens", "context_length_exceeded")
                .doesNotContain("abcdefghijklmnop", "\\n");
        assertThat(jdbc.sql("select call.error->>'message' from call join task on task.id = task_id where"
                                + " input->>'text' = ?")
                        .param(question)
                        .query(String.class)
                        .single())
                .contains("maximum context length is 8192 tokens");
    }

    /** Somebody has to pay first: the task says so, and is retried then. */
    @ParameterizedTest
    @CsvSource({"429, insufficient_quota", "402, insufficient_balance", "200, billing_hard_limit_reached"})
    void aModelWithoutCreditIsNotWaitedFor(int status, String code) {
        mind(request -> error(
                status,
                Map.of("Content-Type", "application/json"),
                "{\"error\":{\"message\":\"You exceeded your current quota.\",\"code\":\"%s\"}}".formatted(code)));

        String error = dead("ask", question);

        assertThat(error)
                .contains(
                        "model.default",
                        "You exceeded your current quota. (%s)".formatted(code),
                        "the account of this model has no credit left: pay or raise its limit, then retry");
        assertThat(MODEL.requests()).hasSize(1);
    }

    @Test
    void theFallbackOfAModelWithoutCreditIsAsked() throws Exception {
        mind(request -> request.path("model").asText().equals("broken")
                ? error(429, Map.of(), "{\"error\":{\"message\":\"no\",\"code\":\"insufficient_quota\"}}")
                : text("from the other"));

        assertThat(completed("falling-back", question).asText()).isEqualTo("from the other");
        assertThat(MODEL.requests()).hasSize(2);
    }

    @Test
    void theModelHearsWhyAToolRefused() throws Exception {
        SERVER.next("/look", FaultyServer.status(422, "", "{\"detail\":\"what must be a city\"}"));
        mind(request -> toolResults(request).isEmpty()
                ? call("look", "{\"what\":\"x\"}")
                : text(toolResults(request).getLast().path("content").asText()));

        assertThat(completed("ask", question).path("answer").asText()).contains("failed", "422", "what must be a city");
    }

    @Test
    void anErrorInAnAnswerIsAnErrorAndFree() throws Exception {
        mind(request -> MODEL.requests().size() == 1
                ? raw("{\"error\":{\"message\":\"upstream rate limit\",\"code\":429},\"user_id\":\"u\"}")
                : text("for half the money"));

        assertThat(completed("frugal", question).asText()).isEqualTo("for half the money");
        assertThat(MODEL.requests()).hasSize(2);
    }

    @Test
    void aModelThatIsBusyForLongSpendsNoAttempt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        mind(request -> asked.incrementAndGet() <= 3
                ? error(asked.get() == 1 ? 429 : asked.get() == 2 ? 529 : 503, Map.of(), "slow down")
                : text("{\"kind\":\"a\"}"));

        UUID task = submit("classify", question);

        await().untilAsserted(() -> assertThat(waitReason(task)).isEqualTo("DELAY"));
        await().until(() -> queue.progress(task).status().isTerminal());
        assertThat(queue.progress(task).output()).isEqualTo("{\"kind\":\"a\"}");
        assertThat(jdbc.sql("select attempt from task where id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    private String waitReason(UUID task) {
        return jdbc.sql("select coalesce(wait_reason, status) from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>\nA verdict { maybe } {\\\"kind\\\":\\\"b\\\"}.\n</think>\n\n{\\\"kind\\\":\\\"a\\\"}",
                "Here it is:\n```json\n{\\\"kind\\\":\\\"a\\\"}\n```\nLet me know.",
                "{\\\"kind\\\":\\\"a\\\"}\n\nI chose this because the ticket is a question."
            })
    void theDocumentIsReadFromWhatIsWrittenAroundIt(String content) throws Exception {
        mind(request -> choice("stop", "{\"content\":\"%s\"}".formatted(content.replace("\n", "\\n"))));

        assertThat(completed("classify", question).path("kind").asText()).isEqualTo("a");
        assertThat(MODEL.requests()).hasSize(1);
    }

    @Test
    void thoughtsAndSignaturesGoBackToTheModelThatHadThem() throws Exception {
        SERVER.next("/look", FaultyServer.status(500, "", "ends the first attempt"));
        SERVER.always("/look", FaultyServer.json("{\"ok\":true}"));
        mind(request -> toolResults(request).isEmpty()
                ? choice(
                        "tool_calls",
                        "{\"content\":null,\"reasoning_content\":\"I"
                                + " look.\",\"tool_calls\":[{\"id\":\"\",\"extra_content\":{\"google\":{\"thought_signature\":\"c2ln\"}},\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"what\\\":\\\"x\\\"}\"}}]}")
                : text("done"));

        assertThat(completed("ask", question).path("answer").asText()).isEqualTo("done");

        JsonNode said = MODEL.requests().getLast().path("messages").get(2);
        assertThat(MODEL.requests())
                .as("the second attempt has it from the journal")
                .hasSize(2);
        assertThat(said.path("reasoning_content").asText()).isEqualTo("I look.");
        assertThat(said.at("/tool_calls/0/extra_content/google/thought_signature")
                        .asText())
                .isEqualTo("c2ln");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":-50000000,\"completion_tokens\":-50000000}",
                "{\"prompt_tokens\":12,\"completion_tokens\":30,\"prompt_tokens_details\":{\"cached_tokens\":40000000}}",
                "{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":99999999999999999999}"
            })
    void aBudgetIsNeitherLiftedNorClosedByWhatAServerClaims(String usage) throws Exception {
        mind(request ->
                raw("{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"done\"}}],\"usage\":%s}"
                        .formatted(usage)));

        JsonNode output = completed("ask", question);

        assertThat(output.path("usd").decimalValue())
                .isBetween(java.math.BigDecimal.ZERO, new java.math.BigDecimal("0.02"));
    }

    @Test
    void aToolsSchemaIsOfferedWhole() throws Exception {
        mind(request -> text("done"));

        completed("asking-dear", question);

        JsonNode parameters = MODEL.requests().getLast().at("/tools/0/function/parameters");
        assertThat(List.of("$defs", "allOf", "patternProperties", "type", "properties"))
                .allMatch(parameters::has);
        assertThat(parameters.at("/properties/filter/$ref").asText()).isEqualTo("#/$defs/Filter");
    }
}
