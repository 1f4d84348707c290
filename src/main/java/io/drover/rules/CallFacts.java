package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelVariableResolver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The facts that rules may ask about a call. They are made when a rule asks for them first. */
public final class CallFacts implements CelVariableResolver {

    private final String tool;
    private final JsonNode schema;
    private final JsonNode arguments;
    private final Task task;
    private final @Nullable String user;
    private final Collection<String> agents;
    private @Nullable Map<String, Object> call;

    /** @param attempt its number, from 1 */
    public record Task(String workflow, @Nullable String key, int attempt) {}

    /**
     * @param schema of the arguments
     * @param user   who submitted the task, or null
     * @param agents in whose name it is made, the outer ones included
     */
    public CallFacts(
            String tool,
            JsonNode schema,
            JsonNode arguments,
            Task task,
            @Nullable String user,
            Collection<String> agents) {
        this.tool = tool;
        this.schema = schema;
        this.arguments = arguments;
        this.task = task;
        this.user = user;
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
            case Conditions.CALL -> Optional.of(call());
            case Conditions.TASK ->
                Optional.of(Map.of(
                        "workflow", task.workflow(), "key", task.key() == null ? "" : task.key(), "attempt", (long)
                                task.attempt()));
            case Conditions.USER -> Optional.of(user == null ? "" : user);
            default -> Optional.empty();
        };
    }

    private Map<String, Object> call() {
        Map<String, Object> known = call;
        if (known == null) {
            known = Map.of(
                    "args", ArgumentValues.of(arguments, schema), "tool", tool, "agents", new ArrayList<>(agents));
            call = known;
        }
        return known;
    }
}
