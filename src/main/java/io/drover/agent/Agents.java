package io.drover.agent;

import io.drover.guard.CaughtFailures;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.journal.AgentDefinitions;
import io.drover.journal.Mode;
import io.drover.start.Listeners;
import io.drover.tool.TypedFailure;
import io.drover.trace.GenAi;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Runs agents: asks the model, makes the calls that it asks for and tells it the results, until it has an answer. */
@Component
public class Agents {

    private final ToolCalls calls;
    private final AgentDefinitions definitions;
    private final CaughtFailures failures;
    private final Listeners<AgentListener> listeners;
    private final Traces traces;

    Agents(
            ToolCalls calls,
            AgentDefinitions definitions,
            CaughtFailures failures,
            List<AgentListener> listeners,
            Traces traces) {
        this.calls = calls;
        this.definitions = definitions;
        this.failures = failures;
        this.listeners = new Listeners<>(listeners);
        this.traces = traces;
    }

    /**
     * Runs an agent for a task.
     * A later attempt replays answers and results from the journal, and continues from there.
     *
     * @param memory the key of its long memory, or null for none
     * @param input  what the model is asked to work on
     * @param branch which part of a split or multicast it works in, or empty
     * @throws AgentStoppedException when it must not continue
     * @throws ToolCallException     when the model, or a tool, cannot be called; the task may have been suspended for
     *                               that
     */
    public AgentResult run(TaskContext context, AgentSpec spec, @Nullable String memory, String input, String branch)
            throws Exception {
        String workflow = context.attempt().task().workflow();
        Mode mode = context.attempt().task().mode();
        try (Traced span = traces.agent(context.trace(), spec.name())) {
            try {
                AgentResult result =
                        converse(context.of(spec.name()).within(span, spec.content()), spec, memory, input, branch);
                span.says(GenAi.ITERATIONS, (long) result.iterations())
                        .says(GenAi.INPUT_TOKENS, result.usage().in())
                        .says(GenAi.OUTPUT_TOKENS, result.usage().out())
                        .says(GenAi.COST_USD, result.usd().doubleValue());
                listeners.each(
                        listener -> listener.answered(workflow, mode, spec.name(), result.iterations(), result.usd()));
                return result;
            } catch (Exception e) {
                if (e instanceof AgentStoppedException stopped) {
                    listeners.each(listener -> listener.stopped(workflow, mode, spec.name(), stopped.reason()));
                }
                span.failed(
                        e instanceof TypedFailure typed
                                ? typed.errorType()
                                : e.getClass().getName(),
                        e.getMessage());
                throw e;
            }
        }
    }

    private AgentResult converse(
            TaskContext context, AgentSpec spec, @Nullable String memory, String input, String branch)
            throws Exception {
        AgentRun run = AgentRun.begin(context, spec, input, branch);
        try {
            AgentStoppedException before = run.stopped();
            if (before != null) {
                throw before;
            }
            Pin pin = new Pin(context, calls, definitions, spec, run, memory);
            return new AgentLoop(context, calls, spec, pin, input, run).run();
        } catch (AgentStoppedException e) {
            failures.put(e, run.failed(e));
            throw e;
        } catch (Exception e) {
            run.giveBack();
            throw e;
        }
    }
}
