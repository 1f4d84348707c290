package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelVariableResolver;
import io.drover.cel.CelValues;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The facts that rules may ask about a call. They are made when a rule asks for them first. */
public final class CallFacts implements CelVariableResolver {

    private final String tool;
    private final JsonNode schema;
    private final JsonNode arguments;
    private final Task task;
    private final Actor actor;
    private final Collection<String> agents;
    private final TaskHistory past;
    private final History history;
    private @Nullable Object converted;
    private @Nullable Object ofTask;
    private @Nullable Object ofActor;

    /**
     * @param attempt its number, from 1
     * @param mode    live, dry-run or shadow
     */
    public record Task(String workflow, @Nullable String key, int attempt, String mode) {

        /** A live task. */
        public Task(String workflow, @Nullable String key, int attempt) {
            this(workflow, key, attempt, "live");
        }
    }

    /**
     * Who submitted the task.
     *
     * @param name  or null where that is not known
     * @param roles those that it has now; null where this process does not know the users
     */
    public record Actor(@Nullable String name, @Nullable Set<String> roles) {}

    /**
     * @param schema of the arguments
     * @param actor  who submitted the task
     * @param agents in whose name it is made, the outer ones included
     * @param past   what the task has done before
     */
    public CallFacts(
            String tool,
            JsonNode schema,
            JsonNode arguments,
            Task task,
            Actor actor,
            Collection<String> agents,
            TaskHistory past) {
        this.tool = tool;
        this.schema = schema;
        this.arguments = arguments;
        this.task = task;
        this.actor = actor;
        this.agents = agents;
        this.past = past;
        this.history = new History(past);
    }

    /** The same call, where other calls count as what was done before. */
    CallFacts after(TaskHistory other) {
        return new CallFacts(tool, schema, arguments, task, actor, agents, other);
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

    History history() {
        return history;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case Conditions.ARGUMENTS -> Optional.of(arguments());
            case Conditions.TOOL -> Optional.of(tool);
            case Conditions.AGENTS -> Optional.of(List.copyOf(agents));
            case Conditions.TASK -> Optional.of(taskFacts());
            case Conditions.MODE -> Optional.of(task.mode());
            case Conditions.ACTOR -> Optional.of(actorFacts());
            case Conditions.COST -> Optional.of(past.cost().doubleValue());
            case Conditions.HISTORY -> Optional.of(history);
            default -> Optional.empty();
        };
    }

    private Object taskFacts() {
        Object known = ofTask;
        if (known == null) {
            String key = task.key() == null ? "" : task.key();
            known = Map.of("workflow", task.workflow(), "key", key, "attempt", (long) task.attempt());
            ofTask = known;
        }
        return known;
    }

    /** Without its roles where they are not known, so that a condition about them cannot be evaluated, and forbids. */
    private Object actorFacts() {
        Object known = ofActor;
        if (known == null) {
            String name = actor.name() == null ? "" : actor.name();
            known = actor.roles() == null
                    ? Map.of("name", name)
                    : Map.of("name", name, "roles", List.copyOf(actor.roles()));
            ofActor = known;
        }
        return known;
    }

    private Object arguments() {
        Object known = converted;
        if (known == null) {
            known = CelValues.of(arguments, schema);
            converted = known;
        }
        return known;
    }
}
