package io.drover.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A provider with an interface of its own: what its class is given, and what is read from it. */
@Tag("quick")
class LangChainClientTest {

    private static final String SCHEMA =
            """
            {"type":"object","properties":{"by":{"$ref":"#/$defs/By"}},"required":["by"],"oneOf":[{"required":["by"]}],\
            "additionalProperties":{"type":"string"},"$defs":{"By":{"type":"object","properties":{"name":{"type":["string","null"]}}}}}""";

    private final List<ChatRequest> asked = new ArrayList<>();
    private final LangChainClient client = new LangChainClient("some", CompletionsProbe.SETTINGS, new ChatModel() {
        @Override
        public ChatResponse chat(ChatRequest request) {
            asked.add(request);
            return ChatResponse.builder()
                    .aiMessage(AiMessage.builder()
                            .text("half a")
                            .thinking("Hm.")
                            .attributes(Map.of("thinking_signature", "c2ln"))
                            .build())
                    .finishReason(FinishReason.LENGTH)
                    .build();
        }
    });

    @Test
    void isGivenTheWholeSchemaAndTheLongestAnswer() throws Exception {
        client.ask(new Prompt(
                List.of(new Prompt.Message.User("x")),
                List.of(new Prompt.Tool("look", "Looks up", Json.parse(SCHEMA))),
                0.5));

        ChatRequest request = asked.getFirst();
        assertThat(request.maxOutputTokens()).isEqualTo(500);
        assertThat(request.temperature()).isEqualTo(0.5);
        JsonObjectSchema sent = request.toolSpecifications().getFirst().parameters();
        assertThat(sent.properties().get("by").toString())
                .contains("{\"type\":\"object\",\"properties\":{\"name\":{\"type\":[\"string\",\"null\"]}}}");
        assertThat(sent.required()).containsExactly("by");
        assertThat(request.toolSpecifications().getFirst().description())
                .contains("Looks up", "\"oneOf\":[{\"required\":[\"by\"]}]", "Other arguments must fit");
    }

    @Test
    void thoughtsGoBackToTheModelThatHadThem() {
        Reply reply = client.ask(new Prompt(List.of(new Prompt.Message.User("x")), List.of(), null));
        List<Prompt.Call> calls = List.of(Prompt.Call.of(new Answer.WantedCall("a", "look", "{}", null), 1));

        assertThat(reply.finish()).isEqualTo(Finish.CUT);
        for (String by : List.of("some", "another")) {
            client.ask(new Prompt(
                    List.of(
                            new Prompt.Message.User("x"),
                            new Prompt.Message.Model("", calls, by, reply.extras()),
                            new Prompt.Message.Result(calls.getFirst(), "{}")),
                    List.of(),
                    null));
        }

        AiMessage own = (AiMessage) asked.get(1).messages().get(1);
        AiMessage others = (AiMessage) asked.get(2).messages().get(1);
        assertThat(own.thinking()).isEqualTo("Hm.");
        assertThat(own.attributes()).containsEntry("thinking_signature", "c2ln");
        assertThat(own.text()).isNull();
        assertThat(others.thinking()).isNull();
        assertThat(others.attributes()).isEmpty();
    }
}
