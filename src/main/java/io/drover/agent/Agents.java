package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.agent.AgentStoppedException.Reason;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCallException;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.model.Allowance;
import io.drover.model.Answer;
import io.drover.model.BudgetExceededException;
import io.drover.model.Question;
import io.drover.model.Usage;
import io.drover.tool.Json;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import io.drover.tool.TypedFailure;
import io.drover.trace.GenAi;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Runs agents: asks the model, makes the calls it wants, tells it what came of them, until it has an answer. */
@Component
public class Agents {

    /** So often may the same call come to the same result. */
    private static final int REPETITIONS = 3;

    private final ToolCalls calls;
    private final AgentListener listener;
    private final Traces traces;

    Agents(ToolCalls calls, AgentListener listener, Traces traces) {
        this.calls = calls;
        this.listener = listener;
        this.traces = traces;
    }

    /**
     * Runs an agent in the name of a task. In a later attempt it hears from the journal what was answered and done, and
     * goes on from there.
     *
     * @param memory the key of its long memory, or null for none
     * @param input  what the model is asked to work on
     * @throws AgentStoppedException when it may not go on
     * @throws ToolCallException     when the model, or a tool, cannot be called; the task may have been put away for that
     */
    public AgentResult run(TaskContext context, AgentSpec spec, @Nullable String memory, String input)
            throws Exception {
        String workflow = context.attempt().task().workflow();
        try (Traced span = traces.agent(context.trace(), spec.name())) {
            try {
                AgentResult result = converse(context.within(span, spec.content()), spec, memory, input);
                span.says(GenAi.ITERATIONS, (long) result.iterations())
                        .says(GenAi.INPUT_TOKENS, result.usage().in())
                        .says(GenAi.OUTPUT_TOKENS, result.usage().out())
                        .says(GenAi.COST_USD, result.usd().doubleValue());
                listener.answered(workflow, spec.name(), result.iterations(), result.usd());
                return result;
            } catch (Exception e) {
                if (e instanceof AgentStoppedException stopped) {
                    listener.stopped(workflow, spec.name(), stopped.reason());
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

    private AgentResult converse(TaskContext context, AgentSpec spec, @Nullable String memory, String input)
            throws Exception {
        OfferedTools offered = new OfferedTools(context, calls, spec, memory);
        ToolTurn turn = new ToolTurn(context, calls, offered);
        String remembered = memory == null ? null : new Recollection(context, calls, memory).of(input);
        Conversation talk = new Conversation(
                system(spec, remembered), offered.specifications(), spec.temperature(), offered.fingerprint());
        talk.user(input);
        Allowance allowance = new Allowance(spec.maxCostUsd(), spec.maxTokens());
        Map<String, Integer> seen = new HashMap<>();
        int toolCalls = 0;
        boolean corrected = false;
        Usage usage = Usage.NONE;
        BigDecimal usd = BigDecimal.ZERO;
        // Limits are for what is done now: what is recorded is heard to its end, though they are lower by now.
        for (int iteration = 1;
                iteration <= spec.maxIterations() || isAnswered(context, spec, talk, iteration);
                iteration++) {
            Answer answer = ask(context, spec, talk, iteration, allowance);
            talk.model(answer);
            usage = usage.plus(answer.usage());
            usd = usd.add(answer.usd());
            if (answer.calls().isEmpty()) {
                Output output = Output.read(spec, String.valueOf(answer.text()));
                if (output.problem() == null) {
                    return new AgentResult(output.value(), iteration, usage, usd);
                }
                if (corrected) {
                    throw new AgentStoppedException(spec.name(), Reason.OUTPUT_SCHEMA, output.problem());
                }
                corrected = true;
                talk.user("Your answer does not fit the schema: %s. Answer again, with the JSON document only."
                        .formatted(output.problem()));
                continue;
            }
            toolCalls += answer.calls().size();
            if (toolCalls > spec.maxToolCalls() && !turn.isRecorded(answer.calls())) {
                throw new AgentStoppedException(
                        spec.name(), Reason.MAX_TOOL_CALLS, "it wanted more than %d".formatted(spec.maxToolCalls()));
            }
            List<String> results = turn.make(answer.calls());
            for (int i = 0; i < results.size(); i++) {
                Answer.WantedCall call = answer.calls().get(i);
                talk.result(call, results.get(i));
                String repeated = call.tool() + '\0' + call.arguments() + '\0' + results.get(i);
                if (seen.merge(repeated, 1, Integer::sum) >= REPETITIONS) {
                    throw new AgentStoppedException(
                            spec.name(),
                            Reason.NO_PROGRESS,
                            "tool:%s was called %d times with the same arguments and the same result"
                                    .formatted(call.tool(), REPETITIONS));
                }
            }
        }
        throw new AgentStoppedException(
                spec.name(), Reason.MAX_ITERATIONS, "the model was asked %d times".formatted(spec.maxIterations()));
    }

    private Answer ask(TaskContext context, AgentSpec spec, Conversation talk, int iteration, Allowance allowance)
            throws ToolCallException {
        String model = ToolSpec.MODEL + spec.model();
        Question question = new Question(talk.request(), talk.promptTokens(), allowance);
        ToolOutcome outcome =
                calls.call(context, new ToolRequest(model, arguments(spec, talk, iteration), question, null));
        if (outcome instanceof ToolOutcome.Succeeded done) {
            Answer answer = Answer.ofValue(done.value());
            if (done.origin() == ToolOutcome.Origin.JOURNAL) {
                allowance.count(answer.usage(), answer.usd()); // one that is made now has counted itself
            }
            return answer;
        }
        if (outcome instanceof ToolOutcome.Failed failed
                && failed.cause() instanceof BudgetExceededException exceeded) {
            throw new AgentStoppedException(spec.name(), Reason.BUDGET, exceeded.getMessage());
        }
        context.parkFor(model, outcome);
        throw new ToolCallException(model, null, outcome);
    }

    /** By which the journal knows a question to a model. */
    private static JsonNode arguments(AgentSpec spec, Conversation talk, int iteration) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("agent", spec.name());
        arguments.put("conversation", talk.digest());
        arguments.put("iteration", iteration);
        return Json.tree(arguments);
    }

    private boolean isAnswered(TaskContext context, AgentSpec spec, Conversation talk, int iteration) {
        return calls.isRecorded(context, ToolSpec.MODEL + spec.model(), arguments(spec, talk, iteration));
    }

    private static @Nullable String system(AgentSpec spec, @Nullable String remembered) {
        String form = spec.outputSchema() == null
                ? null
                : "When you are done, answer with a JSON document, and nothing else, that fits this JSON Schema: "
                        + spec.outputSchema().schema();
        List<String> parts = Stream.of(spec.system(), remembered, form)
                .filter(Objects::nonNull)
                .toList();
        return parts.isEmpty() ? null : String.join("\n\n", parts);
    }

    /** A final answer, read as the agent declares it. */
    private record Output(@Nullable Object value, @Nullable String problem) {

        static Output read(AgentSpec spec, String text) {
            if (spec.outputSchema() == null) {
                return new Output(text, null);
            }
            try {
                JsonNode document = Json.parse(withoutFence(text.strip()));
                List<String> problems = spec.outputSchema().problems(document);
                return problems.isEmpty()
                        ? new Output(Json.value(document), null)
                        : new Output(null, String.join("; ", problems));
            } catch (JsonProcessingException e) {
                return new Output(null, "it is not JSON: " + Json.reason(e));
            }
        }

        /** Many models put JSON into a Markdown code block. */
        private static String withoutFence(String text) {
            int firstLine = text.indexOf('\n');
            return text.startsWith("```") && text.endsWith("```") && firstLine > 0
                    ? text.substring(firstLine, text.length() - 3)
                    : text;
        }
    }
}
