package io.drover.agent;

import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is said to and by a model, with what it is told and offered at the beginning as that is defined now. That is looked
 * up when it is needed for a turn that is not recorded: what is recorded does not depend on it.
 */
final class Talk {

    private final TaskContext context;
    private final ToolCalls calls;
    private final AgentSpec spec;
    private final @Nullable String memory;
    private final String input;
    private final List<Consumer<Conversation>> said = new ArrayList<>();
    private @Nullable OfferedTools offered;
    private @Nullable Conversation conversation;

    Talk(TaskContext context, ToolCalls calls, AgentSpec spec, @Nullable String memory, String input) {
        this.context = context;
        this.calls = calls;
        this.spec = spec;
        this.memory = memory;
        this.input = input;
    }

    void say(Consumer<Conversation> what) {
        if (conversation == null) {
            said.add(what);
        } else {
            what.accept(conversation);
        }
    }

    OfferedTools offered() throws ToolCallException {
        if (offered == null) {
            offered = new OfferedTools(context, calls, spec, memory);
        }
        return offered;
    }

    Conversation now() throws ToolCallException {
        if (conversation == null) {
            OfferedTools tools = offered();
            String remembered = memory == null ? null : new Recollection(context, calls, memory).of(input);
            conversation = new Conversation(
                    system(remembered), tools.specifications(), spec.temperature(), tools.fingerprint());
            conversation.user(input);
            said.forEach(what -> what.accept(conversation));
            said.clear();
        }
        return conversation;
    }

    private @Nullable String system(@Nullable String remembered) {
        String form = spec.outputSchema() == null
                ? null
                : "When you are done, answer with a JSON document, and nothing else, that fits this JSON Schema: "
                        + spec.outputSchema().schema();
        List<String> parts = Stream.of(spec.system(), remembered, form)
                .filter(Objects::nonNull)
                .toList();
        return parts.isEmpty() ? null : String.join("\n\n", parts);
    }
}
