package io.drover.agent;

import io.drover.agent.AgentStoppedException.Reason;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.journal.AgentDefinitions;
import io.drover.journal.CallRecord;
import io.drover.tool.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The definition that an agent goes on with: that of its latest recorded question, so that an edit does not reach an agent
 * that has begun. Before there is such a question, and with {@code onEdit: restart}, it is that of now. It is looked up
 * when it is needed for a turn that is not recorded.
 */
final class Pin {

    private final TaskContext context;
    private final OfferedTools offered;
    private final AgentDefinitions definitions;
    private final AgentSpec spec;
    private final AgentRun run;
    private final @Nullable String memoryNow;
    private @Nullable Definition definition;
    private @Nullable String memory;
    private boolean recorded;

    /** @param memory the key of its long memory as it is now, or null for none */
    Pin(
            TaskContext context,
            ToolCalls calls,
            AgentDefinitions definitions,
            AgentSpec spec,
            AgentRun run,
            @Nullable String memory) {
        this.context = context;
        this.offered = new OfferedTools(context, calls);
        this.definitions = definitions;
        this.spec = spec;
        this.run = run;
        this.memoryNow = memory;
    }

    Definition definition() throws ToolCallException {
        if (definition == null) {
            CallRecord question = spec.onEdit() == OnEdit.RESTART ? null : run.latestPinned();
            recorded = question != null;
            memory = question == null ? memoryNow : Asked.memory(question);
            definition = question == null ? Definition.of(spec, offered.to(spec, memory)) : read(question);
        }
        return definition;
    }

    private Definition read(CallRecord question) {
        UUID digest = Objects.requireNonNull(Asked.pinned(question));
        String body = definitions.find(digest).join();
        if (body == null) {
            throw new AgentStoppedException(
                    spec.name(),
                    Reason.OUTDATED,
                    "the definition %s that it began with is not in the table agent_definition; ".formatted(digest)
                            + "put that row back and retry the task, or set onEdit: restart, and it goes on as it is defined now");
        }
        return Definition.read(spec.name(), body, Asked.memory(question));
    }

    /** The key of the long memory that the agent goes on with; null for none. */
    @Nullable
    String memory() throws ToolCallException {
        definition();
        return memory;
    }

    /** Has the definition kept, so that a question can be recorded with it. */
    UUID keep() throws ToolCallException {
        String body = definition().body();
        UUID digest = Definition.digest(body);
        definitions.keep(digest, body).join();
        return digest;
    }

    /** What a function has become that the model knows otherwise; null where it is as the model knows it, or not loaded yet. */
    @Nullable
    Function changed(String name, Function known) {
        Function now = recorded ? offered.now(name, known) : null;
        return now == null || now.takesTheSameAs(known) ? null : now;
    }

    /** The model knows these functions as they are now. */
    void replace(Map<String, Function> told) throws ToolCallException {
        definition = definition().with(told);
    }

    /** Whether the definition is one that was recorded, and not that of now. */
    boolean isRecorded() {
        return recorded;
    }

    /** @throws AgentStoppedException when the model that it began with cannot be asked this question any more */
    void checkModel(@Nullable CallRecord question) throws ToolCallException {
        String model = definition().model();
        boolean decided = question != null && question.fallback() != null;
        if (!recorded || decided || context.tools().get(ToolSpec.MODEL + model) != null) {
            return;
        }
        List<String> models = context.tools().all().keySet().stream()
                .filter(tool -> tool.startsWith(ToolSpec.MODEL))
                .map(tool -> tool.substring(ToolSpec.MODEL.length()))
                .toList();
        throw new AgentStoppedException(
                spec.name(),
                Reason.MODEL_REMOVED,
                "it began with the model '%s', which is not below drover.models any more; there are %s; "
                                .formatted(model, models)
                        + "put it back and retry the task, or set onEdit: restart, and the agent goes on with its model of now");
    }
}
