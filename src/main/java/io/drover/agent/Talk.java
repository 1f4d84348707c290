package io.drover.agent;

import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is said to and by a model, with what it is told and offered at the beginning. That is looked up when it is needed
 * for a turn that is not recorded: what is recorded does not depend on it.
 */
final class Talk {

    private final TaskContext context;
    private final ToolCalls calls;
    private final Pin pin;
    private final String input;
    private final List<Consumer<Conversation>> said = new ArrayList<>();
    private @Nullable Conversation conversation;

    Talk(TaskContext context, ToolCalls calls, Pin pin, String input) {
        this.context = context;
        this.calls = calls;
        this.pin = pin;
        this.input = input;
    }

    void say(Consumer<Conversation> what) {
        if (conversation == null) {
            said.add(what);
        } else {
            what.accept(conversation);
        }
    }

    Conversation now() throws ToolCallException {
        if (conversation == null) {
            Definition definition = pin.definition();
            String memory = pin.memory();
            String remembered = memory == null ? null : new Recollection(context, calls, memory).of(input);
            conversation = new Conversation(
                    system(definition, remembered),
                    definition.specifications(),
                    definition.temperature(),
                    definition.fingerprint());
            conversation.user(input);
            said.forEach(what -> what.accept(conversation));
            said.clear();
        }
        return conversation;
    }

    /** The model has been told that these functions have changed: it is offered them as they are now. */
    void replace(Map<String, Function> told) throws ToolCallException {
        if (!told.isEmpty()) {
            pin.replace(told);
            now().offer(pin.definition().specifications(), pin.definition().fingerprint());
        }
    }

    private static @Nullable String system(Definition definition, @Nullable String remembered) {
        String form = definition.output() == null
                ? null
                : "When you are done, answer with a JSON document, and nothing else, that fits this JSON Schema: "
                        + definition.output().schema();
        List<String> parts = Stream.of(definition.system(), remembered, form)
                .filter(Objects::nonNull)
                .toList();
        return parts.isEmpty() ? null : String.join("\n\n", parts);
    }
}
