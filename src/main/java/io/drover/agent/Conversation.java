package io.drover.agent;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.drover.json.Digest;
import io.drover.model.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said so far, with a running digest that is recorded in its place, so that the conversation itself is stored
 * nowhere twice. The release before knew the next question by it.
 */
final class Conversation {

    /** Tokenizers make fewer tokens of text, of code and of JSON: 3 to 4 bytes each. */
    private static final int BYTES_PER_TOKEN = 2;

    /** What a provider adds to each message. */
    private static final int TOKENS_PER_MESSAGE = 8;

    private final List<ChatMessage> messages = new ArrayList<>();
    private final List<ToolSpecification> tools;
    private final @Nullable Double temperature;
    private final Digest digest = new Digest();

    /** An upper limit for the tokens of the next prompt; the part that the model has already counted is exact. */
    private long promptTokens;

    Conversation(@Nullable String system, List<ToolSpecification> tools, @Nullable Double temperature, String schemas) {
        this.tools = tools;
        this.temperature = temperature;
        said("tools", schemas);
        said("temperature", String.valueOf(temperature));
        if (system != null) {
            messages.add(SystemMessage.from(system));
            said("system", system);
        }
    }

    void user(String text) {
        messages.add(UserMessage.from(text));
        said("user", text);
    }

    void model(Answer answer) {
        AiMessage.Builder message = AiMessage.builder();
        if (answer.text() != null) {
            message.text(answer.text());
        }
        said("model", String.valueOf(answer.text()));
        List<ToolExecutionRequest> requests = new ArrayList<>();
        for (Answer.WantedCall call : answer.calls()) {
            requests.add(ToolExecutionRequest.builder()
                    .id(call.id())
                    .name(call.tool())
                    .arguments(call.arguments())
                    .build());
            said(call.id(), call.tool(), call.arguments());
        }
        messages.add(message.toolExecutionRequests(requests).build());
        promptTokens = answer.usage().total() + TOKENS_PER_MESSAGE;
    }

    void result(Answer.WantedCall call, String text) {
        messages.add(ToolExecutionResultMessage.from(call.id(), call.tool(), text));
        said("result", call.id(), text);
    }

    private void said(String... parts) {
        for (String part : parts) {
            promptTokens += digest.add(part) / BYTES_PER_TOKEN;
        }
        promptTokens += TOKENS_PER_MESSAGE;
    }

    ChatRequest request() {
        ChatRequest.Builder request = ChatRequest.builder().messages(List.copyOf(messages));
        if (!tools.isEmpty()) {
            request.toolSpecifications(tools);
        }
        if (temperature != null) {
            request.temperature(temperature);
        }
        return request.build();
    }

    long promptTokens() {
        return promptTokens;
    }

    /** Of all that was said. */
    String digest() {
        return digest.hex();
    }
}
