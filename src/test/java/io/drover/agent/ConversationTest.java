package io.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.json.Json;
import io.drover.model.Answer;
import io.drover.model.Prompt;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A conversation that an earlier release recorded, as it came: it keeps its digest, and is sent in a form that servers take. */
@Tag("quick")
class ConversationTest {

    /** By release 0.1.0, of what is said below. The addresses of agents that began then are made of it. */
    private static final String DIGEST = "1fd9beafa515fbe053aa284942f5950974b65d1be2a8a309e9a6b40e53895202";

    private static final String RECORDED =
            """
            {"text":null,"calls":[{"id":"","tool":"look<|channel|>x","arguments":"{\\"q\\": \\"x"},\
            {"id":"","tool":"look","arguments":"{\\"q\\":1}"}],"usage":{"in":100,"cached":0,"out":20},"usd":0.1}""";

    @Test
    void keepsTheDigestOfWhatIsRecorded() throws Exception {
        assertThat(conversation().digest()).isEqualTo(DIGEST);
    }

    @Test
    void isSentInAFormThatEveryServerTakes() throws Exception {
        List<Prompt.Message> messages = conversation().prompt().messages();

        assertThat(messages.get(2)).isInstanceOfSatisfying(Prompt.Message.Model.class, said -> {
            assertThat(said.calls()).extracting(Prompt.Call::id).doesNotHaveDuplicates();
            assertThat(said.calls()).extracting(Prompt.Call::name).containsExactly("look__channel__x", "look");
            assertThat(said.calls().get(0).arguments()).isEqualTo("{\"malformed\":\"{\\\"q\\\": \\\"x\"}");
        });
        assertThat(messages.subList(3, 5))
                .allSatisfy(message -> assertThat(message).isInstanceOf(Prompt.Message.Result.class));
        assertThat(((Prompt.Message.Result) messages.get(4)).call().arguments()).isEqualTo("{\"q\":1}");
    }

    private static Conversation conversation() throws Exception {
        Answer answer = Answer.ofValue(Json.recorded(RECORDED));
        Conversation conversation = new Conversation(
                "You help.",
                List.of(new Prompt.Tool("look", "Looks up", Json.tree(Map.of()))),
                0.5,
                "{\"look\":[\"Looks up\",{}]}");
        conversation.user("Where is Ada?");
        conversation.model(answer);
        conversation.result(answer.calls().get(0), "not JSON");
        conversation.result(answer.calls().get(1), "Oslo");
        conversation.user("Again.");
        return conversation;
    }
}
