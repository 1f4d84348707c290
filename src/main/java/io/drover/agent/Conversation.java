package io.drover.agent;

import io.drover.json.Digest;
import io.drover.model.Answer;
import io.drover.model.Prompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The conversation so far, with a running digest.
 * The digest is recorded instead of the conversation, so the conversation itself is stored only once.
 * The previous release identified the next question by this digest.
 */
final class Conversation {

    /** Tokenizers make fewer tokens of text, of code and of JSON: 3 to 4 bytes each. */
    private static final int BYTES_PER_TOKEN = 2;

    /** What a provider adds to each message. */
    private static final int TOKENS_PER_MESSAGE = 8;

    private final List<Prompt.Message> messages = new ArrayList<>();
    private List<Prompt.Tool> tools;
    private final @Nullable Double temperature;
    private final Digest digest = new Digest();

    /** Calls whose results the model has not been told yet. */
    private final Queue<Prompt.Call> open = new ArrayDeque<>();

    private int calls;

    /** An upper limit for the tokens of the next prompt; the part that the model has already counted is exact. */
    private long promptTokens;

    Conversation(@Nullable String system, List<Prompt.Tool> tools, @Nullable Double temperature, String schemas) {
        this.tools = tools;
        this.temperature = temperature;
        said("tools", schemas);
        said("temperature", String.valueOf(temperature));
        if (system != null) {
            messages.add(new Prompt.Message.System(system));
            said("system", system);
        }
    }

    /** From now on it may call these. */
    void offer(List<Prompt.Tool> others, String schemas) {
        tools = others;
        said("tools", schemas);
    }

    void user(String text) {
        messages.add(new Prompt.Message.User(text));
        said("user", text);
    }

    /** The digest covers what is recorded; what is sent has a form that every server accepts. */
    void model(Answer answer) {
        said("model", String.valueOf(answer.text()));
        List<Prompt.Call> wanted = new ArrayList<>();
        for (Answer.WantedCall call : answer.calls()) {
            said(call.id(), call.tool(), call.arguments());
            wanted.add(Prompt.Call.of(call, ++calls));
        }
        messages.add(new Prompt.Message.Model(answer.text(), wanted, answer.by(), answer.extras()));
        open.clear();
        open.addAll(wanted);
        if (answer.usage().in() > 0) { // else it was not counted, whatever the server says
            promptTokens = answer.usage().total() + TOKENS_PER_MESSAGE;
        }
    }

    /** Results come in the order of their calls. */
    void result(Answer.WantedCall call, String text) {
        messages.add(new Prompt.Message.Result(open.remove(), text));
        said("result", call.id(), text);
    }

    private void said(String... parts) {
        for (String part : parts) {
            promptTokens += digest.add(part) / BYTES_PER_TOKEN;
        }
        promptTokens += TOKENS_PER_MESSAGE;
    }

    Prompt prompt() {
        return new Prompt(List.copyOf(messages), tools, temperature);
    }

    long promptTokens() {
        return promptTokens;
    }

    /** Of all that was said. */
    String digest() {
        return digest.hex();
    }
}
