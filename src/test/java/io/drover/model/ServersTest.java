package io.drover.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.guard.BoundedHttp;
import io.drover.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * A call of a tool and an answer from each kind of server, by configuration alone. The servers are stubs as strict as the
 * real ones were reported to be.
 */
class ServersTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static final CloseableHttpClient HTTP =
            BoundedHttp.client(null, null).build();

    private static final String SCHEMA =
            """
            {"type":"object","properties":{"by":{"$ref":"#/$defs/By"}},"required":["by"],\
            "anyOf":[{"required":["by"]},{"required":["id"]}],"additionalProperties":{"type":"string"},\
            "$defs":{"By":{"type":"object","properties":{"name":{"type":["string","null"]}}}}}""";

    /** Longer than OpenAI takes; those of MCP servers often are. */
    private static final String DESCRIPTION =
            "Looks up. " + "Whoever moved is where they went. ".repeat(40) + "The end.";

    static Stream<StrictServer> servers() {
        return StrictServer.all();
    }

    @AfterEach
    void forget() {
        SERVER.reset();
    }

    @AfterAll
    static void close() throws IOException {
        HTTP.close();
        SERVER.close();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void takesACallAndItsResultAndAnswers(StrictServer server) throws Exception {
        SERVER.respond(server.path(), server::answer);
        ModelSettings settings = settings(server);
        ChatClient client = ChatClients.build("some", settings, HTTP);
        List<Prompt.Message> said = new ArrayList<>(
                List.of(new Prompt.Message.System("You help."), new Prompt.Message.User("Where is Ada?")));
        List<Prompt.Tool> tools = List.of(new Prompt.Tool("look", DESCRIPTION, Json.parse(SCHEMA)));

        Answer wanted = ask(client, settings, said, tools);
        assertThat(wanted.calls()).hasSize(server.calls());
        assertThat(wanted.calls()).allSatisfy(call -> {
            assertThat(call.tool()).isEqualTo("look");
            assertThat(Json.parse(call.arguments()).at("/by/name").asText()).isEqualTo("Ada");
        });
        List<Prompt.Call> calls = new ArrayList<>();
        Answer recorded = Answer.ofValue(Json.recorded(Json.write(wanted.toValue())));
        recorded.calls().forEach(call -> calls.add(Prompt.Call.of(call, calls.size())));
        said.add(new Prompt.Message.Model(recorded.text(), calls, recorded.by(), recorded.extras()));
        calls.forEach(call -> said.add(new Prompt.Message.Result(call, "{\"in\":\"Oslo\"}")));
        Answer answer = ask(client, settings, said, tools);

        assertThat(answer.text()).isEqualTo("In Oslo");
        assertThat(answer.usage()).isEqualTo(server.usage());
        assertThat(server.refusals()).as("no request was refused").isEmpty();
        JsonNode sent = Json.parse(SERVER.requests().getLast().body());
        assertThat(sent.path("max_tokens").asInt()
                        + sent.path("max_completion_tokens").asInt())
                .as("the longest answer")
                .isEqualTo(500);
        assertThat(sent.toString()).as("the whole description").contains("Looks up. ", "The end.");
        if (!settings.speaksCompletions()) {
            return; // the broker of the tests brings a Scala module that LangChain4j's mapper finds; see
            // LangChainClientTest
        }
        assertThat(sent.toString())
                .as("nothing that the schema says is lost")
                .contains("anyOf", "\"name\"", "\"null\"")
                .containsPattern("additionalProperties\":\\{|Other arguments must fit");
    }

    /** LangChain4j's class knows four reasons, and takes any other for none. */
    @ParameterizedTest
    @CsvSource({
        "refusal, a filter of the provider cut the answer (stop_reason refusal), true",
        "pause_turn, the server broke the answer off (stop_reason pause_turn), false",
        "model_context_window_exceeded, 'the answer was cut at max-output-tokens (500), or at the end of the model''s"
                + " context (stop_reason model_context_window_exceeded); raise the limit, or ask for less', true"
    })
    void anthropicsReasonsCount(String reason, String problem, boolean permanent) {
        StrictServer server = servers()
                .filter(one -> one.path().endsWith("/messages"))
                .findFirst()
                .orElseThrow();
        SERVER.always(
                server.path(),
                FaultyServer.json(
                        """
                        {"id":"m","type":"message","role":"assistant","model":"claude","stop_reason":"%s",\
                        "content":[{"type":"text","text":"The second step is"}],"usage":{"input_tokens":9,"output_tokens":4}}"""
                                .formatted(reason)));
        ModelSettings settings = settings(server);
        ChatClient client = ChatClients.build("some", settings, HTTP);

        assertThatThrownBy(() -> ask(client, settings, List.of(new Prompt.Message.User("How?")), List.of()))
                .isInstanceOf(ModelAnswerException.class)
                .hasMessage(problem)
                .extracting(cause -> ((ModelAnswerException) cause).isPermanent())
                .isEqualTo(permanent);
    }

    private static Answer ask(
            ChatClient client, ModelSettings settings, List<Prompt.Message> said, List<Prompt.Tool> tools) {
        Question question = new Question(
                new Prompt(List.copyOf(said), tools, null), 10_000, new Allowance(null, null), answer -> answer);
        return Answer.of(client.ask(question.prompt()), question, settings, "some");
    }

    private static ModelSettings settings(StrictServer server) {
        Map<String, String> properties = new HashMap<>(server.settings());
        properties.putIfAbsent("url", "/v1");
        Map<String, String> all = new HashMap<>();
        properties.forEach((name, value) ->
                all.put("drover.models.some." + name, name.equals("url") ? SERVER.url() + value : value));
        all.put("drover.models.some.max-output-tokens", "500");
        all.put("drover.models.some.price.in", "1");
        ModelSettings settings = new Binder(new MapConfigurationPropertySource(all))
                .bind("drover", ModelProperties.class)
                .get()
                .models()
                .get("some");
        assertThat(settings.price().in()).isEqualByComparingTo(BigDecimal.ONE);
        return settings;
    }
}
