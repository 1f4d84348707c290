package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelVariableResolver;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The facts that rules may ask about a call. They are made when a rule asks for them first. */
public final class CallFacts implements CelVariableResolver {

    private final String tool;
    private final JsonNode schema;
    private final JsonNode arguments;
    private final Task task;
    private final @Nullable String actor;
    private final Collection<String> agents;
    private @Nullable Object converted;

    /** @param attempt its number, from 1 */
    public record Task(String workflow, @Nullable String key, int attempt) {}

    /**
     * @param schema of the arguments
     * @param actor  who submitted the task, or null
     * @param agents in whose name it is made, the outer ones included
     */
    public CallFacts(
            String tool,
            JsonNode schema,
            JsonNode arguments,
            Task task,
            @Nullable String actor,
            Collection<String> agents) {
        this.tool = tool;
        this.schema = schema;
        this.arguments = arguments;
        this.task = task;
        this.actor = actor;
        this.agents = agents;
    }

    String tool() {
        return tool;
    }

    String workflow() {
        return task.workflow();
    }

    Collection<String> agents() {
        return agents;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case Conditions.ARGUMENTS -> Optional.of(arguments());
            case Conditions.TOOL -> Optional.of(tool);
            case Conditions.AGENTS -> Optional.of(List.copyOf(agents));
            case Conditions.TASK ->
                Optional.of(Map.of(
                        "workflow", task.workflow(), "key", task.key() == null ? "" : task.key(), "attempt", (long)
                                task.attempt()));
            case Conditions.ACTOR -> Optional.of(Map.of("name", actor == null ? "" : actor));
            default -> Optional.empty();
        };
    }

    private Object arguments() {
        Object known = converted;
        if (known == null) {
            known = ArgumentValues.of(arguments, schema);
            converted = known;
        }
        return known;
    }
}
